//! `GET /api/contributors/merge-proposals`

use crate::api::{
    answer,
    error::{ApiError, ErrorBody},
    extract::QueryParameters,
};
use crate::state::AppState;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{contribution::MergeProposal, page::Parameters};
use serde::Serialize;
use utoipa::ToSchema;

/// Handles that may be the same one's.
#[derive(Serialize, ToSchema)]
pub struct MergeProposals {
    /// The proposals, by handle, then alias.
    proposals: Vec<MergeProposal>,
}

/// List proposed merges of identities
///
/// What addresses, handles and `.mailmap` suggest and nobody accepted or dismissed. `PATCH /api/contributors/{handle}`
/// accepts one by naming the alias in `aliases`, and dismisses it by naming it in `dismissed`.
#[utoipa::path(
    get,
    path = "/api/contributors/merge-proposals",
    tag = "contributors",
    responses(
        (status = 200, description = "The proposals", body = MergeProposals),
        (status = 422, description = "A parameter that cannot be taken", body = ErrorBody),
    )
)]
pub async fn list_merge_proposals(
    State(state): State<AppState>,
    QueryParameters(parameters): QueryParameters,
) -> Result<Response, ApiError> {
    Parameters(&parameters).only(&[])?;
    let proposals = state.store.merge_proposals().await?;
    answer::json(StatusCode::OK, &MergeProposals { proposals })
}
