//! `GET /api/governance/change-requests/{request_id}`

use crate::api::{
    answer,
    error::{ApiError, ErrorBody},
    extract::PathChangeRequest,
};
use crate::state::AppState;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{change_request::ChangeRequest, report};

/// Fetch a change request
///
/// With its votes, and what applying it did.
#[utoipa::path(
    get,
    path = "/api/governance/change-requests/{request_id}",
    tag = "governance",
    params(("request_id" = String, Path, description = "The request's id", example = "chg_01h455vb4pex5vsknk084sn02q")),
    responses(
        (status = 200, description = "The change request", body = ChangeRequest),
        (status = 404, description = "No such change request", body = ErrorBody),
    )
)]
pub async fn get_change_request(
    State(state): State<AppState>,
    PathChangeRequest(id): PathChangeRequest,
) -> Result<Response, ApiError> {
    answer::json(StatusCode::OK, &report::change_request(&*state.store, id).await?)
}
