//! `POST /api/gates/{name}/runs`

use crate::{
    api::{
        answer,
        error::{ApiError, ErrorBody},
        extract::{OptionalJsonBody, Sender},
    },
    gate,
    state::AppState,
};
use axum::{
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use domain::{
    gate::{GateReport, GateRequest},
    record,
};

/// Run a gate now
///
/// One run at a time: whoever asks meanwhile waits. A gate about a commit needs its `sha`. A run with an expected
/// commit of the sender's own answers the sender's question; it is kept, but is not the gate's own verdict.
#[utoipa::path(
    post,
    path = "/api/gates/{name}/runs",
    tag = "gates",
    security((), ("api_key" = []), ("bearer" = [])),
    params(
        ("name" = String, Path, description = "The gate's name", example = "public-deploy-contract"),
        ("Idempotency-Key" = Option<String>, Header, description = "Requests with the same key are one run"),
    ),
    request_body(content = Option<GateRequest>, description = "May be absent"),
    responses(
        (status = 201, description = "The report, whatever the verdict", body = GateReport),
        (status = 400, description = "Broken JSON", body = ErrorBody),
        (status = 401, description = "An API key is needed", body = ErrorBody),
        (status = 404, description = "No such gate, or no repository", body = ErrorBody),
        (status = 409, description = "The Idempotency-Key was used with other content", body = ErrorBody),
        (status = 413, description = "Body too large", body = ErrorBody),
        (status = 415, description = "Not JSON", body = ErrorBody),
        (status = 422, description = "Content that cannot be taken", body = ErrorBody),
        (status = 408, description = "It took too long; it goes on, and is kept", body = ErrorBody),
        (status = 503, description = "The store does not answer", body = ErrorBody),
    )
)]
pub async fn run_gate(
    State(state): State<AppState>,
    Path(name): Path<String>,
    sender: Sender,
    OptionalJsonBody(content): OptionalJsonBody,
) -> Result<Response, ApiError> {
    let of_commit = state.gates.contract(&name)?.is_of_commit();
    let request = GateRequest::read(content.as_ref(), of_commit)?;
    let context = state.context(sender.actor, sender.idempotency_key);
    let run = record::reserve_run(&*state.store, &context, &name, &request).await?;
    let report = match (&request.sha, of_commit) {
        (Some(sha), true) => {
            gate::look_at_commit(&state, run.made, sha, gate::Keep::Always, context.actor).await?
        }
        (_, _) => gate::run_now(&state, &name, run.made, request.expected_sha, context.actor).await?,
    };
    let mut response = answer::json(StatusCode::CREATED, &report)?;
    if let Ok(address) = HeaderValue::from_str(&format!("/api/gates/runs/{}", report.id)) {
        response.headers_mut().insert(header::LOCATION, address);
    }
    answer::mark_replay(&mut response, run.replayed);
    Ok(response)
}
