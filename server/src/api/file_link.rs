//! `POST /api/value-lineage/links`

use super::{
    answer,
    error::{ApiError, ErrorBody},
    extract::{FiledBy, JsonBody, Sender},
};
use crate::state::AppState;
use axum::{extract::State, response::Response};
use domain::{
    link::{LineageLink, NewLink},
    origin::Origin,
    record::{self, Context},
};

/// File a lineage link
///
/// Binds an idea, a spec and implementation refs to those who did the work. Nothing is stored unless all of it
/// can be taken.
#[utoipa::path(
    post,
    path = "/api/value-lineage/links",
    tag = "value lineage",
    security((), ("api_key" = []), ("bearer" = [])),
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "Requests with the same key are one request"),
        ("Tributary-Origin" = Option<Origin>, Header, description = "`gate` marks what a gate files to try a \
            deployment: left out of every total, list and chart, and removed after a while"),
    ),
    request_body = NewLink,
    responses(
        (status = 201, description = "The link as kept", body = LineageLink),
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
pub async fn file_link(
    State(state): State<AppState>,
    sender: Sender,
    FiledBy(origin): FiledBy,
    JsonBody(content): JsonBody,
) -> Result<Response, ApiError> {
    let context = Context { origin, ..state.context(sender.actor, sender.idempotency_key) };
    answer::made(&record::file_link(&*state.store, context, &content).await?)
}
