//! `POST /api/spec-registry`

use crate::api::{
    answer, conditional,
    error::{ApiError, ErrorBody},
    extract::{JsonBody, Sender},
};
use crate::state::AppState;
use axum::{extract::State, response::Response};
use domain::{
    record,
    registry::InventorySource,
    spec::{NewSpec, Spec},
};

/// Register a spec
///
/// A spec that links name already is filled by this: its links, value and cost stay. What is derived is never sent.
#[utoipa::path(
    post,
    path = "/api/spec-registry",
    tag = "spec registry",
    security((), ("api_key" = []), ("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Requests with the same key are one request")),
    request_body = NewSpec,
    responses(
        (
            status = 201,
            description = "The spec as registered; GET adds what is derived",
            body = Spec,
            headers(("ETag" = String, description = "Send it as If-Match to edit this version"))
        ),
        (status = 400, description = "Broken JSON", body = ErrorBody),
        (status = 401, description = "An API key is needed", body = ErrorBody),
        (status = 409, description = "The spec is registered already, or the Idempotency-Key was used with other content", body = ErrorBody),
        (status = 413, description = "Body too large", body = ErrorBody),
        (status = 415, description = "Not JSON", body = ErrorBody),
        (status = 422, description = "Content that cannot be taken; every wrong field is named", body = ErrorBody),
        (status = 408, description = "It took too long", body = ErrorBody),
        (status = 503, description = "The store does not answer", body = ErrorBody),
    )
)]
pub async fn register_spec(
    State(state): State<AppState>,
    sender: Sender,
    JsonBody(content): JsonBody,
) -> Result<Response, ApiError> {
    let context = state.context(sender.actor, sender.idempotency_key);
    let written = record::register_spec(&*state.store, context, &content, InventorySource::Local).await?;
    Ok(conditional::tagged(answer::made(&written)?, written.made.version))
}
