//! `GET /api/gates/main-head`

use crate::{
    api::{
        answer,
        error::{ApiError, ErrorBody},
    },
    gate,
    state::AppState,
};
use axum::{extract::State, http::StatusCode, response::Response};
use domain::gate::merged::BranchHead;

/// The head of the branch of the configured repository
#[utoipa::path(
    get,
    path = "/api/gates/main-head",
    tag = "gates",
    responses(
        (status = 200, description = "The head", body = BranchHead),
        (status = 404, description = "No repository is configured", body = ErrorBody),
        (status = 503, description = "The repository cannot be read", body = ErrorBody),
    )
)]
pub async fn main_head(State(state): State<AppState>) -> Result<Response, ApiError> {
    answer::json(StatusCode::OK, &gate::main_head(&state).await?)
}
