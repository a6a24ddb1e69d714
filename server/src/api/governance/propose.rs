//! `POST /api/governance/change-requests`

use crate::api::{
    answer,
    error::{ApiError, ErrorBody},
    extract::{JsonBody, Sender},
};
use crate::state::AppState;
use axum::{extract::State, response::Response};
use domain::{
    change_request::{ChangeRequest, NewChangeRequest},
    record,
};

/// Propose a change
///
/// Names a contributor for a stage of a link, or changes fields of a spec or an idea. Others vote; at the required
/// number of approvals it is applied and says what it did. Its content is checked now as the edit itself would be.
#[utoipa::path(
    post,
    path = "/api/governance/change-requests",
    tag = "governance",
    security((), ("api_key" = []), ("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Requests with the same key are one request")),
    request_body = NewChangeRequest,
    responses(
        (status = 201, description = "The change request, open for votes", body = ChangeRequest),
        (status = 400, description = "Broken JSON", body = ErrorBody),
        (status = 401, description = "An API key is needed", body = ErrorBody),
        (status = 409, description = "The Idempotency-Key was used with other content", body = ErrorBody),
        (status = 413, description = "Body too large", body = ErrorBody),
        (status = 415, description = "Not JSON", body = ErrorBody),
        (status = 422, description = "Content that cannot be taken; every wrong field is named", body = ErrorBody),
        (status = 408, description = "It took too long", body = ErrorBody),
        (status = 503, description = "The store does not answer", body = ErrorBody),
    )
)]
pub async fn propose_change(
    State(state): State<AppState>,
    sender: Sender,
    JsonBody(content): JsonBody,
) -> Result<Response, ApiError> {
    let context = state.context(sender.actor, sender.idempotency_key);
    answer::made(&record::propose_change(&*state.store, context, &content).await?)
}
