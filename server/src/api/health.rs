//! `GET /api/health`, `/livez`, `/readyz` and `GET /api/version`

use super::{
    answer,
    error::{ApiError, ErrorBody},
};
use crate::state::AppState;
use axum::{extract::State, http::StatusCode, response::Response};
use serde::Serialize;
use utoipa::ToSchema;

/// Whether the server does its work.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// `ok`; anything else is an error.
    #[schema(example = "ok")]
    status: &'static str,
    /// The version that runs.
    #[schema(example = "0.1.0")]
    version: &'static str,
}

/// Which version runs.
#[derive(Serialize, ToSchema)]
pub struct Version {
    /// `tributary`.
    #[schema(example = "tributary")]
    name: &'static str,
    /// The version.
    #[schema(example = "0.1.0")]
    version: &'static str,
    /// The commit it was built from; null where that is not known.
    #[schema(example = "a6b1932f0c1f4f0d9e6f1f4c1f0b7d2a9c3e5d77")]
    commit: Option<&'static str>,
}

const OK: Health = Health { status: "ok", version: env!("CARGO_PKG_VERSION") };

/// Whether the server and its store answer
#[utoipa::path(
    get,
    path = "/api/health",
    tag = "operation",
    responses(
        (status = 200, description = "They do", body = Health),
        (status = 503, description = "The store does not answer", body = ErrorBody),
    )
)]
pub async fn health(State(state): State<AppState>) -> Result<Response, ApiError> {
    state.store.ready().await?;
    answer::json(StatusCode::OK, &OK)
}

/// Whether the process lives; never asks the store
#[utoipa::path(
    get,
    path = "/livez",
    tag = "operation",
    responses((status = 200, description = "It lives", body = Health))
)]
pub async fn livez() -> Result<Response, ApiError> {
    answer::json(StatusCode::OK, &OK)
}

/// Whether requests may be sent here: the store answers and is at the newest migration
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "operation",
    responses(
        (status = 200, description = "They may", body = Health),
        (status = 503, description = "Not now", body = ErrorBody),
    )
)]
pub async fn readyz(State(state): State<AppState>) -> Result<Response, ApiError> {
    state.store.ready().await?;
    answer::json(StatusCode::OK, &OK)
}

/// Which version runs
#[utoipa::path(
    get,
    path = "/api/version",
    tag = "operation",
    responses((status = 200, description = "The version", body = Version))
)]
pub async fn version() -> Result<Response, ApiError> {
    let version = Version { name: "tributary", version: env!("CARGO_PKG_VERSION"), commit: crate::commit() };
    answer::json(StatusCode::OK, &version)
}
