//! Signing in: a form takes an API key once, and the browser keeps a sealed session in a cookie.

use super::render;
use crate::{
    auth::{Auth, session},
    state::AppState,
};
use app::context::SentForm;
use axum::{
    extract::{Form, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;

/// The form.
#[derive(Deserialize)]
pub struct SignIn {
    key: String,
    #[serde(default)]
    next: String,
}

/// `POST /sign-in`
pub async fn sign_in(
    State(state): State<AppState>,
    headers: HeaderMap,
    Form(form): Form<SignIn>,
) -> Response {
    let next = local(&form.next);
    let Auth::Keys(keys) = &state.auth else { return Redirect::to(next).into_response() };
    let now = state.source.now().timestamp();
    let cookie = keys
        .name_of(form.key.trim())
        .and_then(|name| session::open(keys, name, now, render::is_https(&headers)));
    match cookie {
        Some(cookie) => ([(header::SET_COOKIE, cookie)], Redirect::to(next)).into_response(),
        None => {
            let message = "This key is not known here. Ask whoever runs this server for one.".to_owned();
            let typed = [("next".to_owned(), next.to_owned())].into();
            let sent = SentForm { typed, message: Some(message), ..SentForm::default() };
            render::form_again(&state, headers, "/sign-in", sent, StatusCode::UNAUTHORIZED).await
        }
    }
}

/// `POST /sign-out`
pub async fn sign_out(headers: HeaderMap) -> Response {
    let mut response = Redirect::to("/").into_response();
    if let Some(cookie) = render::end_session(&headers) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// An address on this server, and no other: anything else leads home.
fn local(next: &str) -> &str {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/_-.~%?=&#".contains(&byte);
    if next.starts_with('/') && !next.starts_with("//") && next.bytes().all(plain) { next } else { "/" }
}

#[cfg(test)]
mod tests {
    #[test]
    fn leads_nowhere_but_here() {
        for (next, to) in [
            ("/links/new", "/links/new"),
            ("/specs/an%2Fodd%3F%20spec%25/edit", "/specs/an%2Fodd%3F%20spec%25/edit"),
            ("/specs/a~b#contribute", "/specs/a~b#contribute"),
            ("//elsewhere.example", "/"),
            ("https://elsewhere.example", "/"),
            ("/\\elsewhere.example", "/"),
            ("/a\r\nSet-Cookie: a=b", "/"),
            ("", "/"),
        ] {
            assert_eq!(super::local(next), to, "{next:?}");
        }
    }
}
