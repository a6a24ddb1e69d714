//! Pages: rendered by the app, and the forms that they send.

mod contributions;
mod forms;
mod gates;
mod registry;
mod render;
mod sign_in;
mod submit;

use crate::state::AppState;
use axum::{Router, middleware, routing::post};
use std::time::Duration;
use tower_http::{compression::CompressionLayer, csrf::CsrfLayer};

/// Every page and form, and what the browser fetches for them; a page may take as long as given.
pub fn router(state: &AppState, timeout: Duration) -> Router<AppState> {
    let assets = Router::new()
        .route("/assets/{tag}/{name}", axum::routing::get(crate::assets::tagged))
        .route("/favicon.svg", axum::routing::get(crate::assets::favicon));
    let assets = match crate::assets::watched_bundle() {
        Some(folder) => assets.nest_service("/pkg", tower_http::services::ServeDir::new(folder)),
        None => assets.route("/pkg/{name}", axum::routing::get(crate::assets::bundle)),
    };
    Router::new()
        .route("/links/new", post(submit::file_link).get(render::page))
        .route("/links/{id}/events", post(submit::append_event))
        .route("/gates/run", post(gates::run))
        .route("/gates/merged", post(gates::check_commit))
        .route("/specs/new", post(registry::register_spec).get(render::page))
        .route("/specs/{id}/edit", post(registry::edit_spec).get(render::page))
        .route("/specs/{id}/change-requests", post(registry::propose_contributor))
        .route("/specs/{id}/proposals", post(registry::propose_spec_change))
        .route("/ideas/{id}/edit", post(registry::edit_idea).get(render::page))
        .route("/ideas/{id}/proposals", post(registry::propose_idea_change))
        .route("/governance/change-requests/{id}/votes", post(registry::cast_vote))
        .route("/contributors/{handle}/decide", post(contributions::decide))
        .route("/contributors/{handle}/identities", post(contributions::identities))
        .route("/governance/flags", post(contributions::raise_flag))
        .route("/governance/flags/{id}/withdraw", post(contributions::withdraw_flag))
        .route("/governance/vetoes", post(contributions::cast_veto))
        .route("/governance/vetoes/{id}/undo", post(contributions::undo_veto))
        .route("/governance/autonomy", post(contributions::decide_autonomy))
        .route("/sign-in", post(sign_in::sign_in).get(render::page))
        .route("/sign-out", post(sign_in::sign_out))
        .fallback(render::page)
        // Forms of other sites are refused by their origin.
        .layer(CsrfLayer::new().with_rejection_response(render::CrossSite))
        .layer(middleware::from_fn_with_state((state.clone(), timeout), render::errors))
        .merge(assets)
        .layer(CompressionLayer::new())
}
