//! People by stage, small enough for a table's cell.

use crate::components::trace_shape::cut;
use crate::shared::chip::{class, letters};
use domain::link::Contributors;
use domain::stage::Stage;
use leptos::prelude::*;

/// Characters of a name that a cell has room for: a row of a table names six people, and a page has fifty rows.
const SHOWN_NAME: usize = 24;
/// Characters of all names together.
const SHOWN_NAMES: usize = 90;

/// Six slots in the order of the chain, and the names under them. `named` says who is in which stage.
pub(crate) fn people_by_stage(contributors: &Contributors) -> AnyView {
    let slot = |stage: Stage| {
        let who = contributors.get(stage).clone();
        let name = who.as_deref().map_or_else(|| "nobody".to_owned(), |name| cut(name, SHOWN_NAME));
        let text = format!("{}: {name}", stage.label());
        // A short name stands in a tip as well; the page stays light whatever the names.
        let title = (name.chars().count() <= SHOWN_NAME - 8).then(|| text.clone());
        let class = if who.is_some() { class(stage) } else { "none" };
        view! {
            <li class=class title=title>
                <span aria-hidden="true">{letters(stage)}</span>
                <span class="vh">{text}</span>
            </li>
        }
    };
    let mut names: Vec<String> = Vec::new();
    for name in Stage::ALL.iter().filter_map(|&stage| contributors.get(stage).as_deref()) {
        let name = cut(name, SHOWN_NAME);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let names =
        if names.is_empty() { "nobody named".to_owned() } else { cut(&names.join(", "), SHOWN_NAMES) };
    view! {
        <ul class="slots" role="list">{Stage::ALL.map(slot).into_iter().collect::<Vec<_>>()}</ul>
        <span class="cell-sub">{names}</span>
    }
    .into_any()
}
