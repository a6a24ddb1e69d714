//! The overview of a store that holds nothing yet: the first steps.

use crate::components::command::{Command, append_event, file_link};
use leptos::prelude::*;

/// The first steps, each with the command that takes it.
#[component]
pub(crate) fn Empty(
    /// Scheme and host for the commands.
    origin: String,
) -> impl IntoView {
    view! {
        <header class="head">
            <div>
                <h1>"Nothing is filed yet"</h1>
                <p class="sub">
                    "Tributary shows what came of an idea and who should share in it. It needs one link to begin."
                </p>
            </div>
        </header>
        <section aria-label="First steps">
            <ol class="steps">
                <li>
                    <div>
                        <h2>"File the first link"</h2>
                        <p class="sub">"Name the idea, the spec and who did what. Unknown stages may stay empty."</p>
                        <p class="actions"><a class="button primary" href="/links/new">"File link"</a></p>
                        <p class="muted small">"Or from a shell:"</p>
                        <Command text=file_link(&origin) label="Command that files a link"/>
                    </div>
                </li>
                <li>
                    <div>
                        <h2>"Append usage events"</h2>
                        <p class="sub">
                            "Each event adds measured value to its link. Send them from the job or meter that sees the use."
                        </p>
                        <Command text=append_event(&origin, "lnk_…") label="Command that appends an event"/>
                    </div>
                </li>
                <li>
                    <div>
                        <h2>"Preview a payout"</h2>
                        <p class="sub">
                            "On the link’s page, name a pool and see who would get what, and why. The "
                            <a href="/api/docs">"API docs"</a>" list the same calls for machines."
                        </p>
                    </div>
                </li>
            </ol>
        </section>
    }
}
