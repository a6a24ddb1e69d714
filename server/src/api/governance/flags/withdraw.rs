//! `POST /api/governance/flags/{flag_id}/withdraw`

use crate::api::{
    answer,
    error::{ApiError, ErrorBody},
    extract::{JsonBody, PathFlag, Sender},
};
use crate::state::AppState;
use axum::{extract::State, response::Response};
use domain::{
    governance::{Flag, NewWithdrawal},
    record,
};

/// Withdraw a flag
///
/// Whoever raised it may, and the one for whom they work. It weighs nothing from then on, and is kept.
#[utoipa::path(
    post,
    path = "/api/governance/flags/{flag_id}/withdraw",
    tag = "governance",
    security((), ("api_key" = []), ("bearer" = [])),
    params(
        ("flag_id" = String, Path, description = "The flag's id", example = "flg_01h455vb4pex5vsknk084sn02q"),
        ("Idempotency-Key" = Option<String>, Header, description = "Requests with the same key are one request"),
    ),
    request_body = NewWithdrawal,
    responses(
        (status = 201, description = "The flag, withdrawn", body = Flag),
        (status = 400, description = "Broken JSON", body = ErrorBody),
        (status = 401, description = "An API key is needed", body = ErrorBody),
        (status = 403, description = "Somebody else raised it", body = ErrorBody),
        (status = 404, description = "No such flag", body = ErrorBody),
        (status = 409, description = "It was withdrawn before, or the Idempotency-Key was used with other content", body = ErrorBody),
        (status = 413, description = "Body too large", body = ErrorBody),
        (status = 415, description = "Not JSON", body = ErrorBody),
        (status = 422, description = "Content that cannot be taken; every wrong field is named", body = ErrorBody),
        (status = 408, description = "It took too long", body = ErrorBody),
        (status = 503, description = "The store does not answer", body = ErrorBody),
    )
)]
pub async fn withdraw_flag(
    State(state): State<AppState>,
    PathFlag(id): PathFlag,
    sender: Sender,
    JsonBody(content): JsonBody,
) -> Result<Response, ApiError> {
    let context = state.context(sender.actor, sender.idempotency_key);
    answer::made(&record::withdraw_flag(&*state.store, context, id, &content).await?)
}
