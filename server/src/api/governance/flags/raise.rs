//! `POST /api/governance/flags`

use crate::api::{
    answer,
    error::{ApiError, ErrorBody},
    extract::{JsonBody, Sender},
};
use crate::state::AppState;
use axum::{extract::State, response::Response};
use domain::{
    governance::{Flag, NewFlag},
    record,
};

/// Flag something that looks wrong
///
/// On a merged change, a claim, a link or a run of a gate. Nothing is stopped by it: a flag weighs what its contributor
/// has earned, their share of governance CI at that moment, and what is flagged most heavily is looked at first.
#[utoipa::path(
    post,
    path = "/api/governance/flags",
    tag = "governance",
    security((), ("api_key" = []), ("bearer" = [])),
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "Requests with the same key are one request"),
    ),
    request_body = NewFlag,
    responses(
        (status = 201, description = "The flag with its weight", body = Flag),
        (status = 400, description = "Broken JSON", body = ErrorBody),
        (status = 401, description = "An API key is needed", body = ErrorBody),
        (status = 409, description = "The contributor's earlier flag of it stands, or the Idempotency-Key was used with other content", body = ErrorBody),
        (status = 413, description = "Body too large", body = ErrorBody),
        (status = 415, description = "Not JSON", body = ErrorBody),
        (status = 422, description = "Content that cannot be taken; every wrong field is named", body = ErrorBody),
        (status = 408, description = "It took too long", body = ErrorBody),
        (status = 503, description = "The store does not answer", body = ErrorBody),
    )
)]
pub async fn raise_flag(
    State(state): State<AppState>,
    sender: Sender,
    JsonBody(content): JsonBody,
) -> Result<Response, ApiError> {
    let context = state.context(sender.actor, sender.idempotency_key);
    answer::made(&record::raise_flag(&*state.store, context, &content).await?)
}
