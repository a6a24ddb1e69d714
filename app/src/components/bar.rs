//! Bars that show a part of a whole.

use crate::components::chart_shape::rounded;
use leptos::prelude::*;

/// A bar filled from the left; `class` may name a stage.
pub(crate) fn bar(part: f64, class: &str) -> impl IntoView + use<> {
    view! {
        <svg class=format!("bar {class}") viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
            <rect class="rail" width="100" height="6"></rect>
            <rect class="fill" width=rounded(part.clamp(0.0, 1.0) * 100.0) height="6"></rect>
        </svg>
    }
}

/// A bar for a return from 0 to 2, with a mark where value has paid for cost.
pub(crate) fn roi_bar(roi: f64) -> impl IntoView {
    view! {
        <svg class="bar bar-roi" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
            <rect class="rail" width="100" height="6"></rect>
            <rect class="fill" width=rounded((roi / 2.0).clamp(0.0, 1.0) * 100.0) height="6"></rect>
            <rect class="mark" x="48.5" width="3" height="6"></rect>
        </svg>
    }
}
