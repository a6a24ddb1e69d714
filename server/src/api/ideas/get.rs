//! `GET /api/ideas/{idea_id}`

use super::answers::IdeaDetail;
use crate::api::{
    conditional,
    error::{ApiError, ErrorBody},
    extract::PathIdea,
};
use crate::state::AppState;
use axum::{extract::State, http::HeaderMap, response::Response};
use domain::report;

/// Fetch an idea
///
/// With its specs, its links and what they add up to. An idea that others name and nobody registered is there as a
/// stub.
#[utoipa::path(
    get,
    path = "/api/ideas/{idea_id}",
    tag = "ideas",
    params(
        ("idea_id" = String, Path, description = "The idea's id, percent-encoded", example = "oss-interface-alignment"),
        ("If-None-Match" = Option<String>, Header, description = "An ETag: 304 where nothing changed since"),
    ),
    responses(
        (
            status = 200,
            description = "The idea",
            body = IdeaDetail,
            headers(("ETag" = String, description = "Send it as If-Match to edit this version"))
        ),
        (status = 304, description = "It is as it was when that ETag was given"),
        (status = 404, description = "No such idea", body = ErrorBody),
    )
)]
pub async fn get_idea(
    State(state): State<AppState>,
    PathIdea(id): PathIdea,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let report = report::idea(&*state.store, &id).await?;
    let detail = IdeaDetail::from(report);
    conditional::json(&headers, detail.version(), &detail)
}
