//! Gates, below `/api/gates`.

pub mod badge;
pub mod get_gate;
pub mod get_run;
pub mod list_gates;
pub mod list_runs;
pub mod main_head;
pub mod merged_contract;
pub mod minimum_flow;
pub mod run_gate;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use domain::{error::Error, id::RunId};

use super::error::ApiError;

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
