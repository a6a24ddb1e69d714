//! `GET /api/contributors/{handle}`

use crate::api::{
    conditional,
    error::{ApiError, ErrorBody},
    extract::{PathContributor, QueryParameters},
};
use crate::state::AppState;
use axum::{extract::State, http::HeaderMap, response::Response};
use domain::{
    contribution::weights,
    page::Parameters,
    report::{self, ContributorProfile},
};

/// Get a contributor
///
/// By their handle or an alias: roles, the index by version and by month, agents, for whom they work and worked, and
/// their newest credits with how each is known.
#[utoipa::path(
    get,
    path = "/api/contributors/{handle}",
    tag = "contributors",
    params(
        ("handle" = String, Path, description = "The contributor's handle, or an alias", example = "rio"),
        ("weights" = Option<String>, Query, description = "The weight set, `ci-v1` when absent", example = "ci-v0"),
    ),
    responses(
        (
            status = 200,
            description = "The contributor",
            body = ContributorProfile,
            headers(("ETag" = String, description = "To be sent as If-Match with an edit"))
        ),
        (status = 304, description = "Nothing changed since the answer whose ETag If-None-Match names"),
        (status = 404, description = "No such contributor", body = ErrorBody),
        (status = 422, description = "A parameter that cannot be taken", body = ErrorBody),
    )
)]
pub async fn get_contributor(
    State(state): State<AppState>,
    PathContributor(handle): PathContributor,
    headers: HeaderMap,
    QueryParameters(parameters): QueryParameters,
) -> Result<Response, ApiError> {
    let parameters = Parameters(&parameters);
    parameters.only(&["weights"])?;
    let weights = weights(&parameters)?;
    let profile = report::contributor(&*state.store, &handle, weights, state.source.now()).await?;
    conditional::json(&headers, profile.version, &profile)
}
