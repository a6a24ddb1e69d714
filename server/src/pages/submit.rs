//! Forms that write: each calls the same rule as the API's route, then shows what came of it.

use super::{forms::Form, render};
use crate::state::AppState;
use app::context::SentForm;
use axum::{
    extract::{Form as Fields, Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Redirect, Response},
};
use domain::{error::Error, id::LinkId, record, record::Context, registry::percent_encoded};

/// The fields of a form, as they were sent.
pub type Typed = Fields<Vec<(String, String)>>;

/// `POST /links/new`: files a link, or adds or removes a row of the form.
pub async fn file_link(State(state): State<AppState>, headers: HeaderMap, Fields(fields): Typed) -> Response {
    let mut form = Form::read(fields.into_iter());
    if form.get("add_investment").is_some() {
        form.add_investment();
        return show(&state, headers, "/links/new", form, None).await;
    }
    if let Some(at) = form.get("remove_investment").and_then(|text| text.parse().ok()) {
        form.remove_investment(at);
        return show(&state, headers, "/links/new", form, None).await;
    }
    let context = match context(&state, &headers, &form) {
        Some(context) => context,
        None => return signed_out(&state, headers, "/links/new", form).await,
    };
    let content = form.link();
    match record::file_link(&*state.store, context, &content).await {
        Ok(written) => Redirect::to(&format!("/links/{}?done=filed", written.made.id)).into_response(),
        Err(error) => show(&state, headers, "/links/new", form, Some(error)).await,
    }
}

/// `POST /links/{id}/events`: appends an event.
pub async fn append_event(
    State(state): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Fields(fields): Typed,
) -> Response {
    let form = Form::read(fields.into_iter());
    let Ok(link) = id.parse::<LinkId>() else {
        return render::failure(&state, headers, Error::LinkNotFound.describe()).await;
    };
    let address = format!("/links/{link}");
    let context = match context(&state, &headers, &form) {
        Some(context) => context,
        None => return signed_out(&state, headers, &address, form).await,
    };
    match record::append_event(&*state.store, context, link, &form.event()).await {
        Ok(_) => Redirect::to(&format!("{address}?done=appended#events")).into_response(),
        Err(error) => show(&state, headers, &address, form, Some(error)).await,
    }
}

/// What a write needs, if the sender may write. The page's own key makes sending it twice file it once.
pub fn context(state: &AppState, headers: &HeaderMap, form: &Form) -> Option<Context> {
    let actor = state.auth.actor_of_form(headers, state.source.now().timestamp())?;
    Some(state.context(actor, form.get("request_key").map(|key| format!("form {key}"))))
}

/// Where a reader is led who may not write yet, and from there on.
pub fn sign_in_first(next: &str) -> Response {
    // A slash says in a query what it says in a path.
    let next = percent_encoded(next).replace("%2F", "/");
    Redirect::to(&format!("/sign-in?next={next}")).into_response()
}

/// The form of somebody who may not write, or no longer: again as it was typed, so that nothing of it is lost.
pub async fn signed_out(state: &AppState, headers: HeaderMap, address: &str, form: Form) -> Response {
    let message = "You are not signed in, or not any more. Sign in from another tab, then send this form again: \
                   everything that you typed is still here.";
    let sent = SentForm { typed: form.typed(), message: Some(message.to_owned()), ..SentForm::default() };
    render::form_again(state, headers, address, sent, StatusCode::UNAUTHORIZED).await
}

/// The form again: as it was typed, with what is wrong beside each field.
pub async fn show(
    state: &AppState,
    headers: HeaderMap,
    address: &str,
    form: Form,
    error: Option<Error>,
) -> Response {
    let mut sent = SentForm { typed: form.typed(), ..SentForm::default() };
    let Some(error) = error else {
        return render::form_again(state, headers, address, sent, StatusCode::OK).await;
    };
    let described = error.describe();
    let status = StatusCode::from_u16(described.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Error::Store(reason) | Error::Unavailable(reason) = &error {
        tracing::error!(reason, "the store failed");
    }
    sent.errors = error.fields().to_vec();
    if sent.errors.is_empty() {
        sent.message = Some(described.detail);
        // Whatever stood in the way, the next try is a request of its own.
        if matches!(error, Error::IdempotencyKeyReused(_)) {
            sent.typed.remove("request_key");
        }
    }
    render::form_again(state, headers, address, sent, status).await
}
