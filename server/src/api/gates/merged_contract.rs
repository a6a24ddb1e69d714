//! `GET /api/gates/merged-contract`

use crate::{
    api::{
        answer,
        error::{ApiError, ErrorBody},
        extract::QueryParameters,
    },
    gate,
    state::AppState,
};
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{error::Error, gate::GateReport, id::RunId, ledger::Actor, page::Parameters};

/// Whether a merged commit is accounted for
///
/// On the branch, named by a lineage link whose spec is registered, with contributors named; approvals and check runs
/// where a forge is configured, which is asked once a minute about a commit. Every report is kept; one that finds what the
/// last one did is that one again, and of those about commits that the repository does not hold the newest hundred stay.
#[utoipa::path(
    get,
    path = "/api/gates/merged-contract",
    tag = "gates",
    params(("sha" = String, Query, description = "The commit, by 7 to 40 digits", example = "a6b1932")),
    responses(
        (status = 200, description = "The report", body = GateReport),
        (status = 404, description = "No repository is configured", body = ErrorBody),
        (status = 422, description = "A parameter that cannot be taken", body = ErrorBody),
        (status = 408, description = "It took too long", body = ErrorBody),
        (status = 503, description = "The store does not answer", body = ErrorBody),
    )
)]
pub async fn merged_contract(
    State(state): State<AppState>,
    QueryParameters(parameters): QueryParameters,
) -> Result<Response, ApiError> {
    let sha = Parameters(&parameters).sha()?;
    let sha = sha.ok_or_else(|| Error::field("sha", "is required: the commit, by 7 to 40 digits"))?;
    let id = RunId::new(state.source.id());
    let report = gate::look_at_commit(&state, id, &sha, gate::Keep::News, Actor::anonymous()).await?;
    answer::json(StatusCode::OK, &report)
}
