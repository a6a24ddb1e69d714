//! `GET /api/value-lineage/links/{lineage_id}/references`

use super::{
    answer,
    error::{ApiError, ErrorBody},
    extract::PathLink,
};
use crate::state::AppState;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::report::{self, ResolvedRefs};

/// Resolve a link's implementation refs: the imported changes and claims that they lead to, and what those cost
#[utoipa::path(
    get,
    path = "/api/value-lineage/links/{lineage_id}/references",
    tag = "value lineage",
    params(("lineage_id" = String, Path, description = "The link's id", example = "lnk_01h455vb4pex5vsknk084sn02q")),
    responses(
        (status = 200, description = "Each ref, in its order", body = ResolvedRefs),
        (status = 404, description = "No such link", body = ErrorBody),
    )
)]
pub async fn link_references(
    State(state): State<AppState>,
    PathLink(id): PathLink,
) -> Result<Response, ApiError> {
    let record = report::link(&*state.store, id).await?;
    answer::json(StatusCode::OK, &report::resolved_refs(&*state.store, &record.link).await?)
}
