//! Every gate with its last verdict.

use crate::components::scroll::table_region;
use crate::components::time::Time;
use crate::components::verdict::{mark, took};
use crate::pages::gate_forms::gate_page;
use domain::gate::GateSummary;
use leptos::prelude::*;

/// All gates; nothing where there is none.
pub(crate) fn gates_list(gates: &[GateSummary]) -> Option<AnyView> {
    let row = |gate: &GateSummary| {
        let last = match &gate.last_run {
            None => view! { <td colspan="3" class="muted">"never ran"</td> }.into_any(),
            Some(run) => view! {
                <td>{mark(run.verdict)}</td>
                <td><a href=format!("/gates/runs/{}", run.id)><Time at=run.started_at/></a></td>
                <td class="num wide-only">{took(run.duration_ms)}</td>
            }
            .into_any(),
        };
        view! {
            <tr>
                <th scope="row">
                    <a class="cell-main" href=gate_page(&gate.name)>{gate.title.clone()}</a>
                    <span class="cell-sub wordy">{gate.summary.clone()}</span>
                </th>
                {last}
            </tr>
        }
    };
    (!gates.is_empty()).then(|| {
        view! {
            <section aria-labelledby="gates-h">
                <h2 id="gates-h">"All gates"</h2>
                {table_region("gates-cap", "The name leads to the gate with its history, the time to the last report", view! {
                    <thead>
                        <tr>
                            <th scope="col">"Gate"</th>
                            <th scope="col">"Verdict"</th>
                            <th scope="col">"Last run"</th>
                            <th scope="col" class="num wide-only">"Took"</th>
                        </tr>
                    </thead>
                    <tbody>{gates.iter().map(row).collect::<Vec<_>>()}</tbody>
                })}
            </section>
        }
        .into_any()
    })
}
