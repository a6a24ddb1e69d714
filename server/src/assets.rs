//! What the browser fetches beside pages: style sheet, script, icon and the islands' bundle, from the binary itself.

use axum::{
    extract::Path,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::canonical::hex;
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "$OUT_DIR/assets"]
struct Assets;

/// Whether the islands' bundle was built into this binary, or is served beside it by `cargo leptos watch`.
pub fn has_bundle() -> bool {
    Assets::get("pkg/tributary.wasm").is_some() || watched_bundle().is_some()
}

/// The folder from which `cargo leptos watch` wants its own bundle served.
pub fn watched_bundle() -> Option<std::path::PathBuf> {
    let folder = std::path::PathBuf::from(std::env::var_os("LEPTOS_SITE_ROOT")?).join("pkg");
    folder.join("tributary.wasm").is_file().then_some(folder)
}

/// The address of a file, which changes with its content, so that it may be kept for good.
pub fn address(name: &str) -> String {
    let tag = Assets::get(name).map(|file| tag(&file)).unwrap_or_default();
    format!("/assets/{tag}/{name}")
}

/// The first digits of a file's hash.
fn tag(file: &EmbeddedFile) -> String {
    hex(&file.metadata.sha256_hash()[..8])
}

/// `/assets/{tag}/{name}`: kept for good.
pub async fn tagged(Path((_, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    serve(&name, &headers, "public, max-age=31536000, immutable")
}

/// `/pkg/{name}`: asked for again at each page, answered only when changed.
pub async fn bundle(Path(name): Path<String>, headers: HeaderMap) -> Response {
    serve(&format!("pkg/{name}"), &headers, "no-cache")
}

/// `/favicon.svg`.
pub async fn favicon(headers: HeaderMap) -> Response {
    serve("favicon.svg", &headers, "public, max-age=86400")
}

fn serve(name: &str, headers: &HeaderMap, cache: &'static str) -> Response {
    let Some(file) = Assets::get(name) else { return StatusCode::NOT_FOUND.into_response() };
    let tag = format!("\"{}\"", tag(&file));
    let fixed = [(header::CACHE_CONTROL, cache.to_owned()), (header::ETAG, tag.clone())];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, fixed).into_response();
    }
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let charset = if kind.type_() == "text" { "; charset=utf-8" } else { "" };
    let content_type = [(header::CONTENT_TYPE, format!("{kind}{charset}"))];
    (fixed, content_type, file.data.into_owned()).into_response()
}
