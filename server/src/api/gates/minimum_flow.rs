//! `POST /api/value-lineage/minimum-e2e-flow`

use crate::{
    api::{
        answer,
        error::{ApiError, ErrorBody},
        extract::Sender,
    },
    gate,
    state::AppState,
};
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};
use domain::gate::{Invariant, Verdict, transaction::FlowParts};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// The parts of a live transaction.
#[derive(Serialize, ToSchema)]
pub struct MinimumFlow {
    /// Whether every promise held.
    ok: bool,
    /// The link that was filed; null where none could be.
    lineage_id: Option<String>,
    /// The first of its events.
    usage_event_id: Option<String>,
    /// Its valuation, as answered.
    #[schema(value_type = domain::valuation::Valuation)]
    valuation: Option<Box<RawValue>>,
    /// The preview of a payout, as answered.
    #[schema(value_type = domain::payout::PayoutPreview)]
    payout_preview: Option<Box<RawValue>>,
    /// What was looked at.
    checks: Vec<FlowCheck>,
}

impl MinimumFlow {
    fn of(parts: FlowParts, invariants: Vec<Invariant>) -> Self {
        let raw = |text: Option<String>| text.and_then(|text| RawValue::from_string(text).ok());
        Self {
            ok: invariants.iter().all(|invariant| invariant.verdict == Verdict::Pass),
            lineage_id: parts.lineage_id,
            usage_event_id: parts.usage_event_id,
            valuation: raw(parts.valuation),
            payout_preview: raw(parts.payout_preview),
            checks: invariants
                .into_iter()
                .map(|invariant| FlowCheck { ok: invariant.verdict.passes(), invariant })
                .collect(),
        }
    }
}

/// A promise that was looked at.
#[derive(Serialize, ToSchema)]
pub struct FlowCheck {
    /// Whether it held.
    ok: bool,
    /// The rest of it.
    #[serde(flatten)]
    invariant: Invariant,
}

/// Run the live transaction once
///
/// Files a link, appends two events, values it and previews a payout, as the public deploy contract does; what it
/// files is marked as a gate's own, left out of every total, and removed after a while.
#[utoipa::path(
    post,
    path = "/api/value-lineage/minimum-e2e-flow",
    tag = "value lineage",
    security((), ("api_key" = []), ("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Requests with the same key get the same answer")),
    responses(
        (status = 200, description = "Its parts, whatever came of it", body = MinimumFlow),
        (status = 401, description = "An API key is needed", body = ErrorBody),
        (status = 409, description = "The Idempotency-Key was used with other content", body = ErrorBody),
        (status = 422, description = "An Idempotency-Key that cannot be taken", body = ErrorBody),
        (status = 408, description = "It took too long; it goes on, and its key gets the answer", body = ErrorBody),
        (status = 503, description = "The store does not answer", body = ErrorBody),
    )
)]
pub async fn minimum_flow(State(state): State<AppState>, sender: Sender) -> Result<Response, ApiError> {
    let context = state.context(sender.actor, sender.idempotency_key);
    let written = gate::minimum_flow(&state, context, MinimumFlow::of).await?;
    let mut response = ([(header::CONTENT_TYPE, "application/json")], written.made).into_response();
    answer::mark_replay(&mut response, written.replayed);
    Ok(response)
}
