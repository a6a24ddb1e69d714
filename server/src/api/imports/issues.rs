//! `GET /api/imports/issues`

use crate::api::{
    answer,
    error::{ApiError, ErrorBody},
    extract::QueryParameters,
};
use crate::state::AppState;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{
    contribution::{ImportIssue, ImportQuery},
    page::Parameters,
    report,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A page of what could not be read whole.
#[derive(Serialize, ToSchema)]
pub struct IssueList {
    /// By repository, path, then unit.
    issues: Vec<ImportIssue>,
    /// Give it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// List what could not be read whole
///
/// Nothing of it stopped an import; each names its file, its change, the reason and what stands there.
#[utoipa::path(
    get,
    path = "/api/imports/issues",
    tag = "imports",
    params(
        ("repository" = Option<String>, Query, description = "Of this repository only"),
        ("reason" = Option<String>, Query, description = "Of this reason only", example = "not_yaml"),
        ("limit" = Option<i64>, Query, description = "Issues of a page, 1 to 500; 50 when absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of issues", body = IssueList),
        (status = 422, description = "A parameter that cannot be taken", body = ErrorBody),
    )
)]
pub async fn list_import_issues(
    State(state): State<AppState>,
    QueryParameters(parameters): QueryParameters,
) -> Result<Response, ApiError> {
    let query = ImportQuery::read(&Parameters(&parameters))?;
    let page = report::import_issues(&*state.store, &query).await?;
    answer::json(StatusCode::OK, &IssueList { issues: page.items, next_cursor: page.next_cursor })
}
