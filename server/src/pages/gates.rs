//! Forms that ask a gate: each runs it as the API's route does, then shows the report.

use super::{
    forms::Form,
    submit::{Typed, context, show, sign_in_first},
};
use crate::{gate, state::AppState};
use axum::{
    extract::{Form as Fields, State},
    http::HeaderMap,
    response::{IntoResponse as _, Redirect, Response},
};
use domain::{
    error::Error,
    gate::{GateReport, GateRequest, MERGED_CONTRACT, PUBLIC_DEPLOY_CONTRACT},
    record::{self, Context},
};

/// Where the forms are.
const PAGE: &str = "/gates";

/// `POST /gates/run`: runs a gate of the deployment, expecting a commit where one is named.
pub async fn run(State(state): State<AppState>, headers: HeaderMap, Fields(fields): Typed) -> Response {
    let form = Form::read(fields.into_iter());
    let own = own_page(&state, &form);
    let Some(context) = context(&state, &headers, &form) else { return sign_in_first(&own) };
    match run_deployment(&state, context, &form).await {
        // What somebody else expects is no verdict of this server's own: its page does not begin with it.
        Ok(report) if form.get("expected_sha").is_some() => to_report(&report),
        Ok(_) => Redirect::to(&own).into_response(),
        Err(error) => show(&state, headers, &own, form, Some(error)).await,
    }
}

/// The page of the gate that a form names; that of the deployment's own where it names none that is known.
fn own_page(state: &AppState, form: &Form) -> String {
    let known = form.get("gate").filter(|name| state.gates.contract(name).is_ok());
    known.map_or_else(|| PAGE.to_owned(), |name| format!("{PAGE}?gate={name}"))
}

async fn run_deployment(state: &AppState, context: Context, form: &Form) -> Result<GateReport, Error> {
    let name = form.get("gate").unwrap_or(PUBLIC_DEPLOY_CONTRACT);
    if state.gates.contract(name)?.is_of_commit() {
        return Err(Error::field("sha", "is required: this gate is about a commit"));
    }
    let request = GateRequest::read(Some(&form.gate_request("expected_sha")), false)?;
    let run = record::reserve_run(&*state.store, &context, name, &request).await?;
    gate::run_now(state, name, run.made, request.expected_sha, context.actor).await
}

/// `POST /gates/merged`: checks a commit of the repository.
pub async fn check_commit(
    State(state): State<AppState>,
    headers: HeaderMap,
    Fields(fields): Typed,
) -> Response {
    let form = Form::read(fields.into_iter());
    let Some(context) = context(&state, &headers, &form) else { return sign_in_first(PAGE) };
    match look_at_commit(&state, context, &form).await {
        Ok(report) => to_report(&report),
        Err(error) => show(&state, headers, PAGE, form, Some(error)).await,
    }
}

async fn look_at_commit(state: &AppState, context: Context, form: &Form) -> Result<GateReport, Error> {
    let request = GateRequest::read(Some(&form.gate_request("sha")), true)?;
    let run = record::reserve_run(&*state.store, &context, MERGED_CONTRACT, &request).await?;
    let sha = request.sha.unwrap_or_default();
    gate::look_at_commit(state, run.made, &sha, gate::Keep::Always, context.actor).await
}

fn to_report(report: &GateReport) -> Response {
    Redirect::to(&format!("{PAGE}/runs/{}", report.id)).into_response()
}
