//! How a reader shows that they may write.

use crate::components::title::PageTitle;
use crate::context::SentForm;
use crate::pages::site;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// `/sign-in`: asks for an API key.
#[component]
pub(crate) fn SignInPage() -> impl IntoView {
    if !site().locked {
        return open().into_any();
    }
    let form = use_context::<SentForm>().unwrap_or_default();
    let asked = use_query_map().with_untracked(|map| map.get("next"));
    let next = form.typed("next").map(str::to_owned).or(asked).unwrap_or_default();
    let refused = form.is_refused();
    let errors = form.errors.iter().map(|error| error.message.clone());
    let problem: Vec<String> = form.message.iter().cloned().chain(errors).collect();
    let problem = refused.then(|| view! { <p class="error" id="key-error">{problem.join(" ")}</p> });
    let title = if refused { "Error: Sign in" } else { "Sign in" };
    view! {
        <PageTitle text=title/>
        <div class="oops narrow">
            <h1>"Sign in"</h1>
            <p class="sub">
                "This server asks for an API key before it writes. Reading is open to everybody. The operator has the keys."
            </p>
            <form class="form" method="post" action="/sign-in">
                <input type="hidden" name="next" value=next/>
                <div class="field">
                    <label for="key">"API key"</label>
                    <input
                        class="input" type="password" id="key" name="key" required=true autofocus=true
                        autocomplete="current-password" spellcheck="false"
                        aria-invalid=refused.then_some("true")
                        aria-describedby=if refused { "key-error key-hint" } else { "key-hint" }
                    />
                    {problem}
                    <p class="hint" id="key-hint">"Kept in this browser only as a cookie, until you sign out."</p>
                </div>
                <div class="actions"><button class="button primary" type="submit">"Sign in"</button></div>
            </form>
        </div>
    }
    .into_any()
}

/// A server on which nobody has to sign in.
fn open() -> impl IntoView {
    view! {
        <PageTitle text="Sign in"/>
        <div class="oops narrow">
            <h1>"Nobody has to sign in"</h1>
            <p class="sub">"This server asks for no key: whoever reaches it may write."</p>
            <div class="actions"><a class="button primary" href="/links/new">"File link"</a></div>
        </div>
    }
}
