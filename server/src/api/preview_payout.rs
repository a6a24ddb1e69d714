//! `POST /api/value-lineage/links/{lineage_id}/payout-preview`

use super::{
    answer,
    error::{ApiError, ErrorBody},
    extract::{JsonBody, PathLink, Sender},
};
use crate::state::AppState;
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};
use domain::{
    payout::{PayoutBody, PayoutPreview},
    record,
};

/// Preview a payout: who would get what of a pool, and why
///
/// Nothing is paid and nothing is stored, but for an answer kept under an Idempotency-Key.
///
/// `energy-balanced-v1` and `energy-linear-v1` share by energy, stage by stage. `contribution-index-v1` shares by the
/// Contribution Index that was earned in the changes and claims which the link's implementation refs name, role by role;
/// with `pay_principals` what agents earned goes to those they worked for then. `cost-coherence-v1` weighs each
/// investment and each change that the link names by its cost times (0.5 + coherence). These two say in `drawn_on` what
/// each ref leads to, and where nobody is paid, why. `role` is the name of a stage or of a role.
#[utoipa::path(
    post,
    path = "/api/value-lineage/links/{lineage_id}/payout-preview",
    tag = "value lineage",
    security((), ("api_key" = []), ("bearer" = [])),
    params(
        ("lineage_id" = String, Path, description = "The link's id", example = "lnk_01h455vb4pex5vsknk084sn02q"),
        ("Idempotency-Key" = Option<String>, Header, description = "Requests with the same key get the same answer"),
    ),
    request_body = PayoutBody,
    responses(
        (status = 200, description = "The preview", body = PayoutPreview),
        (status = 400, description = "Broken JSON", body = ErrorBody),
        (status = 401, description = "An API key is needed", body = ErrorBody),
        (status = 404, description = "No such link", body = ErrorBody),
        (status = 409, description = "The Idempotency-Key was used with other content", body = ErrorBody),
        (status = 413, description = "Body too large", body = ErrorBody),
        (status = 415, description = "Not JSON", body = ErrorBody),
        (status = 422, description = "Content that cannot be taken; every wrong field is named", body = ErrorBody),
        (status = 408, description = "It took too long", body = ErrorBody),
        (status = 503, description = "The store does not answer", body = ErrorBody),
    )
)]
pub async fn preview_payout(
    State(state): State<AppState>,
    PathLink(id): PathLink,
    sender: Sender,
    JsonBody(content): JsonBody,
) -> Result<Response, ApiError> {
    let context = state.context(sender.actor, sender.idempotency_key);
    let written = record::preview_payout(&*state.store, context, id, &content).await?;
    let mut response = ([(header::CONTENT_TYPE, "application/json")], written.made).into_response();
    answer::mark_replay(&mut response, written.replayed);
    Ok(response)
}
