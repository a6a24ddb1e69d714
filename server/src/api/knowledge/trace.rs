//! `GET /api/trace/{kind}/{slug}`

use crate::api::{
    answer,
    error::{ApiError, ErrorBody},
    extract::{PathPiece, QueryParameters},
};
use crate::state::AppState;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{
    contribution::KnowledgeKind,
    page::Parameters,
    report::{self, TraceReport, read_depth, read_kind},
};

/// Trace a piece of knowledge to its sources
///
/// From a position through beliefs and claims to sources, each piece once, and everybody who contributed on the way. It
/// goes so many steps and shows so many pieces; where the chain goes on, `cut` says so.
#[utoipa::path(
    get,
    path = "/api/trace/{kind}/{slug}",
    tag = "knowledge",
    params(
        ("kind" = KnowledgeKind, Path, description = "What to begin with"),
        ("slug" = String, Path, description = "Its slug", example = "we stay ashore in autumn"),
        ("depth" = Option<i64>, Query, description = "How many steps to go, 1 to 10; 5 when absent"),
    ),
    responses(
        (status = 200, description = "The chain", body = TraceReport),
        (status = 404, description = "Nothing of that kind has that slug", body = ErrorBody),
        (status = 422, description = "A kind or parameter that cannot be taken", body = ErrorBody),
    )
)]
pub async fn get_trace(
    State(state): State<AppState>,
    piece: PathPiece,
    QueryParameters(parameters): QueryParameters,
) -> Result<Response, ApiError> {
    let kind = read_kind(&piece.kind)?;
    let depth = read_depth(&Parameters(&parameters))?;
    answer::json(StatusCode::OK, &report::trace(&*state.store, kind, &piece.slug, depth).await?)
}
