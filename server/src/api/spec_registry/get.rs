//! `GET /api/spec-registry/{spec_id}`

use super::answers::SpecDetail;
use crate::api::{
    conditional,
    error::{ApiError, ErrorBody},
    extract::PathSpec,
};
use crate::state::AppState;
use axum::{extract::State, http::HeaderMap, response::Response};
use domain::report;

/// Fetch a spec
///
/// With all that is derived: what its links brought and cost, its gaps and returns, and what is missing. A spec that
/// links name and nobody registered is there as a stub.
#[utoipa::path(
    get,
    path = "/api/spec-registry/{spec_id}",
    tag = "spec registry",
    params(
        ("spec_id" = String, Path, description = "The spec's id, percent-encoded", example = "048-value-lineage-and-payout-attribution"),
        ("If-None-Match" = Option<String>, Header, description = "An ETag: 304 where nothing changed since"),
    ),
    responses(
        (
            status = 200,
            description = "The spec",
            body = SpecDetail,
            headers(("ETag" = String, description = "Send it as If-Match to edit this version"))
        ),
        (status = 304, description = "It is as it was when that ETag was given"),
        (status = 404, description = "No such spec", body = ErrorBody),
    )
)]
pub async fn get_spec(
    State(state): State<AppState>,
    PathSpec(id): PathSpec,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let report = report::spec(&*state.store, &id).await?;
    let detail = SpecDetail::from(report);
    conditional::json(&headers, detail.version(), &detail)
}
