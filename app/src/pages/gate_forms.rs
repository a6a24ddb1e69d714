//! How a gate is asked: now, about another commit, about a merged one, or from a pipeline.

use crate::components::command::Command;
use crate::components::field::Line;
use crate::components::notice::must_sign_in;
use crate::components::url::address;
use crate::components::verdict::short_sha;
use crate::context::{GateSite, SentForm, Visit};
use crate::pages::site;
use domain::gate::{Contract, PUBLIC_DEPLOY_CONTRACT};
use leptos::prelude::*;

/// The page of a gate: that of the deployment's own stands first.
pub(crate) fn gate_page(name: &str) -> String {
    address("/gates", &[("gate", if name == PUBLIC_DEPLOY_CONTRACT { "" } else { name })])
}

/// The button that runs a gate; for a reader who may not, the way in.
pub(crate) fn run_now(gate: &str, visit: &Visit) -> AnyView {
    if must_sign_in() {
        return sign_in(gate);
    }
    view! {
        <form method="post" action="/gates/run">
            <input type="hidden" name="request_key" value=visit.request_key.clone()/>
            {other_gate(gate)}
            <button class="button primary" type="submit">"Run now"</button>
        </form>
    }
    .into_any()
}

/// Names the gate that a form runs, where it is not the deployment's own.
fn other_gate(gate: &str) -> Option<AnyView> {
    let other = (gate != PUBLIC_DEPLOY_CONTRACT).then(|| gate.to_owned())?;
    Some(view! { <input type="hidden" name="gate" value=other/> }.into_any())
}

fn sign_in(gate: &str) -> AnyView {
    let href = address("/sign-in", &[("next", &gate_page(gate))]);
    view! { <a class="button" href=href>"Sign in to run it"</a> }.into_any()
}

/// Runs a gate of the deployment with a commit that is expected.
pub(crate) fn expected_commit(
    contract: &Contract,
    gates: &GateSite,
    visit: &Visit,
    form: &SentForm,
) -> AnyView {
    let known = match (&gates.expected_sha, &gates.repository) {
        (Some(sha), _) => {
            format!("Without one, the gate expects {}, as this server was told.", short_sha(sha))
        }
        (None, Some(_)) => format!("Without one, the gate expects the head of {}.", gates.branch),
        (None, None) => "Without one, the gate takes any commit and warns of it.".to_owned(),
    };
    let content = if must_sign_in() {
        sign_in(&contract.name)
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
                {other_gate(&contract.name)}
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
        Some(_) if must_sign_in() => sign_in(PUBLIC_DEPLOY_CONTRACT),
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
pub(crate) fn pipeline(contract: &Contract, gates: &GateSite, origin: &str) -> AnyView {
    let name = &contract.name;
    let api = format!("{origin}/api/gates/{name}");
    let is_public = name == PUBLIC_DEPLOY_CONTRACT;
    // The command knows the contracts that come along; another it reads from its file.
    let file = if is_public { String::new() } else { format!(" \\\n  --contract {name}.toml") };
    let key = if site().locked { " \\\n  --key-file \"$KEY_FILE\"" } else { "" };
    let command = format!(
        "tributary gate run {name}{file} \\\n  --target {origin}{key} \\\n  --expect-sha \"$SHA\" --format junit"
    );
    let key_words = site().locked.then(|| {
        view! { <p class="sub">"The file holds the key that this server asks for: one line, a name and a secret."</p> }
    });
    let fetch = format!("curl -s '{api}?max_age={}'", gates.max_age_seconds);
    view! {
        <section aria-labelledby="pipeline-h">
            <h2 id="pipeline-h">"From a pipeline"</h2>
            <p class="sub">"Let a deployment go on only where the gate passes."</p>
            <Command text=command label="Command that runs the gate"/>
            {key_words}
            <p class="sub">
                "Exit code "<b>"0"</b>" is pass, "<b>"1"</b>" fail, "<b>"2"</b>" inconclusive: only pass passes."
            </p>
            <p>{format!("Or the report as JSON, {}:", age(gates.max_age_seconds))}</p>
            <Command text=fetch label="Command that fetches the report"/>
            <p>"A badge with the last verdict:"</p>
            <Command text=format!("{api}/badge.svg") label="Address of the badge"/>
        </section>
    }
    .into_any()
}

/// How old a report may be that is given again.
fn age(seconds: u64) -> String {
    match (seconds, seconds / 60) {
        (0, _) => "from a run that is made for it".to_owned(),
        (60, _) => "from a run that is at most a minute old".to_owned(),
        (seconds, minutes) if seconds % 60 == 0 => {
            format!("from a run that is at most {minutes} minutes old")
        }
        (1, _) => "from a run that is at most a second old".to_owned(),
        (seconds, _) => format!("from a run that is at most {seconds} seconds old"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_told_as_one_would_say_it() {
        assert_eq!(age(60), "from a run that is at most a minute old");
        assert_eq!(age(90), "from a run that is at most 90 seconds old");
        assert_eq!(age(600), "from a run that is at most 10 minutes old");
        assert_eq!(age(0), "from a run that is made for it");
    }
}
