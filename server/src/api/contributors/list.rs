//! `GET /api/contributors`

use crate::api::{
    answer,
    error::{ApiError, ErrorBody},
    extract::QueryParameters,
};
use crate::state::AppState;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{
    contribution::{ContributorKind, ContributorQuery, ContributorSort, IndexVersion},
    page::{Order, Parameters},
    report::{self, ContributorList},
};

/// List contributors
///
/// With their Contribution Index under any weight set and by any of its versions. Persons come first, with what agents
/// earned while they worked for them; then agents, external authors and infrastructure, never mixed.
#[utoipa::path(
    get,
    path = "/api/contributors",
    tag = "contributors",
    params(
        ("q" = Option<String>, Query, description = "Words that must all be in the handle, name or aliases"),
        ("kind" = Option<ContributorKind>, Query, description = "Of this kind only"),
        ("weights" = Option<String>, Query, description = "The weight set, `ci-v1` when absent", example = "ci-v0"),
        ("version" = Option<IndexVersion>, Query, description = "Which index; `v1` when absent"),
        ("from" = Option<String>, Query, description = "The first month that counts", example = "2026-03"),
        ("to" = Option<String>, Query, description = "The last month that counts", example = "2026-05"),
        ("sort" = Option<ContributorSort>, Query, description = "What to sort by; `ci` when absent"),
        ("order" = Option<Order>, Query, description = "`desc` when absent"),
        ("limit" = Option<i64>, Query, description = "Contributors of a page, 1 to 500; 50 when absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of contributors", body = ContributorList),
        (status = 422, description = "A parameter that cannot be taken", body = ErrorBody),
    )
)]
pub async fn list_contributors(
    State(state): State<AppState>,
    QueryParameters(parameters): QueryParameters,
) -> Result<Response, ApiError> {
    let query = ContributorQuery::read(&Parameters(&parameters))?;
    let list = report::contributors(&*state.store, &query, state.source.now()).await?;
    answer::json(StatusCode::OK, &list)
}
