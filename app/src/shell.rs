//! The document around every page: its head, its scripts and the policy that lets nothing else run.

use crate::App;
use crate::context::Site;
use http::header::CONTENT_SECURITY_POLICY;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::MetaTags;

/// Marks the document as one that scripts run in, before anything is drawn.
const MARK_SCRIPTED: &str = "document.documentElement.classList.add('js')";

/// The whole document.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    // What waits within a page is run by tokio; an error only says that this was settled before.
    let _ = any_spawner::Executor::init_tokio();
    let nonce = use_nonce();
    if let (Some(nonce), Some(response)) = (&nonce, use_context::<ResponseOptions>())
        && let Ok(value) = policy(nonce).parse()
    {
        response.insert_header(CONTENT_SECURITY_POLICY, value);
    }
    // For the script that wakes a page's islands, and the one that reloads it under `cargo leptos watch`.
    let reload = options.clone();
    provide_context(options);
    let head = use_context::<Site>().map(|site| {
        view! {
            <link rel="stylesheet" href=site.stylesheet/>
            <script nonce=nonce.clone()>{MARK_SCRIPTED}</script>
            <script type="module" src=site.script nonce=nonce></script>
        }
    });
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                {head}
                <AutoReload options=reload/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// What a page may load and run: its own files, and scripts that carry this answer's nonce.
fn policy(nonce: &str) -> String {
    [
        "default-src 'none'",
        &format!("script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'"),
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        // `cargo leptos watch` tells a page to reload over a socket of its own.
        if std::env::var_os("LEPTOS_WATCH").is_some() {
            "connect-src 'self' ws:"
        } else {
            "connect-src 'self'"
        },
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'self'",
    ]
    .join("; ")
}
