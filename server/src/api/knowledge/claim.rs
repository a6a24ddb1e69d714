//! `GET /api/claims/{slug}`

use crate::api::{
    answer,
    error::{ApiError, ErrorBody},
    extract::PathText,
};
use crate::state::AppState;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{
    error::Error,
    report::{self, ClaimReport},
};

/// Get a claim
///
/// Who played which role in it, where it was taken from, what it names and what names it. Folders may share a name: then
/// all claims of that name are answered.
#[utoipa::path(
    get,
    path = "/api/claims/{slug}",
    tag = "knowledge",
    params(("slug" = String, Path, description = "The file's name without .md, in lower case", example = "tides follow the moon")),
    responses(
        (status = 200, description = "The claims of that slug", body = ClaimReport),
        (status = 404, description = "No such claim", body = ErrorBody),
    )
)]
pub async fn get_claim(
    State(state): State<AppState>,
    PathText(slug): PathText,
) -> Result<Response, ApiError> {
    let slug = slug.ok_or(Error::ClaimNotFound)?;
    answer::json(StatusCode::OK, &report::claim(&*state.store, &slug).await?)
}
