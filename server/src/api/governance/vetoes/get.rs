//! `GET /api/governance/vetoes/{veto_id}`

use crate::api::{
    answer,
    error::{ApiError, ErrorBody},
    extract::PathVeto,
};
use crate::state::AppState;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::report::{self, VetoReport};

/// Fetch a veto
///
/// With the change that it rolled back, the change that reverts it where history has one, the credits that it ended and
/// what those are less of the index.
#[utoipa::path(
    get,
    path = "/api/governance/vetoes/{veto_id}",
    tag = "governance",
    params(("veto_id" = String, Path, description = "The veto's id", example = "vto_01h455vb4pex5vsknk084sn02q")),
    responses(
        (status = 200, description = "The veto with what it rolled back", body = VetoReport),
        (status = 404, description = "No such veto", body = ErrorBody),
    )
)]
pub async fn get_veto(State(state): State<AppState>, PathVeto(id): PathVeto) -> Result<Response, ApiError> {
    answer::json(StatusCode::OK, &report::veto(&*state.store, id).await?)
}
