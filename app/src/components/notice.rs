//! Words to the reader that stand out.

use crate::components::url::address;
use crate::context::{SentForm, Site, Visit};
use leptos::prelude::*;

/// Whether this reader must sign in before writing. Not who sent a form already: it is shown again, or what was typed
/// would be lost.
pub(crate) fn must_sign_in() -> bool {
    if use_context::<SentForm>().is_some() {
        return false;
    }
    let signed_in = use_context::<Visit>().is_some_and(|visit| visit.signed_in.is_some());
    use_context::<Site>().is_some_and(|site| site.locked) && !signed_in
}

/// Stands where a form would, for a reader who must sign in first.
#[component]
pub(crate) fn SignInFirst(
    /// What for: `file a link`.
    what: &'static str,
    /// Where to come back to.
    next: String,
) -> impl IntoView {
    view! {
        <div class="notice warn">
            <h2>{format!("Sign in to {what}")}</h2>
            <p>
                "Reading is open to everybody here; writing asks for an API key. "
                <a href=address("/sign-in", &[("next", &next)])>"Sign in with your key"</a>"."
            </p>
        </div>
    }
}
