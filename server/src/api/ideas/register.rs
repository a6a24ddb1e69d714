//! `POST /api/ideas`

use crate::api::{
    answer, conditional,
    error::{ApiError, ErrorBody},
    extract::{JsonBody, Sender},
};
use crate::state::AppState;
use axum::{extract::State, response::Response};
use domain::{
    idea::{Idea, NewIdea},
    record,
};

/// Register an idea
///
/// An idea that links or specs name already is filled by this.
#[utoipa::path(
    post,
    path = "/api/ideas",
    tag = "ideas",
    security((), ("api_key" = []), ("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Requests with the same key are one request")),
    request_body = NewIdea,
    responses(
        (
            status = 201,
            description = "The idea as registered; GET adds what is derived",
            body = Idea,
            headers(("ETag" = String, description = "Send it as If-Match to edit this version"))
        ),
        (status = 400, description = "Broken JSON", body = ErrorBody),
        (status = 401, description = "An API key is needed", body = ErrorBody),
        (status = 409, description = "The idea is registered already, or the Idempotency-Key was used with other content", body = ErrorBody),
        (status = 413, description = "Body too large", body = ErrorBody),
        (status = 415, description = "Not JSON", body = ErrorBody),
        (status = 422, description = "Content that cannot be taken; every wrong field is named", body = ErrorBody),
        (status = 408, description = "It took too long", body = ErrorBody),
        (status = 503, description = "The store does not answer", body = ErrorBody),
    )
)]
pub async fn register_idea(
    State(state): State<AppState>,
    sender: Sender,
    JsonBody(content): JsonBody,
) -> Result<Response, ApiError> {
    let context = state.context(sender.actor, sender.idempotency_key);
    let written = record::register_idea(&*state.store, context, &content).await?;
    Ok(conditional::tagged(answer::made(&written)?, written.made.version))
}
