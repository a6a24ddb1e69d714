//! `GET /api/value-lineage/links`

use super::{
    answer,
    error::{ApiError, ErrorBody},
    extract::QueryParameters,
};
use crate::state::AppState;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{
    link::{LineageLink, LinkRecord},
    money::{Amount, Ratio},
    page::{LinkQuery, LinkSort, Order, Parameters},
    report,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A link in a list, with what its events add up to.
#[derive(Serialize, ToSchema)]
struct ListedLink {
    #[serde(flatten)]
    link: LineageLink,
    /// The sum of the values of its events.
    #[schema(example = 100.0)]
    measured_value_total: Amount,
    /// Value over cost, to four places.
    #[schema(example = 0.8333)]
    roi_ratio: Ratio,
    /// How many events it has.
    #[schema(example = 2)]
    event_count: i64,
}

/// A page of links.
#[derive(Serialize, ToSchema)]
pub struct LinkList {
    /// The links, last touched first unless asked otherwise.
    links: Vec<ListedLink>,
    /// Give it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

impl From<LinkRecord> for ListedLink {
    fn from(record: LinkRecord) -> Self {
        Self {
            measured_value_total: record.totals.measured_value_total,
            roi_ratio: record.roi_ratio(),
            event_count: record.totals.event_count,
            link: record.link,
        }
    }
}

/// List lineage links
#[utoipa::path(
    get,
    path = "/api/value-lineage/links",
    tag = "value lineage",
    params(
        ("q" = Option<String>, Query, description = "Words that must all be in the link's ids, refs or names"),
        ("origin" = Option<domain::origin::Origin>, Query, description = "`gate` lists what gates filed instead; `work` when absent"),
        ("spec_id" = Option<String>, Query, description = "Only those that name this spec; they are sorted by `created`"),
        ("idea_id" = Option<String>, Query, description = "Only those that name this idea; they are sorted by `created`"),
        ("sort" = Option<LinkSort>, Query, description = "What to sort by; `updated` when absent"),
        ("order" = Option<Order>, Query, description = "`desc` when absent"),
        ("limit" = Option<i64>, Query, description = "Links of a page, 1 to 500; 50 when absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of links", body = LinkList),
        (status = 422, description = "A parameter that cannot be taken", body = ErrorBody),
    )
)]
pub async fn list_links(
    State(state): State<AppState>,
    QueryParameters(parameters): QueryParameters,
) -> Result<Response, ApiError> {
    let query = LinkQuery::read(&Parameters(&parameters))?;
    let page = report::links(&*state.store, &query).await?;
    let links = page.items.into_iter().map(ListedLink::from).collect();
    answer::json(StatusCode::OK, &LinkList { links, next_cursor: page.next_cursor })
}
