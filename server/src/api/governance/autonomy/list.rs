//! `GET /api/governance/autonomy`

use crate::api::{answer, error::ApiError};
use crate::state::AppState;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{
    governance::{AutonomyPolicy, Level},
    money::Score,
    report::{self, AgentReport},
};
use serde::Serialize;
use utoipa::ToSchema;

/// Every agent, and the policy by which levels are proposed.
#[derive(Serialize, ToSchema)]
pub struct AutonomyList {
    /// The policy's name.
    #[schema(example = "autonomy-v1")]
    policy: &'static str,
    /// The policy's hash.
    policy_hash: String,
    /// The least share of governance CI with which a person may roll a change back.
    veto_minimum_share: Score,
    /// Its levels, the least autonomy first.
    levels: &'static [Level],
    /// The agents, by handle.
    agents: Vec<AgentReport>,
}

/// List agents with their autonomy
///
/// Each with its track record, the level that the policy proposes and why, and the level that a person decided.
#[utoipa::path(
    get,
    path = "/api/governance/autonomy",
    tag = "governance",
    responses((status = 200, description = "Every agent", body = AutonomyList))
)]
pub async fn list_autonomy(State(state): State<AppState>) -> Result<Response, ApiError> {
    let agents = report::autonomy(&*state.store, state.source.now()).await?;
    let policy = AutonomyPolicy::in_force();
    let list = AutonomyList {
        policy: &policy.name,
        policy_hash: policy.hash(),
        veto_minimum_share: policy.veto_minimum_share,
        levels: &policy.levels,
        agents,
    };
    answer::json(StatusCode::OK, &list)
}
