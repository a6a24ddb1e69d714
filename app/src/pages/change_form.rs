//! The form that proposes another value for a field of a spec or an idea: a change request, for others to vote on.

use crate::components::field::{Line, area, choice};
use crate::components::notice::{SignInFirst, must_sign_in};
use crate::context::{SentForm, Visit};
use leptos::prelude::*;

/// The fields of the form. Its page has other forms too, so it has names of its own.
pub(crate) const FIELDS: [&str; 5] =
    ["change_field", "change_value", "change_proposer", "change_reason", "change_approvals"];

/// Proposes a change of one field of what has its page at `own`.
pub(crate) fn propose_change(
    what: &'static str,
    own: &str,
    names: &[&'static str],
    visit: &Visit,
    form: &SentForm,
) -> AnyView {
    let form = if must_sign_in() {
        view! { <SignInFirst what="propose a change" next=format!("{own}#propose")/> }.into_any()
    } else {
        fields(format!("{own}/proposals"), names, visit, form)
    };
    view! {
        <section id="propose" aria-labelledby="propose-h">
            <h2 id="propose-h">"Propose a change"</h2>
            <p class="sub">
                {format!("Another value for a field of this {what}. Others vote; with enough approvals it is applied.")}
            </p>
            {form}
        </section>
    }
    .into_any()
}

fn fields(action: String, names: &[&'static str], visit: &Visit, form: &SentForm) -> AnyView {
    let key = form.typed("request_key").unwrap_or(&visit.request_key).to_owned();
    let label = |name: &&'static str| ((*name).to_owned(), words(name));
    let names = vec![("", names.iter().map(label).collect())];
    let hint = "One per line where the field is a list. Left empty, what is there is taken away.";
    view! {
        <form class="form panel" method="post" action=action aria-labelledby="propose-h">
            <input type="hidden" name="request_key" value=key/>
            <div class="fields">
                {choice(form, "change_field", "Field", names)}
                {Line::new("change_proposer", "Proposer").required().hint("Your own handle; you cannot vote on it.").show(form)}
                {Line::new("change_approvals", "Approvals needed").optional().numeric().hint("1 to 10; 1 when left empty.").show(form)}
                {Line::new("change_reason", "Why").optional().show(form)}
            </div>
            {area(form, "change_value", "New value".into(), hint, 3)}
            <div class="actions"><button class="button" type="submit">"Propose change"</button></div>
        </form>
    }
    .into_any()
}

/// A field's name for a reader: `evidence_refs` is `Evidence refs`.
fn words(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
