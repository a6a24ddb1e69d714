//! `GET /api/gates`

use crate::{
    api::{answer, error::ApiError},
    state::AppState,
};
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{gate::GateSummary, report};
use serde::Serialize;
use utoipa::ToSchema;

/// Every gate.
#[derive(Serialize, ToSchema)]
pub struct GateList {
    /// The gates, each with its last run.
    gates: Vec<GateSummary>,
}

/// List the gates, each with its last verdict
#[utoipa::path(
    get,
    path = "/api/gates",
    tag = "gates",
    responses((status = 200, description = "Every gate", body = GateList))
)]
pub async fn list_gates(State(state): State<AppState>) -> Result<Response, ApiError> {
    let gates = report::gates(&*state.store, &state.gates.contracts).await?;
    answer::json(StatusCode::OK, &GateList { gates })
}
