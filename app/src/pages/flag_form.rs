//! The form by which anybody says that something looks wrong.

use crate::components::field::{Line, Problem, escaped, field_id_of, hint, summary};
use crate::components::notice::{SignInFirst, must_sign_in};
use crate::context::{SentForm, Visit};
use domain::governance::FlagSubject;
use leptos::prelude::*;

/// The fields of the form.
const FIELDS: [&str; 2] = ["contributor", "reason"];

/// What is wrong with a refused flag, for the top of the page.
pub(crate) fn flag_summary(form: &SentForm) -> AnyView {
    summary(form, "Nothing was kept", &FIELDS.map(str::to_owned))
}

/// A word about a flag that was just raised.
pub(crate) fn flag_done(visit: &Visit) -> Option<AnyView> {
    (visit.done.as_deref() == Some("flagged")).then(|| {
        view! {
            <div class="notice ok" role="status">
                <p>"Flagged, with the weight that its contributor has earned. "<a href="/governance">"See governance"</a>"."</p>
            </div>
        }
        .into_any()
    })
}

/// Flags the subject of this page; `own` is the page's address.
pub(crate) fn flag_form(subject: &FlagSubject, own: &str, visit: &Visit, form: &SentForm) -> AnyView {
    let flagging = form.typed("act") == Some("flag");
    // Other forms of the page may have the same fields; what is refused is found by the plain ids.
    let of = if form.typed("act").is_some_and(|act| act != "flag") { "flag" } else { "" };
    let content = if must_sign_in() {
        view! { <SignInFirst what="flag this" next=own.to_owned()/> }.into_any()
    } else {
        let plain = SentForm::default();
        let form = if flagging { form } else { &plain };
        let key = form.typed("request_key").unwrap_or(&visit.request_key).to_owned();
        view! {
            <form class="form panel" method="post" action="/governance/flags" aria-label="Flag this">
                <input type="hidden" name="request_key" value=key/>
                <input type="hidden" name="act" value="flag"/>
                <input type="hidden" name="subject_kind" value=subject.kind.name()/>
                <input type="hidden" name="subject" value=subject.id.clone()/>
                <div class="fields">
                    {Line::new("contributor", "Flagged by").required().hint("Your handle; your share of governance CI is the flag's weight.").of(of).show(form)}
                </div>
                {reason_field(form, "What looks wrong", of)}
                <div class="actions"><button class="button primary" type="submit">"Raise flag"</button></div>
            </form>
        }
        .into_any()
    };
    view! {
        <details class="twin" id="flag" open=flagging>
            <summary>"Flag this: something looks wrong"</summary>
            <p class="sub">"A flag blocks nothing. It weighs what its contributor has earned, and stays on record."</p>
            {content}
        </details>
    }
    .into_any()
}

/// A field for a reason of several lines, in one of several forms that have it.
pub(crate) fn reason_field(form: &SentForm, label: &'static str, of: &str) -> AnyView {
    const NAME: &str = "reason";
    let id = field_id_of(NAME, of);
    let problem = Problem::of(form, NAME);
    let typed = escaped(form.typed(NAME).unwrap_or_default());
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <textarea
                class="input" id=id.clone() name=NAME rows="3" required=true
                aria-invalid=problem.mark() aria-describedby=problem.described_by(&id, true)
                inner_html=format!("\n{typed}")
            ></textarea>
            {problem.show(&id)}
            {hint(&id, "Kept for good, with who and when.")}
        </div>
    }
    .into_any()
}
