//! `GET /api/value-lineage/links/{lineage_id}/valuation`

use super::{
    answer,
    error::{ApiError, ErrorBody},
    extract::PathLink,
};
use crate::state::AppState;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{report, valuation::Valuation};

/// Value a link: measured value, cost, return on investment
#[utoipa::path(
    get,
    path = "/api/value-lineage/links/{lineage_id}/valuation",
    tag = "value lineage",
    params(("lineage_id" = String, Path, description = "The link's id", example = "lnk_01h455vb4pex5vsknk084sn02q")),
    responses(
        (status = 200, description = "The valuation", body = Valuation),
        (status = 404, description = "No such link", body = ErrorBody),
    )
)]
pub async fn get_valuation(
    State(state): State<AppState>,
    PathLink(id): PathLink,
) -> Result<Response, ApiError> {
    answer::json(StatusCode::OK, &report::valuation(&*state.store, id).await?)
}
