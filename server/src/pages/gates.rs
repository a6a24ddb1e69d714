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
    error::{Error, FieldError},
    gate::{GateReport, GateRequest, MERGED_CONTRACT, PUBLIC_DEPLOY_CONTRACT},
    record,
};

/// Where the forms are.
const PAGE: &str = "/gates";

/// `POST /gates/run`: runs the gate of the deployment, expecting a commit where one is named.
pub async fn run(State(state): State<AppState>, headers: HeaderMap, Fields(fields): Typed) -> Response {
    let form = Form::read(fields.into_iter());
    let Some(context) = context(&state, &headers, &form) else { return sign_in_first(PAGE) };
    let asked = GateRequest { expected_sha: form.get("expect_sha").map(str::to_lowercase), sha: None };
    let ran = async {
        // The page's own key makes sending it twice one run.
        let run = record::reserve_run(&*state.store, &context, PUBLIC_DEPLOY_CONTRACT, &asked).await?.made;
        gate::run_now(&state, PUBLIC_DEPLOY_CONTRACT, run, asked.expected_sha.clone(), context.actor.clone())
            .await
    };
    match ran.await {
        // What somebody expected is their own question, and answered apart.
        Ok(report) if asked.expected_sha.is_some() => shown(&report),
        Ok(_) => Redirect::to(PAGE).into_response(),
        Err(error) => show(&state, headers, PAGE, form, Some(about(error, "expect_sha"))).await,
    }
}

/// `POST /gates/merged`: checks a commit of the repository.
pub async fn check_commit(
    State(state): State<AppState>,
    headers: HeaderMap,
    Fields(fields): Typed,
) -> Response {
    let form = Form::read(fields.into_iter());
    let Some(context) = context(&state, &headers, &form) else { return sign_in_first(PAGE) };
    let asked = GateRequest {
        sha: Some(form.get("sha").unwrap_or_default().to_lowercase()),
        ..GateRequest::default()
    };
    let looked = async {
        let run = record::reserve_run(&*state.store, &context, MERGED_CONTRACT, &asked).await?.made;
        let sha = asked.sha.as_deref().unwrap_or_default();
        gate::look_at_commit(&state, run, sha, gate::Keep::Always, context.actor.clone()).await
    };
    match looked.await {
        Ok(report) => shown(&report),
        Err(error) => show(&state, headers, PAGE, form, Some(about(error, "sha"))).await,
    }
}

fn shown(report: &GateReport) -> Response {
    Redirect::to(&format!("{PAGE}/runs/{}", report.id)).into_response()
}

/// The error with the form's one field to blame, whatever the rule calls what was in it.
fn about(error: Error, field: &str) -> Error {
    let Error::Invalid(errors) = error else { return error };
    let renamed = errors.into_iter().map(|error| FieldError { field: field.into(), ..error });
    Error::Invalid(renamed.collect())
}
