//! A stage's mark: two letters in its colour, the same wherever a stage is shown.

use domain::stage::Stage;
use leptos::prelude::*;

/// The two letters of a stage.
pub const fn letters(stage: Stage) -> &'static str {
    ["Id", "Re", "Sp", "Su", "Im", "Rv"][stage as usize]
}

/// The class that gives an element a stage's colour.
pub const fn class(stage: Stage) -> &'static str {
    [
        "stage-idea",
        "stage-research",
        "stage-spec",
        "stage-spec_upgrade",
        "stage-implementation",
        "stage-review",
    ][stage as usize]
}

/// A stage's mark with a text behind it.
pub fn chip(stage: Stage, text: &str) -> impl IntoView + use<> {
    let (class, text) = (format!("chip named {}", class(stage)), text.to_owned());
    view! { <span class=class><abbr title=stage.label()>{letters(stage)}</abbr>{text}</span> }
}

/// A stage's mark with its name, which gives way to the letters where there is little room.
pub fn stage_chip(stage: Stage) -> impl IntoView {
    let class = format!("chip {}", class(stage));
    view! {
        <span class=class>
            <abbr title=stage.label()>{letters(stage)}</abbr>
            <span class="roomy">{stage.label()}</span>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_class_is_the_stage_s_name() {
        for stage in Stage::ALL {
            assert_eq!(class(stage), format!("stage-{}", stage.name()));
        }
    }
}
