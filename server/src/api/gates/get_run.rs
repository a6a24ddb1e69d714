//! `GET /api/gates/runs/{run_id}`

use super::PathRun;
use crate::{
    api::{
        answer,
        error::{ApiError, ErrorBody},
    },
    state::AppState,
};
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{gate::GateReport, report};

/// Get the report of a run
#[utoipa::path(
    get,
    path = "/api/gates/runs/{run_id}",
    tag = "gates",
    params(("run_id" = String, Path, description = "The run's id", example = "run_01h455vb4pex5vsknk084sn02q")),
    responses(
        (status = 200, description = "The report", body = GateReport),
        (status = 404, description = "No such run", body = ErrorBody),
    )
)]
pub async fn get_run(State(state): State<AppState>, PathRun(id): PathRun) -> Result<Response, ApiError> {
    answer::json(StatusCode::OK, &report::gate_report(&*state.store, id).await?)
}
