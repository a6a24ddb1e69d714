//! `POST /api/governance/change-requests/{request_id}/votes`

use crate::api::{
    answer,
    error::{ApiError, ErrorBody},
    extract::{JsonBody, PathChangeRequest, Sender},
};
use crate::state::AppState;
use axum::{extract::State, response::Response};
use domain::{
    change_request::{ChangeRequest, NewVote},
    record,
};

/// Vote on a change request
///
/// Whoever proposed it may not, and nobody votes twice: by name, and by API key on a server that has keys. The vote
/// that reaches the required number applies the change, or declines it for good.
#[utoipa::path(
    post,
    path = "/api/governance/change-requests/{request_id}/votes",
    tag = "governance",
    security((), ("api_key" = []), ("bearer" = [])),
    params(
        ("request_id" = String, Path, description = "The request's id", example = "chg_01h455vb4pex5vsknk084sn02q"),
        ("Idempotency-Key" = Option<String>, Header, description = "Requests with the same key are one request"),
    ),
    request_body = NewVote,
    responses(
        (status = 201, description = "The change request with the vote, and what came of it", body = ChangeRequest),
        (status = 400, description = "Broken JSON", body = ErrorBody),
        (status = 401, description = "An API key is needed", body = ErrorBody),
        (status = 403, description = "Whoever proposed it may not vote on it", body = ErrorBody),
        (status = 404, description = "No such change request", body = ErrorBody),
        (
            status = 409,
            description = "It is decided, the voter has voted, or the Idempotency-Key was used with other content",
            body = ErrorBody
        ),
        (status = 413, description = "Body too large", body = ErrorBody),
        (status = 415, description = "Not JSON", body = ErrorBody),
        (status = 422, description = "Content that cannot be taken; every wrong field is named", body = ErrorBody),
        (status = 408, description = "It took too long", body = ErrorBody),
        (status = 503, description = "The store does not answer", body = ErrorBody),
    )
)]
pub async fn cast_vote(
    State(state): State<AppState>,
    PathChangeRequest(id): PathChangeRequest,
    sender: Sender,
    JsonBody(content): JsonBody,
) -> Result<Response, ApiError> {
    let context = state.context(sender.actor, sender.idempotency_key);
    answer::made(&record::cast_vote(&*state.store, context, id, &content).await?)
}
