//! `GET /api/governance/flags/{flag_id}`

use crate::api::{
    answer,
    error::{ApiError, ErrorBody},
    extract::PathFlag,
};
use crate::state::AppState;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{governance::FlagRecord, report};

/// Fetch a flag
///
/// With what the standing flags of its subject weigh together.
#[utoipa::path(
    get,
    path = "/api/governance/flags/{flag_id}",
    tag = "governance",
    params(("flag_id" = String, Path, description = "The flag's id", example = "flg_01h455vb4pex5vsknk084sn02q")),
    responses(
        (status = 200, description = "The flag", body = FlagRecord),
        (status = 404, description = "No such flag", body = ErrorBody),
    )
)]
pub async fn get_flag(State(state): State<AppState>, PathFlag(id): PathFlag) -> Result<Response, ApiError> {
    answer::json(StatusCode::OK, &report::flag(&*state.store, id).await?)
}
