//! `PATCH /api/ideas/{idea_id}`

use crate::api::{
    answer, conditional,
    error::{ApiError, ErrorBody},
    extract::{JsonBody, PathIdea, Sender},
};
use crate::state::AppState;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use domain::{
    idea::{Idea, IdeaContent},
    record,
};

/// Edit an idea
///
/// A JSON merge patch (RFC 7396): fields that are not named stay, null empties a field that may be empty. `If-Match`
/// with the ETag that was read keeps two editors from overwriting each other.
#[utoipa::path(
    patch,
    path = "/api/ideas/{idea_id}",
    tag = "ideas",
    security((), ("api_key" = []), ("bearer" = [])),
    params(
        ("idea_id" = String, Path, description = "The idea's id", example = "oss-interface-alignment"),
        ("If-Match" = String, Header, description = "The ETag of the answer that was read, or * for whichever version there is"),
    ),
    request_body(content = IdeaContent, description = "Any of its fields", content_type = "application/merge-patch+json"),
    responses(
        (
            status = 200,
            description = "The idea as kept; GET adds what is derived",
            body = Idea,
            headers(("ETag" = String, description = "Of the new version"))
        ),
        (status = 400, description = "Broken JSON", body = ErrorBody),
        (status = 401, description = "An API key is needed", body = ErrorBody),
        (status = 404, description = "No such idea", body = ErrorBody),
        (status = 409, description = "It is named by others but not registered; POST /api/ideas registers it", body = ErrorBody),
        (status = 412, description = "Somebody changed it meanwhile; read it again", body = ErrorBody),
        (status = 428, description = "If-Match is missing", body = ErrorBody),
        (status = 413, description = "Body too large", body = ErrorBody),
        (status = 415, description = "Not JSON", body = ErrorBody),
        (status = 422, description = "Content that cannot be taken; every wrong field is named", body = ErrorBody),
        (status = 408, description = "It took too long", body = ErrorBody),
        (status = 503, description = "The store does not answer", body = ErrorBody),
    )
)]
pub async fn edit_idea(
    State(state): State<AppState>,
    PathIdea(id): PathIdea,
    headers: HeaderMap,
    sender: Sender,
    JsonBody(content): JsonBody,
) -> Result<Response, ApiError> {
    let context = state.context(sender.actor, None);
    let if_match = conditional::if_match(&headers);
    let idea = record::edit_idea(&*state.store, context, &id, if_match, &content).await?;
    Ok(conditional::tagged(answer::json(StatusCode::OK, &idea)?, idea.version))
}
