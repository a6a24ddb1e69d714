//! What a gate found, in a word and a sign: never by colour alone.

use crate::shared::number::count;
use domain::gate::Verdict;
use leptos::prelude::*;

/// From so many milliseconds on, a time is told in seconds.
const LONG_MS: i64 = 10_000;

/// The sign of a verdict.
pub(crate) const fn sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "✓",
        Verdict::Inconclusive => "?",
        Verdict::Fail => "✕",
    }
}

/// A verdict as a table shows it.
pub(crate) fn mark(verdict: Verdict) -> impl IntoView {
    view! {
        <span class=format!("mark {verdict}")><span aria-hidden="true">{sign(verdict)}</span>{verdict.name()}</span>
    }
}

/// How long something took: `116 ms`, `12.5 s`.
pub(crate) fn took(milliseconds: i64) -> String {
    if milliseconds < LONG_MS {
        return format!("{} ms", count(milliseconds));
    }
    format!("{}.{} s", count(milliseconds / 1000), milliseconds % 1000 / 100)
}

/// The beginning of a commit's hash, as people tell commits apart.
pub(crate) fn short_sha(sha: &str) -> String {
    sha.chars().take(9).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_times_are_told_in_milliseconds_and_long_ones_in_seconds() {
        assert_eq!(took(0), "0 ms");
        assert_eq!(took(9_999), "9,999 ms");
        assert_eq!(took(12_560), "12.5 s");
    }
}
