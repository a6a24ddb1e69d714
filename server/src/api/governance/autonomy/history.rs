//! `GET /api/governance/autonomy/{handle}`

use crate::api::{
    answer,
    error::{ApiError, ErrorBody},
    extract::{PathAgent, QueryParameters},
};
use crate::state::AppState;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{
    governance::AutonomyDecision,
    page::{EventQuery, Parameters},
    report,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A page of decisions about an agent.
#[derive(Serialize, ToSchema)]
pub struct DecisionList {
    /// The decisions, newest first; the first of all holds.
    decisions: Vec<AutonomyDecision>,
    /// Give it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// List decisions about an agent
///
/// Each with the agent's record at that moment, and what was proposed.
#[utoipa::path(
    get,
    path = "/api/governance/autonomy/{handle}",
    tag = "governance",
    params(
        ("handle" = String, Path, description = "The agent's handle, or a name of it", example = "rio"),
        ("limit" = Option<i64>, Query, description = "Decisions of a page, 1 to 500; 50 when absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of decisions", body = DecisionList),
        (status = 404, description = "No such agent", body = ErrorBody),
        (status = 422, description = "A parameter that cannot be taken", body = ErrorBody),
    )
)]
pub async fn list_decisions(
    State(state): State<AppState>,
    PathAgent(handle): PathAgent,
    QueryParameters(parameters): QueryParameters,
) -> Result<Response, ApiError> {
    let query = EventQuery::read(&Parameters(&parameters))?;
    let page = report::autonomy_history(&*state.store, &handle, &query).await?;
    answer::json(StatusCode::OK, &DecisionList { decisions: page.items, next_cursor: page.next_cursor })
}
