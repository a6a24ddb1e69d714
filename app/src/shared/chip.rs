//! The mark of what is paid for: two letters in its colour, the same wherever a stage or role is shown.

use domain::payout::PaidFor;
use leptos::prelude::*;

/// The two letters of a stage or role.
pub fn letters(of: impl Into<PaidFor>) -> &'static str {
    ["Id", "Re", "Sp", "Su", "Im", "Rv", "Ch", "Sy", "Rw", "So", "Ex"][of.into().place()]
}

/// The class that gives an element a stage's or role's colour.
pub fn class(of: impl Into<PaidFor>) -> &'static str {
    [
        "stage-idea",
        "stage-research",
        "stage-spec",
        "stage-spec_upgrade",
        "stage-implementation",
        "stage-review",
        "role-challenger",
        "role-synthesizer",
        "role-reviewer",
        "role-sourcer",
        "role-extractor",
    ][of.into().place()]
}

/// The mark with a text behind it.
pub fn chip<T: Into<PaidFor>>(of: T, text: &str) -> impl IntoView + use<T> {
    mark(of.into(), text.to_owned())
}

fn mark(of: PaidFor, text: String) -> impl IntoView + use<> {
    let class = format!("chip named {}", class(of));
    view! { <span class=class><abbr title=of.label()>{letters(of)}</abbr>{text}</span> }
}

/// The mark with its name, which gives way to the letters where there is little room.
pub fn stage_chip<T: Into<PaidFor>>(of: T) -> impl IntoView + use<T> {
    let of = of.into();
    let class = format!("chip {}", class(of));
    view! {
        <span class=class>
            <abbr title=of.label()>{letters(of)}</abbr>
            <span class="roomy">{of.label()}</span>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_class_is_the_stage_s_or_role_s_name() {
        for of in PaidFor::ALL {
            let kind = if of.stage().is_some() { "stage" } else { "role" };
            assert_eq!(class(of), format!("{kind}-{}", of.name()));
            assert_eq!(PaidFor::ALL[of.place()], of);
        }
    }
}
