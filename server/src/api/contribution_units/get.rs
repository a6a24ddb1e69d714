//! `GET /api/contribution-units/{unit_id}`

use crate::api::{
    answer,
    error::{ApiError, ErrorBody},
    extract::PathUnit,
};
use crate::state::AppState;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::report::{self, UnitReport};

/// Get a unit of contribution
///
/// One merged change with what was read of it, the pieces of knowledge it touches and the credits it earned.
#[utoipa::path(
    get,
    path = "/api/contribution-units/{unit_id}",
    tag = "contributors",
    params(("unit_id" = String, Path, description = "The unit's id", example = "unt_01h455vb4pex5vsknk084sn02q")),
    responses(
        (status = 200, description = "The unit", body = UnitReport),
        (status = 404, description = "No such unit", body = ErrorBody),
    )
)]
pub async fn get_unit(State(state): State<AppState>, PathUnit(id): PathUnit) -> Result<Response, ApiError> {
    answer::json(StatusCode::OK, &report::contribution_unit(&*state.store, id).await?)
}
