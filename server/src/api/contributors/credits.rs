//! `GET /api/contributors/{handle}/credits`

use crate::api::{
    answer,
    error::{ApiError, ErrorBody},
    extract::{PathContributor, QueryParameters},
};
use crate::state::AppState;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{
    contribution::{CreditQuery, Role, weights},
    page::Parameters,
    report::{self, CreditReport},
};

/// List a contributor's credits
///
/// Each with its change, its weight, how it is known and how surely, and what became of the work, term by term: CI v1 and
/// v2. On the first page their parts in the uses of claims besides: CI v3.
#[utoipa::path(
    get,
    path = "/api/contributors/{handle}/credits",
    tag = "contributors",
    params(
        ("handle" = String, Path, description = "The contributor's handle, or an alias", example = "rio"),
        ("role" = Option<Role>, Query, description = "For this role only"),
        ("counted" = Option<bool>, Query, description = "`true`: only those that count, and neither those that only say for what nor those that ended"),
        ("weights" = Option<String>, Query, description = "The weight set by which uses are shared, `ci-v1` when absent", example = "ci-v0"),
        ("limit" = Option<i64>, Query, description = "Credits of a page, 1 to 500; 50 when absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of credits", body = CreditReport),
        (status = 404, description = "No such contributor", body = ErrorBody),
        (status = 422, description = "A parameter that cannot be taken", body = ErrorBody),
    )
)]
pub async fn list_credits(
    State(state): State<AppState>,
    PathContributor(handle): PathContributor,
    QueryParameters(parameters): QueryParameters,
) -> Result<Response, ApiError> {
    let query = CreditQuery::read(&Parameters(&parameters))?;
    let weights = weights(&Parameters(&parameters))?;
    let report = report::credits_of(&*state.store, &handle, query, weights, state.source.now()).await?;
    answer::json(StatusCode::OK, &report)
}
