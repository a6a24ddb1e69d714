//! `GET /api/governance/flags`

use crate::api::{
    answer,
    error::{ApiError, ErrorBody},
    extract::QueryParameters,
};
use crate::state::AppState;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{
    governance::{FlagQuery, FlagRecord, FlagStatus, Flaggable},
    page::Parameters,
    report,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A page of flags.
#[derive(Serialize, ToSchema)]
pub struct FlagList {
    /// The flags: those whose subject is flagged most heavily first, then the newest.
    flags: Vec<FlagRecord>,
    /// Give it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// List flags
#[utoipa::path(
    get,
    path = "/api/governance/flags",
    tag = "governance",
    params(
        ("subject_kind" = Option<Flaggable>, Query, description = "Only those on this kind of thing"),
        ("subject" = Option<String>, Query, description = "Only those on this, an id or a claim's slug; with its kind"),
        ("contributor" = Option<String>, Query, description = "Only those of this contributor, by handle"),
        ("status" = Option<FlagStatus>, Query, description = "Only those that stand, or that were withdrawn"),
        ("limit" = Option<i64>, Query, description = "Flags of a page, 1 to 500; 50 when absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of flags", body = FlagList),
        (status = 422, description = "A parameter that cannot be taken", body = ErrorBody),
    )
)]
pub async fn list_flags(
    State(state): State<AppState>,
    QueryParameters(parameters): QueryParameters,
) -> Result<Response, ApiError> {
    let query = FlagQuery::read(&Parameters(&parameters))?;
    let page = report::flags(&*state.store, &query).await?;
    answer::json(StatusCode::OK, &FlagList { flags: page.items, next_cursor: page.next_cursor })
}
