//! `POST /api/governance/autonomy`

use crate::api::{
    answer,
    error::{ApiError, ErrorBody},
    extract::{JsonBody, Sender},
};
use crate::state::AppState;
use axum::{extract::State, response::Response};
use domain::{
    governance::{AutonomyDecision, NewDecision},
    record,
};

/// Decide about an agent's autonomy
///
/// A person decides, whatever is proposed; the decision is dated and kept with the agent's record at that moment. Nothing
/// changes by itself.
#[utoipa::path(
    post,
    path = "/api/governance/autonomy",
    tag = "governance",
    security((), ("api_key" = []), ("bearer" = [])),
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "Requests with the same key are one request"),
    ),
    request_body = NewDecision,
    responses(
        (status = 201, description = "The decision", body = AutonomyDecision),
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
pub async fn decide_autonomy(
    State(state): State<AppState>,
    sender: Sender,
    JsonBody(content): JsonBody,
) -> Result<Response, ApiError> {
    let context = state.context(sender.actor, sender.idempotency_key);
    answer::made(&record::decide_autonomy(&*state.store, context, &content).await?)
}
