//! `GET /api/spec-registry`

use super::answers::SpecSummary;
use crate::api::{
    answer,
    error::{ApiError, ErrorBody},
    extract::QueryParameters,
};
use crate::state::AppState;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{
    page::{Order, Parameters},
    report,
    spec::{SpecQuery, SpecSort},
};
use serde::Serialize;
use utoipa::ToSchema;

/// A page of specs.
#[derive(Serialize, ToSchema)]
pub struct SpecList {
    /// The specs, last edited first unless asked otherwise.
    specs: Vec<SpecSummary>,
    /// Give it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// List specs
///
/// Those that links name and nobody registered are among them. Sorting by gap or return finds what is worth doing next.
#[utoipa::path(
    get,
    path = "/api/spec-registry",
    tag = "spec registry",
    params(
        ("q" = Option<String>, Query, description = "Words that must all be in the id, title, idea or the beginning of the summary"),
        ("idea_id" = Option<String>, Query, description = "Only specs of this idea: registered for it, or named by its links"),
        ("missing" = Option<String>, Query, description = "`contributors`: only specs without a link, or with a link that names nobody"),
        ("sort" = Option<SpecSort>, Query, description = "What to sort by; `updated` when absent"),
        ("order" = Option<Order>, Query, description = "`desc` when absent"),
        ("limit" = Option<i64>, Query, description = "Specs of a page, 1 to 500; 50 when absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of specs", body = SpecList),
        (status = 422, description = "A parameter that cannot be taken", body = ErrorBody),
    )
)]
pub async fn list_specs(
    State(state): State<AppState>,
    QueryParameters(parameters): QueryParameters,
) -> Result<Response, ApiError> {
    let query = SpecQuery::read(&Parameters(&parameters))?;
    let page = report::specs(&*state.store, &query).await?;
    let specs = page.items.into_iter().map(SpecSummary::from).collect();
    answer::json(StatusCode::OK, &SpecList { specs, next_cursor: page.next_cursor })
}
