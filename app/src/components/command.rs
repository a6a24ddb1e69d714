//! Commands to copy into a shell.

use leptos::prelude::*;

/// A command, which scrolls in itself where it is wide.
#[component]
pub(crate) fn Command(
    /// The command.
    #[prop(into)]
    text: String,
    /// What it does: `Command that files a link`.
    label: &'static str,
) -> impl IntoView {
    view! {
        <div class="command">
            <pre tabindex="0" role="region" aria-label=label><code>{text}</code></pre>
            <button class="button slim needs-js" type="button" data-copy="">
                "Copy"<span class="vh">{format!(": {label}")}</span>
            </button>
        </div>
    }
}

/// The command that files a link.
pub(crate) fn file_link(origin: &str) -> String {
    format!(
        r#"curl -X POST {origin}/api/value-lineage/links \
  -H 'content-type: application/json' \
  -d '{{
    "idea_id": "oss-interface-alignment",
    "spec_id": "048-value-lineage-and-payout-attribution",
    "implementation_refs": ["PR#26"],
    "contributors": {{"idea": "alice", "implementation": "carol"}},
    "investments": [],
    "estimated_cost": 120.0
  }}'"#
    )
}

/// The command that appends an event to a link.
pub(crate) fn append_event(origin: &str, link: &str) -> String {
    format!(
        r#"curl -X POST {origin}/api/value-lineage/links/{link}/usage-events \
  -H 'content-type: application/json' \
  -d '{{"source": "api", "metric": "adoption_events", "value": 45.5}}'"#
    )
}

/// The command that previews a payout.
pub(crate) fn preview_payout(origin: &str, link: &str, body: &str) -> String {
    format!(
        r"curl -X POST {origin}/api/value-lineage/links/{link}/payout-preview \
  -H 'content-type: application/json' \
  -d '{body}'"
    )
}
