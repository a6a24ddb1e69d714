//! `GET /api/gates/{name}/badge.svg`

use crate::{
    api::error::{ApiError, ErrorBody},
    state::AppState,
};
use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse as _, Response},
};
use domain::{gate::Verdict, report};

/// Width of a letter and of the space around a text, in tenths of a pixel.
const LETTER: usize = 68;
const SPACE: usize = 120;

/// A picture of a gate's last verdict, for a page elsewhere
#[utoipa::path(
    get,
    path = "/api/gates/{name}/badge.svg",
    tag = "gates",
    params(("name" = String, Path, description = "The gate's name", example = "public-deploy-contract")),
    responses(
        (status = 200, description = "The picture", body = String, content_type = "image/svg+xml"),
        (status = 404, description = "No such gate", body = ErrorBody),
    )
)]
pub async fn badge(State(state): State<AppState>, Path(name): Path<String>) -> Result<Response, ApiError> {
    let contract = state.gates.contract(&name)?;
    let last = report::last_gate_report(&*state.store, &name, contract.official()).await?;
    let svg = draw(&name, last.map(|report| report.verdict));
    // A picture on a page elsewhere: asked for again each time, and shown there whatever this server's own policy.
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "no-cache, max-age=0"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ];
    Ok((headers, svg).into_response())
}

/// The name on grey, the verdict in words on its colour.
fn draw(name: &str, verdict: Option<Verdict>) -> String {
    let (word, colour) = match verdict {
        Some(Verdict::Pass) => ("passes", "#1a7f4b"),
        Some(Verdict::Fail) => ("fails", "#b3261e"),
        Some(Verdict::Inconclusive) => ("inconclusive", "#8a5a00"),
        None => ("never ran", "#5c6470"),
    };
    let width = |text: &str| (text.chars().count() * LETTER + SPACE) / 10;
    let (left, right) = (width(name), width(word));
    let whole = left + right;
    let (middle_left, middle_right) = (left / 2, left + right / 2);
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="20" role="img" aria-label="{name}: {word}"><title>{name}: {word}</title><clipPath id="r"><rect width="{whole}" height="20" rx="3"/></clipPath><g clip-path="url(#r)"><rect width="{left}" height="20" fill="#3b424c"/><rect x="{left}" width="{right}" height="20" fill="{colour}"/></g><g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11"><text x="{middle_left}" y="14">{name}</text><text x="{middle_right}" y="14">{word}</text></g></svg>"##
    )
}
