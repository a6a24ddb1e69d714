//! `POST /api/claims/{slug}/usage-events`

use crate::api::{
    answer,
    error::{ApiError, ErrorBody},
    extract::{JsonBody, PathClaim, Sender},
};
use crate::state::AppState;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{
    governance::{ClaimUse, NewClaimUse},
    record,
};

/// Tell of a use of a claim
///
/// Each session counts once a day, by each metric. Events on links that name the claim (`claim:slug` among their refs)
/// tell of uses too, where their metric is one of the policy's: there the event's source is the session.
#[utoipa::path(
    post,
    path = "/api/claims/{slug}/usage-events",
    tag = "knowledge",
    security((), ("api_key" = []), ("bearer" = [])),
    params(
        ("slug" = String, Path, description = "The claim's slug", example = "some-claim"),
        ("Idempotency-Key" = Option<String>, Header, description = "Requests with the same key are one request"),
    ),
    request_body = NewClaimUse,
    responses(
        (status = 200, description = "The session used the claim that day already: nothing was counted", body = ClaimUse),
        (status = 201, description = "The use, counted", body = ClaimUse),
        (status = 400, description = "Broken JSON", body = ErrorBody),
        (status = 401, description = "An API key is needed", body = ErrorBody),
        (status = 404, description = "No such claim", body = ErrorBody),
        (
            status = 409,
            description = "The external_id or the Idempotency-Key was used with other content",
            body = ErrorBody
        ),
        (status = 413, description = "Body too large", body = ErrorBody),
        (status = 415, description = "Not JSON", body = ErrorBody),
        (status = 422, description = "Content that cannot be taken; every wrong field is named", body = ErrorBody),
        (status = 408, description = "It took too long", body = ErrorBody),
        (status = 503, description = "The store does not answer", body = ErrorBody),
    )
)]
pub async fn use_claim(
    State(state): State<AppState>,
    PathClaim(slug): PathClaim,
    sender: Sender,
    JsonBody(content): JsonBody,
) -> Result<Response, ApiError> {
    let context = state.context(sender.actor, sender.idempotency_key);
    let written = record::use_claim(&*state.store, context, &slug, &content).await?;
    let status = if written.made.counted { StatusCode::CREATED } else { StatusCode::OK };
    let mut response = answer::json(status, &written.made)?;
    answer::mark_replay(&mut response, written.replayed);
    Ok(response)
}
