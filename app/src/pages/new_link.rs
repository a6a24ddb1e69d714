//! A form that files a link.

use crate::components::crumbs::Crumbs;
use crate::components::field::{Line, Problem, area, field_id, summary};
use crate::components::notice::{SignInFirst, must_sign_in};
use crate::components::title::PageTitle;
use crate::context::{SentForm, Visit};
use crate::pages::contributor_parts::shown_title;
use crate::pages::{load, parameters, site, visit};
use crate::shared::chip::chip;
use crate::shared::number::percent;
use domain::contribution::{CostProposal, Role};
use domain::error::Error;
use domain::id::UnitId;
use domain::report;
use domain::stage::Stage;
use domain::store::Store;
use leptos::prelude::*;

const REFS_HINT: &str = "One per line, such as PR#26 or commit:e616516.";
/// The numbers of an investment: name and label.
const NUMBERS: [(&str, &str); 4] = [
    ("energy_units", "Energy"),
    ("coherence_score", "Coherence"),
    ("awareness_score", "Awareness"),
    ("friction_score", "Friction"),
];

/// `/links/new`: binds an idea, a spec and what was built to those who did it.
#[component]
pub(crate) fn NewLinkPage() -> impl IntoView {
    let (site, visit, sent) = (site(), visit(), use_context::<SentForm>());
    let unit = parameters(&["unit"]).pop().map(|(_, unit)| unit).filter(|unit| !unit.is_empty());
    load(async move {
        // A form that was sent is shown as it was; a new one may begin with a change.
        let draft = match (&sent, unit) {
            (None, Some(unit)) => Some(draft(&*site.store, &unit).await?),
            _ => None,
        };
        Ok(page(&visit, sent, draft))
    })
}

/// A form filled from a merged change, and what it costs by which model.
struct Draft {
    form: SentForm,
    title: String,
    cost: Option<CostProposal>,
}

/// What of a link follows from a change: refs, who proposed and who reviewed it, and what it cost.
async fn draft(store: &dyn Store, unit: &str) -> Result<Draft, Error> {
    let id: UnitId = unit.parse().map_err(|_| Error::UnitNotFound)?;
    let unit = report::contribution_unit(store, id).await?;
    let card = &unit.card;
    let number = report::numbered_ref(store, card).await?;
    let refs: Vec<String> = [format!("commit:{}", card.sha)].into_iter().chain(number).collect();
    let reviewer = unit.credits.iter().find(|credit| credit.role == Role::Reviewer);
    let cost = report::resolve(store, &refs[..1]).await?.cost;
    let typed = [
        ("implementation_refs", Some(refs.join("\n"))),
        ("contributors.implementation", card.proposer.clone()),
        ("contributors.review", reviewer.map(|credit| credit.contributor.clone())),
        ("estimated_cost", cost.as_ref().map(|proposal| proposal.cost.to_string())),
    ];
    let typed = typed.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    let form = SentForm { typed: typed.collect(), ..SentForm::default() };
    Ok(Draft { form, title: shown_title(&card.title), cost })
}

fn page(visit: &Visit, sent: Option<SentForm>, draft: Option<Draft>) -> AnyView {
    // A new form begins with one row; one that was sent has as many as were typed.
    let rows = sent.as_ref().map_or(1, |form| form.rows("investments"));
    let from = draft.as_ref().map(from_change);
    let form = sent.or(draft.map(|draft| draft.form)).unwrap_or_default();
    let error = if form.is_refused() { "Error: " } else { "" };
    let content = if must_sign_in() {
        view! { <SignInFirst what="file a link" next="/links/new".to_owned()/> }.into_any()
    } else {
        view! { {summary(&form, "Nothing was filed", &names(rows))}{link_form(&form, visit, rows)} }
            .into_any()
    };
    view! {
        <PageTitle text=format!("{error}File link")/>
        <header class="head">
            <div>
                <Crumbs above=vec![("Links".into(), "/links".into())] here="File link"/>
                <h1>"File link"</h1>
                <p class="sub">"Bind an idea, its spec and what was built, and say who put what into it."</p>
            </div>
        </header>
        {from}
        {content}
    }
    .into_any()
}

/// Where what is filled in comes from.
fn from_change(draft: &Draft) -> AnyView {
    let cost = draft.cost.as_ref().map(|proposal| {
        format!(
            " The cost is what {} makes of its files and lines, {} % sure: overrule it where you know better, and both are kept.",
            proposal.model,
            percent(proposal.confidence, 0)
        )
    });
    view! {
        <div class="notice">
            <p>"Filled from the change "<b>{draft.title.clone()}</b>"."{cost}" Say which idea and spec it belongs to."</p>
        </div>
    }
    .into_any()
}

