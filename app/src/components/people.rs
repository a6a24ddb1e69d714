//! People by stage, small enough for a table's cell.

use crate::shared::chip::{class, letters};
use domain::link::Contributors;
use domain::stage::Stage;
use leptos::prelude::*;

/// Six slots in the order of the chain, and the names under them. `named` says who is in which stage.
pub(crate) fn people_by_stage(contributors: &Contributors) -> AnyView {
    let slot = |stage: Stage| {
        let who = contributors.get(stage).clone();
        let text = format!("{}: {}", stage.label(), who.as_deref().unwrap_or("nobody"));
        let title = text.clone();
        let class = if who.is_some() { class(stage) } else { "none" };
        view! {
            <li class=class title=title>
                <span aria-hidden="true">{letters(stage)}</span>
                <span class="vh">{text}</span>
            </li>
        }
    };
    let mut names: Vec<&str> = Vec::new();
    for name in Stage::ALL.iter().filter_map(|&stage| contributors.get(stage).as_deref()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let names = if names.is_empty() { "nobody named".to_owned() } else { names.join(", ") };
    view! {
        <ul class="slots" role="list">{Stage::ALL.map(slot).into_iter().collect::<Vec<_>>()}</ul>
        <span class="cell-sub">{names}</span>
    }
    .into_any()
}
