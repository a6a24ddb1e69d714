//! `POST /api/governance/vetoes/{veto_id}/undo`

use crate::api::{
    answer,
    error::{ApiError, ErrorBody},
    extract::{JsonBody, PathVeto, Sender},
};
use crate::state::AppState;
use axum::{extract::State, response::Response};
use domain::{
    governance::{NewUndoing, Veto},
    record,
};

/// Undo a veto
///
/// The credits of the change count again, unless a revert ended them. Whoever may roll back may undo it, and whoever cast
/// this one. Both stay on record.
#[utoipa::path(
    post,
    path = "/api/governance/vetoes/{veto_id}/undo",
    tag = "governance",
    security((), ("api_key" = []), ("bearer" = [])),
    params(
        ("veto_id" = String, Path, description = "The veto's id", example = "vto_01h455vb4pex5vsknk084sn02q"),
        ("Idempotency-Key" = Option<String>, Header, description = "Requests with the same key are one request"),
    ),
    request_body = NewUndoing,
    responses(
        (status = 201, description = "The veto, undone", body = Veto),
        (status = 400, description = "Broken JSON", body = ErrorBody),
        (status = 401, description = "An API key is needed", body = ErrorBody),
        (status = 403, description = "The contributor may not undo it", body = ErrorBody),
        (status = 404, description = "No such veto", body = ErrorBody),
        (status = 409, description = "It was undone before, or the Idempotency-Key was used with other content", body = ErrorBody),
        (status = 413, description = "Body too large", body = ErrorBody),
        (status = 415, description = "Not JSON", body = ErrorBody),
        (status = 422, description = "Content that cannot be taken; every wrong field is named", body = ErrorBody),
        (status = 408, description = "It took too long", body = ErrorBody),
        (status = 503, description = "The store does not answer", body = ErrorBody),
    )
)]
pub async fn undo_veto(
    State(state): State<AppState>,
    PathVeto(id): PathVeto,
    sender: Sender,
    JsonBody(content): JsonBody,
) -> Result<Response, ApiError> {
    let context = state.context(sender.actor, sender.idempotency_key);
    answer::made(&record::undo_veto(&*state.store, context, id, &content).await?)
}
