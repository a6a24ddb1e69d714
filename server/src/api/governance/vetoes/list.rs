//! `GET /api/governance/vetoes`

use crate::api::{
    answer,
    error::{ApiError, ErrorBody},
    extract::QueryParameters,
};
use crate::state::AppState;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{
    governance::{VetoQuery, VetoStatus},
    page::Parameters,
    report::{self, VetoReport},
};
use serde::Serialize;
use utoipa::ToSchema;

/// A page of vetoes.
#[derive(Serialize, ToSchema)]
pub struct VetoList {
    /// The vetoes, newest first, each with what it rolled back.
    vetoes: Vec<VetoReport>,
    /// Give it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// List vetoes
#[utoipa::path(
    get,
    path = "/api/governance/vetoes",
    tag = "governance",
    params(
        ("unit" = Option<String>, Query, description = "Only those of this merged change"),
        ("contributor" = Option<String>, Query, description = "Only those of this contributor, by handle"),
        ("status" = Option<VetoStatus>, Query, description = "Only those that hold, or that were undone"),
        ("limit" = Option<i64>, Query, description = "Vetoes of a page, 1 to 500; 50 when absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of vetoes", body = VetoList),
        (status = 422, description = "A parameter that cannot be taken", body = ErrorBody),
    )
)]
pub async fn list_vetoes(
    State(state): State<AppState>,
    QueryParameters(parameters): QueryParameters,
) -> Result<Response, ApiError> {
    let query = VetoQuery::read(&Parameters(&parameters))?;
    let page = report::vetoes(&*state.store, &query).await?;
    answer::json(StatusCode::OK, &VetoList { vetoes: page.items, next_cursor: page.next_cursor })
}
