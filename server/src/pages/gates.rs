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
use domain::error::{Error, FieldError};

/// Where the forms are.
const PAGE: &str = "/gates";

/// `POST /gates/run`: runs the gate of the deployment, expecting a commit where one is named.
pub async fn run(State(state): State<AppState>, headers: HeaderMap, Fields(fields): Typed) -> Response {
    let form = Form::read(fields.into_iter());
    if context(&state, &headers, &form).is_none() {
        return sign_in_first(PAGE);
    }
    let expected = form.get("expect_sha").map(str::to_owned);
    match gate::run_public(&state, expected).await {
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
    if context(&state, &headers, &form).is_none() {
        return sign_in_first(PAGE);
    }
    match gate::check_commit(&state, form.get("sha").unwrap_or_default()).await {
        Ok(report) => Redirect::to(&format!("{PAGE}/runs/{}", report.id)).into_response(),
        Err(error) => show(&state, headers, PAGE, form, Some(about(error, "sha"))).await,
    }
}

/// The error with the form's one field to blame, whatever the rule calls what was in it.
fn about(error: Error, field: &str) -> Error {
    let Error::Invalid(errors) = error else { return error };
    let renamed = errors.into_iter().map(|error| FieldError { field: field.into(), ..error });
    Error::Invalid(renamed.collect())
}
