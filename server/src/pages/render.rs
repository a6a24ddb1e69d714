//! Pages as the app renders them, with what it needs to know of the server and of the request.

use crate::{auth::session, observe::bounded, state::AppState};
use app::context::{Failure, SentForm, Visit};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use domain::error::Described;
use leptos::prelude::{LeptosOptions, provide_context};
use std::time::Duration;
use tower_http::csrf::{ProtectionError, ResponseForProtectionError};

/// `GET` of any page. Which pages there are is the app's to know; it answers 404 for the others.
pub async fn page(State(state): State<AppState>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        // `errors` makes it a page, as it does with the router's own.
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let visit = visit(&state, request.headers(), request.uri().query());
    render(&state, request, move || provide_context(visit.clone())).await
}

/// A page with a form on it, shown again as it was sent.
pub async fn form_again(
    state: &AppState,
    headers: HeaderMap,
    address: &str,
    form: SentForm,
    status: StatusCode,
) -> Response {
    let visit = visit(state, &headers, None);
    let request = get(address, headers);
    let provide = move || {
        provide_context(visit.clone());
        provide_context(form.clone());
    };
    let mut response = render(state, request, provide).await;
    // The page itself may have found that its link is gone.
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    response
}

/// A page that says what went wrong, in the place of any other.
pub async fn failure(state: &AppState, headers: HeaderMap, described: Described) -> Response {
    let status = StatusCode::from_u16(described.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let visit = visit(state, &headers, None);
    let provide = move || {
        provide_context(visit.clone());
        provide_context(Failure(described.clone()));
    };
    let mut response = render(state, get("/", headers), provide).await;
    *response.status_mut() = status;
    response
}

async fn render(
    state: &AppState,
    request: Request,
    provide: impl Fn() + Clone + Send + Sync + 'static,
) -> Response {
    let site = state.site.clone();
    let options = LeptosOptions::builder().output_name("tributary").site_pkg_dir("pkg").build();
    let provide = move || {
        provide_context(site.clone());
        provide();
    };
    let shell = move || app::shell::shell(options.clone());
    let mut response = leptos_axum::render_app_async_with_context(provide, shell)(request).await;
    response.extensions_mut().insert(Rendered);
    // A page shows what is kept now, and who is signed in: no cache in between may keep it.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn get(address: &str, headers: HeaderMap) -> Request {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = address.parse().unwrap_or_else(|_| Uri::from_static("/"));
    *request.headers_mut() = headers;
    request
}

/// What is known of a request.
fn visit(state: &AppState, headers: &HeaderMap, query: Option<&str>) -> Visit {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1:3000");
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".:-[]".contains(&byte);
    let host = if host.bytes().all(plain) { host } else { "127.0.0.1:3000" };
    let scheme = if is_https(headers) { "https" } else { "http" };
    let done = form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .find(|(name, _)| name == "done")
        .map(|(_, value)| value.into_owned());
    Visit {
        origin: format!("{scheme}://{host}"),
        signed_in: state.auth.signed_in(headers, state.source.now().timestamp()),
        request_key: state.source.id().simple().to_string(),
        now: state.source.now(),
        done,
    }
}

/// Whether the reader came over HTTPS, as a proxy in front says.
pub fn is_https(headers: &HeaderMap) -> bool {
    headers.get("x-forwarded-proto").is_some_and(|scheme| scheme.as_bytes() == b"https")
}

/// Marks an answer that is a page already, whatever its status.
#[derive(Clone, Copy)]
struct Rendered;

/// The header that ends the session of a request.
pub fn end_session(headers: &HeaderMap) -> Option<HeaderValue> {
    session::close(is_https(headers))
}

/// A form that another site sent.
#[derive(Clone)]
pub struct CrossSite;

impl ResponseForProtectionError<Body> for CrossSite {
    fn response_for_protection_error(&mut self, _: ProtectionError) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::FORBIDDEN;
        response
    }
}

/// Errors that no page rendered: each as a page that says what to do.
pub async fn errors(
    State((state, timeout)): State<(AppState, Duration)>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers().clone();
    let response = bounded(timeout, next.run(request)).await;
    if response.extensions().get::<Rendered>().is_some() {
        return response;
    }
    let (title, detail) = match response.status() {
        StatusCode::FORBIDDEN => (
            "Refused",
            "This form was sent from another site. Open the page here, and send it from there; a proxy in front \
             of this server must pass on Host and Origin as they are.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => ("Too large", "The form holds more than this server takes."),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ("Wrong kind of form", "Send it as a browser does."),
        StatusCode::METHOD_NOT_ALLOWED => ("Not possible here", "Go back and use the page's own form."),
        // Of a form, 422 is one that lacks a field: what a field holds wrongly is told beside it.
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
            ("Broken form", "The form did not arrive whole; go back and send it again.")
        }
        StatusCode::REQUEST_TIMEOUT => (
            "This took too long",
            "The server did not finish in the time it allows. Go back and try again: a form sent twice is done once.",
        ),
        status if status.is_server_error() => (
            "Something went wrong here",
            "The server could not do this, and its log has the reason. Go back and try again; a form sent twice is \
             done once.",
        ),
        _ => return response,
    };
    let described = Described { status: response.status().as_u16(), title, detail: detail.into() };
    let mut page = failure(&state, headers, described).await;
    if let Some(allow) = response.headers().get(header::ALLOW) {
        page.headers_mut().insert(header::ALLOW, allow.clone());
    }
    page
}
