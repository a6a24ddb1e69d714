//! `GET /api/gates/{name}/runs`

use crate::{
    api::{
        answer,
        error::{ApiError, ErrorBody},
        extract::QueryParameters,
    },
    state::AppState,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{
    gate::GateRun,
    page::{EventQuery, Parameters},
    report,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A page of a gate's runs.
#[derive(Serialize, ToSchema)]
pub struct RunList {
    /// The runs, newest first.
    runs: Vec<GateRun>,
    /// Give it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// List a gate's runs, newest first
#[utoipa::path(
    get,
    path = "/api/gates/{name}/runs",
    tag = "gates",
    params(
        ("name" = String, Path, description = "The gate's name", example = "public-deploy-contract"),
        ("limit" = Option<i64>, Query, description = "Runs of a page, 1 to 500; 50 when absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of runs", body = RunList),
        (status = 404, description = "No such gate", body = ErrorBody),
        (status = 422, description = "A parameter that cannot be taken", body = ErrorBody),
    )
)]
pub async fn list_runs(
    State(state): State<AppState>,
    Path(name): Path<String>,
    QueryParameters(parameters): QueryParameters,
) -> Result<Response, ApiError> {
    state.gates.contract(&name)?;
    let query = EventQuery::read(&Parameters(&parameters))?;
    let page = report::gate_runs(&*state.store, &name, None, &query).await?;
    answer::json(StatusCode::OK, &RunList { runs: page.items, next_cursor: page.next_cursor })
}
