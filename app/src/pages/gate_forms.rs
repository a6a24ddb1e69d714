//! How a gate is asked: now, about another commit, about a merged one, or from a pipeline.

use crate::components::command::Command;
use crate::components::field::Line;
use crate::components::notice::must_sign_in;
use crate::components::url::address;
use crate::components::verdict::short_sha;
use crate::context::{GateSite, SentForm, Visit};
use domain::gate::PUBLIC_DEPLOY_CONTRACT;
use leptos::prelude::*;

/// The button that runs the gate; for a reader who may not, the way in.
pub(crate) fn run_now(visit: &Visit) -> AnyView {
    if must_sign_in() {
        return sign_in();
    }
    view! {
        <form method="post" action="/gates/run">
            <input type="hidden" name="request_key" value=visit.request_key.clone()/>
            <button class="button primary" type="submit">"Run now"</button>
        </form>
    }
    .into_any()
}

fn sign_in() -> AnyView {
    view! { <a class="button" href=address("/sign-in", &[("next", "/gates")])>"Sign in to run it"</a> }
        .into_any()
}

/// Runs the gate of the deployment with a commit that is expected.
pub(crate) fn expected_commit(gates: &GateSite, visit: &Visit, form: &SentForm) -> AnyView {
    let known = match (&gates.expected_sha, &gates.repository) {
        (Some(sha), _) => {
            format!("Without one, the gate expects {}, as this server was told.", short_sha(sha))
        }
        (None, Some(_)) => format!("Without one, the gate expects the head of {}.", gates.branch),
        (None, None) => "Without one, the gate takes any commit and warns of it.".to_owned(),
    };
    let content = if must_sign_in() {
        sign_in()
    } else {
        view! {
            {Line::new("expected_sha", "Expected commit").required().hint("7 to 40 hexadecimal digits.").show(form)}
            <p><button class="button" type="submit">"Run against this commit"</button></p>
        }
        .into_any()
    };
    view! {
        <section aria-labelledby="expect-h">
            <h2 id="expect-h">"Expect a commit"</h2>
            <p class="sub">"Is what runs here what was meant to be deployed? "{known}</p>
            <form class="form" method="post" action="/gates/run" aria-labelledby="expect-h">
                <input type="hidden" name="request_key" value=visit.request_key.clone()/>
                {content}
            </form>
        </section>
    }
    .into_any()
}

/// Asks whether a commit was merged with all that should stand behind it.
pub(crate) fn merged_commit(gates: &GateSite, visit: &Visit, form: &SentForm) -> AnyView {
    let content = match &gates.repository {
        None => view! {
            <p class="notice">
                "This server knows no git repository. Start it with "<code>"--repository PATH"</code>
                ", the path of a clone or mirror, to check commits."
            </p>
        }
        .into_any(),
        Some(_) if must_sign_in() => sign_in(),
        Some(repository) => view! {
            <form class="form" method="post" action="/gates/merged" aria-labelledby="merged-h">
                <input type="hidden" name="request_key" value=visit.request_key.clone()/>
                {Line::new("sha", "Commit").required().hint("7 to 40 hexadecimal digits.").show(form)}
                <p><button class="button" type="submit">"Check commit"</button></p>
            </form>
            <p class="small muted">{format!("Read from {repository}, branch {}.", gates.branch)}</p>
        }
        .into_any(),
    };
    view! {
        <section aria-labelledby="merged-h">
            <h2 id="merged-h">"Check a merged commit"</h2>
            <p class="sub">
                "Is it on the branch, and do a lineage link, its spec and named contributors stand behind it?"
            </p>
            {content}
        </section>
    }
    .into_any()
}

/// How a pipeline asks.
pub(crate) fn pipeline(origin: &str) -> AnyView {
    let api = format!("{origin}/api/gates/{PUBLIC_DEPLOY_CONTRACT}");
    let command = format!(
        "tributary gate run {PUBLIC_DEPLOY_CONTRACT} \\\n  --target {origin} \\\n  --expect-sha \"$SHA\" --format junit"
    );
    view! {
        <section aria-labelledby="pipeline-h">
            <h2 id="pipeline-h">"From a pipeline"</h2>
            <p class="sub">"Let a deployment go on only where the gate passes."</p>
            <Command text=command label="Command that runs the gate"/>
            <p class="sub">
                "Exit code "<b>"0"</b>" is pass, "<b>"1"</b>" fail, "<b>"2"</b>" inconclusive: only pass passes."
            </p>
            <p>"Or the report as JSON, from a run that is at most a minute old:"</p>
            <Command text=format!("curl -s '{api}?max_age=60'") label="Command that fetches the report"/>
            <p>"A badge with the last verdict:"</p>
            <Command text=format!("{api}/badge.svg") label="Address of the badge"/>
        </section>
    }
    .into_any()
}
