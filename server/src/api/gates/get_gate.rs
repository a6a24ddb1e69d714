//! `GET /api/gates/{name}`

use crate::{
    api::{
        answer,
        error::{ApiError, ErrorBody},
        extract::QueryParameters,
    },
    gate,
    state::AppState,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use chrono::TimeDelta;
use domain::{error::Error, gate::GateReport, ledger::Actor, page::Parameters};

/// Whether a deployment may be trusted
///
/// Runs the gate, or answers with the report of a run that is not older than `max_age`, so that a crowd that asks
/// cannot make it work. 200 whatever the verdict: read `verdict`, or `result`.
#[utoipa::path(
    get,
    path = "/api/gates/{name}",
    tag = "gates",
    params(
        ("name" = String, Path, description = "The gate's name", example = "public-deploy-contract"),
        ("max_age" = Option<u32>, Query, description = "Seconds that a report may be old, at least what the operator \
            allows (60 unless changed)"),
    ),
    responses(
        (status = 200, description = "The report", body = GateReport),
        (status = 404, description = "No such gate", body = ErrorBody),
        (status = 422, description = "A parameter that cannot be taken", body = ErrorBody),
        (status = 408, description = "It took too long; it goes on, and is answered to whoever asks next", body = ErrorBody),
        (status = 503, description = "The store does not answer", body = ErrorBody),
    )
)]
pub async fn get_gate(
    State(state): State<AppState>,
    Path(name): Path<String>,
    QueryParameters(parameters): QueryParameters,
) -> Result<Response, ApiError> {
    if state.gates.contract(&name)?.is_of_commit() {
        let message = "this gate is about a commit; name it as sha=…";
        return Err(Error::field("sha", message).into());
    }
    let least = state.gates.settings.max_age_seconds;
    let seconds = Parameters(&parameters).max_age()?.unwrap_or(least).max(least);
    let report = gate::fresh(&state, &name, TimeDelta::seconds(seconds.into()), Actor::anonymous()).await?;
    answer::json(StatusCode::OK, &report)
}
