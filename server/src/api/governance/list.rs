//! `GET /api/governance/change-requests`

use crate::api::{
    answer,
    error::{ApiError, ErrorBody},
    extract::QueryParameters,
};
use crate::state::AppState;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{
    change_request::{ChangeRequest, ChangeRequestQuery, Status},
    page::Parameters,
    report,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A page of change requests.
#[derive(Serialize, ToSchema)]
pub struct ChangeRequestList {
    /// The change requests, newest first.
    change_requests: Vec<ChangeRequest>,
    /// Give it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// List change requests
#[utoipa::path(
    get,
    path = "/api/governance/change-requests",
    tag = "governance",
    params(
        ("status" = Option<Status>, Query, description = "Only those that have come this far"),
        ("lineage_id" = Option<String>, Query, description = "Only those about this link"),
        ("spec_id" = Option<String>, Query, description = "Only those about this spec or a link of it"),
        ("idea_id" = Option<String>, Query, description = "Only those about this idea or a link of it"),
        ("limit" = Option<i64>, Query, description = "Change requests of a page, 1 to 500; 50 when absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of change requests", body = ChangeRequestList),
        (status = 422, description = "A parameter that cannot be taken", body = ErrorBody),
    )
)]
pub async fn list_change_requests(
    State(state): State<AppState>,
    QueryParameters(parameters): QueryParameters,
) -> Result<Response, ApiError> {
    let query = ChangeRequestQuery::read(&Parameters(&parameters))?;
    let page = report::change_requests(&*state.store, &query).await?;
    let list = ChangeRequestList { change_requests: page.items, next_cursor: page.next_cursor };
    answer::json(StatusCode::OK, &list)
}
