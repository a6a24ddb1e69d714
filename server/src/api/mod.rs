//! The JSON API: every route with its documentation, one file an endpoint.

mod answer;
mod append_event;
mod changes;
mod conditional;
mod contribution_units;
mod contributors;
mod error;
mod extract;
mod file_link;
mod gates;
mod get_link;
mod get_valuation;
mod governance;
mod health;
mod ideas;
mod imports;
mod knowledge;
mod link_references;
mod list_events;
mod list_links;
mod preview_payout;
mod spec_registry;

pub use error::ApiError;

use crate::state::AppState;
use axum::{
    Router,
    http::{HeaderValue, header},
    middleware,
    response::{IntoResponse as _, Response},
    routing::any,
};
use std::time::Duration;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::{router::OpenApiRouter, routes};
use utoipa_swagger_ui::SwaggerUi;

/// What the document says of the API as a whole.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tributary",
        description = "From idea to payout: lineage links, usage events, valuations and payout previews.\n\n\
            Numbers are decimals, read and answered digit for digit. Every error is `{\"detail\": …}`, with \
            `errors` naming each wrong field; `Accept: application/problem+json` gets RFC 9457. Every POST takes \
            an `Idempotency-Key`: sent again with the same content it gets the same answer, with other content 409.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    components(schemas(error::Problem)),
    modifiers(&Keys),
)]
struct Document;

/// How keys are sent, on a server that asks for one.
struct Keys;

impl Modify for Keys {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        let key = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new("X-API-Key")));
        let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        components.add_security_scheme("api_key", key);
        components.add_security_scheme("bearer", bearer);
    }
}

/// Every documented route.
fn documented() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(list_links::list_links, file_link::file_link))
        .routes(routes!(get_link::get_link))
        .routes(routes!(list_events::list_events, append_event::append_event))
        .routes(routes!(get_valuation::get_valuation))
        .routes(routes!(link_references::link_references))
        .routes(routes!(preview_payout::preview_payout))
        .merge(gates::routes())
        .merge(spec_registry::routes())
        .merge(ideas::routes())
        .merge(governance::routes())
        .merge(contributors::routes())
        .merge(contribution_units::routes())
        .merge(knowledge::routes())
        .merge(imports::routes())
        .routes(routes!(changes::changes))
        .routes(routes!(health::health))
        .routes(routes!(health::livez))
        .routes(routes!(health::readyz))
        .routes(routes!(health::version))
}

/// The OpenAPI 3.1 document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    documented().into_openapi()
}

/// The API with its document and the page that shows it; an answer may take as long as given.
pub fn router(timeout: Duration) -> Router<AppState> {
    let (routes, document) = documented().split_for_parts();
    let docs = Router::from(SwaggerUi::new("/api/docs").url("/api/openapi.json", document))
        .layer(middleware::map_response(allow_docs_to_style));
    routes
        .route("/api", any(not_found))
        .route("/api/", any(not_found))
        .route("/api/{*path}", any(not_found))
        .merge(docs)
        .layer(middleware::from_fn_with_state(timeout, error::render_errors))
}

/// Unknown paths below `/api`, which are never pages.
async fn not_found() -> Response {
    axum::http::StatusCode::NOT_FOUND.into_response()
}

/// The page of the document brings its own scripts and styles it by attributes; nothing from elsewhere.
async fn allow_docs_to_style(mut response: Response) -> Response {
    let policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                  connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}
