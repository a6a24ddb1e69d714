//! `GET /api/ideas`

use super::answers::IdeaSummary;
use crate::api::{
    answer,
    error::{ApiError, ErrorBody},
    extract::QueryParameters,
};
use crate::state::AppState;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{idea::IdeaQuery, page::Parameters, report};
use serde::Serialize;
use utoipa::ToSchema;

/// A page of ideas.
#[derive(Serialize, ToSchema)]
pub struct IdeaList {
    /// The ideas, last edited first.
    ideas: Vec<IdeaSummary>,
    /// Give it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// List ideas
#[utoipa::path(
    get,
    path = "/api/ideas",
    tag = "ideas",
    params(
        ("q" = Option<String>, Query, description = "Words that must all be in the id, title or the beginning of the summary"),
        ("limit" = Option<i64>, Query, description = "Ideas of a page, 1 to 500; 50 when absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of ideas", body = IdeaList),
        (status = 422, description = "A parameter that cannot be taken", body = ErrorBody),
    )
)]
pub async fn list_ideas(
    State(state): State<AppState>,
    QueryParameters(parameters): QueryParameters,
) -> Result<Response, ApiError> {
    let query = IdeaQuery::read(&Parameters(&parameters))?;
    let page = report::ideas(&*state.store, &query).await?;
    let ideas = page.items.into_iter().map(IdeaSummary::from).collect();
    answer::json(StatusCode::OK, &IdeaList { ideas, next_cursor: page.next_cursor })
}
