//! Roles of contribution: their marks, and bars in which each role has its part.

use crate::components::chart_shape::rounded;
use crate::shared::chip::{class, letters};
use domain::contribution::{PerRole, Role};
use leptos::prelude::*;

/// What each role's mark and colour stand for.
pub(crate) fn roles_legend() -> AnyView {
    let item = |role: Role| {
        view! {
            <li><span class=format!("chip {}", class(role))><abbr aria-hidden="true">{letters(role)}</abbr>{role.label()}</span></li>
        }
    };
    view! { <ul class="legend roles" role="list">{Role::ALL.map(item).into_iter().collect::<Vec<_>>()}</ul> }
        .into_any()
}

/// One bar: each role's part in its colour, one behind the other; `whole` is as long as the bar can be. What is below
/// zero has no length.
pub(crate) fn role_bar(parts: &PerRole<i64>, whole: i64) -> AnyView {
    let scale = 100.0 / whole.max(1) as f64;
    let mut from = 0.0;
    let segments: Vec<AnyView> = Role::ALL
        .into_iter()
        .filter(|role| *parts.get(*role) > 0)
        .map(|role| {
            let (x, width) = (from, *parts.get(role) as f64 * scale);
            from += width;
            view! { <rect class=class(role) x=rounded(x) width=rounded(width) height="6"></rect> }.into_any()
        })
        .collect();
    view! {
        <svg class="bar parts" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
            <rect class="rail" width="100" height="6"></rect>
            {segments}
        </svg>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_bar_follow_each_other_and_none_is_drawn_of_nothing() {
        let parts = PerRole { challenger: 50, synthesizer: 0, reviewer: 30, sourcer: -4, extractor: 20 };
        let html = role_bar(&parts, 200).to_html();
        for part in [r#"x="0" width="25""#, r#"x="25" width="15""#, r#"x="40" width="10""#] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("sourcer") && !html.contains("synthesizer"), "{html}");
    }
}
