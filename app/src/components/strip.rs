//! The last runs of a gate as a strip of bars, oldest to the left, with their table under it.

use crate::components::chart_shape::rounded;
use crate::components::scroll::twin;
use crate::components::time::Time;
use crate::components::verdict::{mark, took};
use crate::shared::number::counted;
use domain::gate::{GateRun, Verdict};
use leptos::prelude::*;

/// Height of a bar that took as long as any, and the least height of one.
const HEIGHTS: (f64, f64) = (36.0, 5.0);
/// Height of the picture: above a bar there is room for its sign.
const PICTURE: f64 = 48.0;

/// The runs, given newest first: height is duration, the form tells the verdict, and each leads to its report.
pub(crate) fn strip(runs: &[GateRun]) -> AnyView {
    let longest = runs.iter().map(|run| run.duration_ms).max().unwrap_or(0);
    let bars: Vec<_> = runs.iter().rev().map(|run| bar(run, longest)).collect();
    view! {
        <figure class="strip">
            <ol role="list" aria-label="Last runs, oldest first">{bars}</ol>
            <figcaption class="small muted">{words(runs, longest)}</figcaption>
        </figure>
        {twin("The same runs as a table", table(runs))}
    }
    .into_any()
}

fn bar(run: &GateRun, longest: i64) -> AnyView {
    let words = format!(
        "{}, {}, {}",
        run.verdict,
        run.started_at.format("%-d %b %Y, %H:%M:%S UTC"),
        took(run.duration_ms)
    );
    let (most, least) = HEIGHTS;
    let height = (most * run.duration_ms as f64 / longest.max(1) as f64).max(least);
    let (top, length) = (rounded(PICTURE - height), rounded(height));
    let shape = match run.verdict {
        Verdict::Pass => view! { <rect x="3" y=top width="14" height=length></rect> }.into_any(),
        // A cross stands on the bar.
        Verdict::Fail => {
            let cross = PICTURE - height;
            let cross = format!("M5 {}l10 -8m-10 0l10 8", rounded(cross - 2.0));
            view! { <rect x="3" y=top width="14" height=length></rect><path d=cross></path> }.into_any()
        }
        // An outline, as nothing is known.
        Verdict::Inconclusive => {
            let (top, length) = (rounded(PICTURE - height + 1.0), rounded(height - 2.0));
            view! { <rect x="4" y=top width="12" height=length></rect> }.into_any()
        }
    };
    view! {
        <li>
            <a class=run.verdict.name() href=format!("/gates/runs/{}", run.id) title=words.clone() aria-label=words>
                <svg viewBox="0 0 20 48" aria-hidden="true">{shape}</svg>
            </a>
        </li>
    }
    .into_any()
}

fn words(runs: &[GateRun], longest: i64) -> String {
    let of = |verdict: Verdict| runs.iter().filter(|run| run.verdict == verdict).count();
    let parts =
        [(Verdict::Pass, "passed"), (Verdict::Fail, "failed"), (Verdict::Inconclusive, "inconclusive")];
    let parts: Vec<String> = parts
        .into_iter()
        .map(|(verdict, word)| (of(verdict), word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let runs = counted(i64::try_from(runs.len()).unwrap_or(i64::MAX), "run");
    format!("Last {runs}: {}. Height is time; the longest took {}.", parts.join(", "), took(longest))
}

fn table(runs: &[GateRun]) -> AnyView {
    let row = |run: &GateRun| {
        view! {
            <tr>
                <th scope="row"><a href=format!("/gates/runs/{}", run.id)><Time at=run.started_at/></a></th>
                <td>{mark(run.verdict)}</td>
                <td class="num">{took(run.duration_ms)}</td>
            </tr>
        }
    };
    view! {
        <table>
            <caption>"Newest first"</caption>
            <thead>
                <tr>
                    <th scope="col">"Began"</th>
                    <th scope="col">"Verdict"</th>
                    <th scope="col" class="num">"Took"</th>
                </tr>
            </thead>
            <tbody>{runs.iter().map(row).collect::<Vec<_>>()}</tbody>
        </table>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use domain::id::RunId;

    fn run(verdict: Verdict, duration_ms: i64) -> GateRun {
        let id = "run_01h455vb4pex5vsknk084sn02q".parse::<RunId>().unwrap();
        let started_at = DateTime::from_timestamp(1_771_113_600, 0).unwrap();
        GateRun { id, gate: "a-gate".into(), subject: None, verdict, started_at, duration_ms }
    }

    #[test]
    fn the_strip_is_told_in_words_too() {
        let runs = [run(Verdict::Pass, 90), run(Verdict::Fail, 1_200), run(Verdict::Pass, 100)];
        let told = "Last 3 runs: 2 passed, 1 failed. Height is time; the longest took 1,200 ms.";
        assert_eq!(words(&runs, 1_200), told);
    }
}
