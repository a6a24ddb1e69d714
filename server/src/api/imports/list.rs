//! `GET /api/imports`

use crate::api::{
    answer,
    error::{ApiError, ErrorBody},
    extract::QueryParameters,
};
use crate::state::AppState;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{
    contribution::ImportQuery,
    page::Parameters,
    report::{self, ImportsReport},
};

/// List imports
///
/// Every repository as far as it was read, the runs that changed anything or could not, and how often what could not be
/// read whole.
#[utoipa::path(
    get,
    path = "/api/imports",
    tag = "imports",
    params(
        ("repository" = Option<String>, Query, description = "Of this repository only"),
        ("limit" = Option<i64>, Query, description = "Runs of a page, 1 to 500; 50 when absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "Repositories and runs", body = ImportsReport),
        (status = 422, description = "A parameter that cannot be taken", body = ErrorBody),
    )
)]
pub async fn list_imports(
    State(state): State<AppState>,
    QueryParameters(parameters): QueryParameters,
) -> Result<Response, ApiError> {
    let query = ImportQuery::read(&Parameters(&parameters))?;
    answer::json(StatusCode::OK, &report::imports(&*state.store, &query).await?)
}