/// The names of all fields.
fn names(rows: usize) -> Vec<String> {
    let plain = ["idea_id", "spec_id", "estimated_cost", "implementation_refs"].map(str::to_owned);
    let people = Stage::ALL.map(|stage| format!("contributors.{stage}"));
    let fields = ["stage", "contributor"].into_iter().chain(NUMBERS.map(|(name, _)| name));
    let of_row = |row: usize| {
        let name = move |field| format!("investments[{row}].{field}");
        fields.clone().map(name).collect::<Vec<_>>()
    };
    plain.into_iter().chain(people).chain((0..rows).flat_map(of_row)).collect()
}

fn link_form(form: &SentForm, visit: &Visit, rows: usize) -> AnyView {
    let key = form.typed("request_key").unwrap_or(&visit.request_key).to_owned();
    let person =
        |stage: Stage| Line::new(format!("contributors.{stage}"), chip(stage, stage.label())).show(form);
    let rows: Vec<_> = (0..rows).map(|row| investment(form, row)).collect();
    view! {
        <form class="form" method="post" action="/links/new">
            // The first button of a form is what Enter presses: it files, and removes nothing.
            <button class="default-submit" type="submit" tabindex="-1" aria-hidden="true">"File link"</button>
            <input type="hidden" name="request_key" value=key/>
            {what(form)}
            <fieldset class="group">
                <legend>"Contributors"</legend>
                <p class="sub">"One handle per role. Leave a role empty when nobody did it."</p>
                <div class="fields">{Stage::ALL.map(person).into_iter().collect::<Vec<_>>()}</div>
            </fieldset>
            <fieldset class="group">
                <legend>"Investments"</legend>
                <p class="sub">
                    "Energy somebody put into a stage, in units, with scores from 0 to 1; an empty score counts as 0.5. "
                    "A row without contributor and energy is left out. "
                    "A named contributor without an investment counts with 1.0 energy."
                </p>
                <div class="investments">{rows}</div>
                <p>
                    <button class="button" type="submit" name="add_investment" value="1" formnovalidate=true>
                        "Add investment"
                    </button>
                </p>
            </fieldset>
            <div class="actions group">
                <button class="button primary" type="submit">"File link"</button>
                <a class="button" href="/links">"Cancel"</a>
            </div>
        </form>
    }
    .into_any()
}

fn what(form: &SentForm) -> AnyView {
    let cost_hint = "In the unit your events are measured in.";
    view! {
        <fieldset class="form">
            <legend class="vh">"What"</legend>
            <div class="fields">
                {Line::new("idea_id", "Idea id").required().hint("Such as oss-interface-alignment.").show(form)}
                {Line::new("spec_id", "Spec id").required().hint("Such as 048-value-lineage.").show(form)}
                {Line::new("estimated_cost", "Estimated cost").required().numeric().hint(cost_hint).show(form)}
            </div>
            {area(form, "implementation_refs", "Implementation refs".into(), REFS_HINT, 3)}
        </fieldset>
    }
    .into_any()
}

fn investment(form: &SentForm, row: usize) -> AnyView {
    let name = |field: &str| format!("investments[{row}].{field}");
    let numbers = NUMBERS.map(|(field, label)| Line::new(name(field), label).numeric().show(form));
    let number = row + 1;
    view! {
        <fieldset class="investment">
            <legend>{format!("Investment {number}")}</legend>
            <div class="fields">
                {stage_field(form, name("stage"))}
                {Line::new(name("contributor"), "Contributor").show(form)}
                {numbers.into_iter().collect::<Vec<_>>()}
                <button class="button" type="submit" name="remove_investment" value=row.to_string() formnovalidate=true>
                    "Remove"<span class="vh">{format!(" investment {number}")}</span>
                </button>
            </div>
        </fieldset>
    }
    .into_any()
}

fn stage_field(form: &SentForm, name: String) -> AnyView {
    let id = field_id(&name);
    let problem = Problem::of(form, &name);
    let typed = form.typed(&name).unwrap_or_default();
    let option = |stage: Stage| {
        view! { <option value=stage.name() selected=stage.name() == typed>{stage.label()}</option> }
    };
    let options = Stage::ALL.map(option).into_iter().collect::<Vec<_>>();
    view! {
        <div class="field">
            <label for=id.clone()>"Stage"</label>
            <select
                class="input" id=id.clone() name=name
                aria-invalid=problem.mark() aria-describedby=problem.described_by(&id, false)
            >
                {options}
            </select>
            {problem.show(&id)}
        </div>
    }
    .into_any()
}
