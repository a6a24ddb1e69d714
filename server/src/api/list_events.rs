//! `GET /api/value-lineage/links/{lineage_id}/usage-events`

use super::{
    answer,
    error::{ApiError, ErrorBody},
    extract::{PathLink, QueryParameters},
};
use crate::state::AppState;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{
    event::UsageEvent,
    page::{EventQuery, Parameters},
    report,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A page of a link's events.
#[derive(Serialize, ToSchema)]
pub struct EventList {
    /// The events, newest first by the time they were measured.
    usage_events: Vec<UsageEvent>,
    /// Give it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// List a link's usage events
#[utoipa::path(
    get,
    path = "/api/value-lineage/links/{lineage_id}/usage-events",
    tag = "value lineage",
    params(
        ("lineage_id" = String, Path, description = "The link's id", example = "lnk_01h455vb4pex5vsknk084sn02q"),
        ("limit" = Option<i64>, Query, description = "Events of a page, 1 to 500; 50 when absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of events", body = EventList),
        (status = 404, description = "No such link", body = ErrorBody),
        (status = 422, description = "A parameter that cannot be taken", body = ErrorBody),
    )
)]
pub async fn list_events(
    State(state): State<AppState>,
    PathLink(id): PathLink,
    QueryParameters(parameters): QueryParameters,
) -> Result<Response, ApiError> {
    let query = EventQuery::read(&Parameters(&parameters))?;
    let page = report::events(&*state.store, id, &query).await?;
    answer::json(StatusCode::OK, &EventList { usage_events: page.items, next_cursor: page.next_cursor })
}
