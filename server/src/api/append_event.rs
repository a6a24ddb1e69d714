//! `POST /api/value-lineage/links/{lineage_id}/usage-events`

use super::{
    answer,
    error::{ApiError, ErrorBody},
    extract::{JsonBody, PathLink, Sender},
};
use crate::state::AppState;
use axum::{extract::State, response::Response};
use domain::{
    event::{NewEvent, UsageEvent},
    record,
};

/// Append a usage event
///
/// Answered once it is durable. An event sent again with its `external_id` and the same content answers the
/// first one, marked by the header `Idempotency-Replayed`.
#[utoipa::path(
    post,
    path = "/api/value-lineage/links/{lineage_id}/usage-events",
    tag = "value lineage",
    security((), ("api_key" = []), ("bearer" = [])),
    params(
        ("lineage_id" = String, Path, description = "The link's id", example = "lnk_01h455vb4pex5vsknk084sn02q"),
        ("Idempotency-Key" = Option<String>, Header, description = "Requests with the same key are one request"),
    ),
    request_body = NewEvent,
    responses(
        (status = 201, description = "The event as kept", body = UsageEvent),
        (status = 400, description = "Broken JSON", body = ErrorBody),
        (status = 401, description = "An API key is needed", body = ErrorBody),
        (status = 404, description = "No such link", body = ErrorBody),
        (status = 409, description = "The external_id or Idempotency-Key was used with other content", body = ErrorBody),
        (status = 413, description = "Body too large", body = ErrorBody),
        (status = 415, description = "Not JSON", body = ErrorBody),
        (status = 422, description = "Content that cannot be taken; every wrong field is named", body = ErrorBody),
        (status = 408, description = "It took too long", body = ErrorBody),
        (status = 503, description = "The store does not answer", body = ErrorBody),
    )
)]
pub async fn append_event(
    State(state): State<AppState>,
    PathLink(id): PathLink,
    sender: Sender,
    JsonBody(content): JsonBody,
) -> Result<Response, ApiError> {
    let context = state.context(sender.actor, sender.idempotency_key);
    answer::made(&record::append_event(&*state.store, context, id, &content).await?)
}
