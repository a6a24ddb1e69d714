//! `GET /api/value-lineage/links/{lineage_id}`

use super::{
    answer,
    error::{ApiError, ErrorBody},
    extract::PathLink,
};
use crate::state::AppState;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{link::LineageLink, report};

/// Fetch a lineage link
#[utoipa::path(
    get,
    path = "/api/value-lineage/links/{lineage_id}",
    tag = "value lineage",
    params(("lineage_id" = String, Path, description = "The link's id", example = "lnk_01h455vb4pex5vsknk084sn02q")),
    responses(
        (status = 200, description = "The link", body = LineageLink),
        (status = 404, description = "No such link", body = ErrorBody),
    )
)]
pub async fn get_link(State(state): State<AppState>, PathLink(id): PathLink) -> Result<Response, ApiError> {
    answer::json(StatusCode::OK, &report::link(&*state.store, id).await?.link)
}
