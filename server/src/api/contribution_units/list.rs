//! `GET /api/contribution-units`

use crate::api::{
    answer,
    error::{ApiError, ErrorBody},
    extract::QueryParameters,
};
use crate::state::AppState;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{
    contribution::{UnitCard, UnitClass, UnitQuery},
    page::Parameters,
    report,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A page of units.
#[derive(Serialize, ToSchema)]
pub struct UnitList {
    /// The units, newest first.
    units: Vec<UnitCard>,
    /// Give it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// List units of contribution
///
/// Each is one merged change of an imported repository: a merge, a squash or a direct commit.
#[utoipa::path(
    get,
    path = "/api/contribution-units",
    tag = "contributors",
    params(
        ("q" = Option<String>, Query, description = "Words that must all be in the title, proposer, commit or number"),
        ("repository" = Option<String>, Query, description = "Of this repository only"),
        ("class" = Option<UnitClass>, Query, description = "Of this class only"),
        ("proposer" = Option<String>, Query, description = "Proposed by this contributor only, by handle or alias"),
        ("limit" = Option<i64>, Query, description = "Units of a page, 1 to 500; 50 when absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of units", body = UnitList),
        (status = 422, description = "A parameter that cannot be taken", body = ErrorBody),
    )
)]
pub async fn list_units(
    State(state): State<AppState>,
    QueryParameters(parameters): QueryParameters,
) -> Result<Response, ApiError> {
    let query = UnitQuery::read(&Parameters(&parameters))?;
    let page = report::contribution_units(&*state.store, &query).await?;
    answer::json(StatusCode::OK, &UnitList { units: page.items, next_cursor: page.next_cursor })
}
