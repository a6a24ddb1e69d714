//! A form that edits a spec, at the version that its editor has seen.

use crate::components::crumbs::Crumbs;
use crate::components::field::summary;
use crate::components::notice::{SignInFirst, must_sign_in};
use crate::components::title::PageTitle;
use crate::components::url::spec_page;
use crate::context::{SentForm, Visit};
use crate::pages::spec_alone::{Alone, fit};
use crate::pages::spec_fields::{FIELDS, Purpose, spec_form};
use crate::pages::{load, site, visit};
use domain::error::Error;
use domain::money::Amount;
use domain::report::{self, SpecReport};
use domain::spec::SpecContent;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// `/specs/{spec_id}/edit`: every field of a registered spec; `?field=…` one of them, where it is long.
#[component]
pub(crate) fn EditSpecPage() -> impl IntoView {
    let (site, visit) = (site(), visit());
    let id = use_params_map().with_untracked(|map| map.get("id"));
    let (field, from) = use_query_map().with_untracked(|map| (map.get("field"), map.get("from")));
    let form = use_context::<SentForm>();
    load(async move {
        let report = report::spec(&*site.store, &id.ok_or(Error::SpecNotFound)?).await?;
        if !report.card.registered {
            return Err(Error::spec_not_registered(&report.card.spec_id));
        }
        let (form, alone) = match form {
            Some(form) => {
                let alone = Alone::sent(&form);
                (form, alone)
            }
            None => {
                let mut typed = typed(&report.content);
                let alone = field.and_then(|field| Alone::asked(&field, from.as_deref(), &mut typed));
                fit(&mut typed);
                (SentForm { typed, ..SentForm::default() }, alone)
            }
        };
        Ok(content(&report, &form, alone.as_ref(), &visit))
    })
}

/// What is written of the spec, as it would have been typed.
fn typed(content: &SpecContent) -> std::collections::BTreeMap<String, String> {
    let amount = |amount: Amount| if amount == Amount::ZERO { String::new() } else { amount.to_string() };
    let lines = |lines: &[String]| lines.join("\n");
    let fields = [
        ("title", content.title.clone()),
        ("idea_id", content.idea_id.clone().unwrap_or_default()),
        ("potential_value", amount(content.potential_value)),
        ("estimated_cost", amount(content.estimated_cost)),
        ("actual_cost", content.actual_cost.map(|cost| cost.to_string()).unwrap_or_default()),
        ("summary", content.summary.clone()),
        ("process_summary", content.process_summary.clone()),
        ("pseudocode_summary", content.pseudocode_summary.clone()),
        ("implementation_summary", content.implementation_summary.clone()),
        ("implementation_refs", lines(&content.implementation_refs)),
        ("evidence_refs", lines(&content.evidence_refs)),
        ("source_files", lines(&content.source_files)),
        ("task_ids", lines(&content.task_ids)),
        ("branches", lines(&content.branches)),
        ("public_endpoints", lines(&content.public_endpoints)),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn content(report: &SpecReport, form: &SentForm, alone: Option<&Alone>, visit: &Visit) -> AnyView {
    let card = &report.card;
    let page = spec_page(&card.spec_id);
    let edit = format!("{page}/edit");
    let purpose =
        Purpose { action: edit.clone(), verb: "Save spec", back: page.clone(), version: Some(card.version) };
    let error = if form.is_refused() { "Error: " } else { "" };
    let content = if must_sign_in() {
        view! { <SignInFirst what="edit a spec" next=edit/> }.into_any()
    } else {
        let fields = match alone {
            Some(alone) => alone.form(form, visit, purpose),
            None => spec_form(form, visit, purpose),
        };
        view! { {summary(form, "Nothing was saved", &FIELDS.map(str::to_owned))}{fields} }.into_any()
    };
    let above = vec![("Specs".into(), "/specs".into()), (card.spec_id.clone(), page)];
    view! {
        <PageTitle text=format!("{error}Edit {}", card.name())/>
        <header class="head">
            <div>
                <Crumbs above=above here="Edit"/>
                <h1>{format!("Edit {}", card.name())}</h1>
                <p class="sub">"What you empty is taken away. If somebody else saves first, nothing of theirs is lost."</p>
            </div>
        </header>
        {content}
    }
    .into_any()
}
