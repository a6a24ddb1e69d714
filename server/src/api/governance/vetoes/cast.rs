//! `POST /api/governance/vetoes`

use crate::api::{
    answer,
    error::{ApiError, ErrorBody},
    extract::{JsonBody, Sender},
};
use crate::state::AppState;
use axum::{extract::State, response::Response};
use domain::{
    governance::{NewVeto, Veto},
    record,
};

/// Roll a merged change back
///
/// Nothing is blocked: the change stays in history, and from now on its credits count nothing; scores and previews
/// follow. Any person with governance CI above 0 may, with the share that the policy asks for.
#[utoipa::path(
    post,
    path = "/api/governance/vetoes",
    tag = "governance",
    security((), ("api_key" = []), ("bearer" = [])),
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "Requests with the same key are one request"),
    ),
    request_body = NewVeto,
    responses(
        (status = 201, description = "The veto", body = Veto),
        (status = 400, description = "Broken JSON", body = ErrorBody),
        (status = 401, description = "An API key is needed", body = ErrorBody),
        (status = 403, description = "The contributor may not roll changes back", body = ErrorBody),
        (status = 409, description = "It is rolled back already, or the Idempotency-Key was used with other content", body = ErrorBody),
        (status = 413, description = "Body too large", body = ErrorBody),
        (status = 415, description = "Not JSON", body = ErrorBody),
        (status = 422, description = "Content that cannot be taken; every wrong field is named", body = ErrorBody),
        (status = 408, description = "It took too long", body = ErrorBody),
        (status = 503, description = "The store does not answer", body = ErrorBody),
    )
)]
pub async fn cast_veto(
    State(state): State<AppState>,
    sender: Sender,
    JsonBody(content): JsonBody,
) -> Result<Response, ApiError> {
    let context = state.context(sender.actor, sender.idempotency_key);
    answer::made(&record::cast_veto(&*state.store, context, &content).await?)
}
