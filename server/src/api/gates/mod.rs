//! Gates, below `/api/gates`.

mod badge;
mod get_gate;
mod get_run;
mod list_gates;
mod list_runs;
mod main_head;
mod merged_contract;
mod minimum_flow;
mod run_gate;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use domain::{error::Error, id::RunId};

use super::error::ApiError;
use crate::state::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Every route of gates.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(minimum_flow::minimum_flow))
        .routes(routes!(list_gates::list_gates))
        .routes(routes!(main_head::main_head))
        .routes(routes!(merged_contract::merged_contract))
        .routes(routes!(get_run::get_run))
        .routes(routes!(get_gate::get_gate))
        .routes(routes!(list_runs::list_runs, run_gate::run_gate))
        .routes(routes!(badge::badge))
}

/// The run of a path. Whatever is no id is no run.
pub struct PathRun(pub RunId);

impl<S: Send + Sync> FromRequestParts<S> for PathRun {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Path(text) =
            Path::<String>::from_request_parts(parts, state).await.map_err(|_| Error::RunNotFound)?;
        Ok(Self(text.parse().map_err(|_| Error::RunNotFound)?))
    }
}
