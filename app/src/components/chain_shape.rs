//! The geometry of the chain: six stages from left to right, and what they feed.
//!
//! The picture is 1152 × 268. Stage `i` stands at x = 156·i. From its energy bar a stream falls, as wide as the
//! stage's share of the effect, bends to the right and runs to the glass at the end. Later stages lie on top and
//! come in from further right, so nothing crosses.

use crate::components::chart_shape::rounded;
use domain::money::{Amount, Energy, Factor};
use domain::payout::PayoutPreview;
use domain::stage::Stage;

/// From one stage to the next.
const COLUMN: f64 = 156.0;
/// How thick all streams are together.
const THICKNESS: f64 = 80.0;
/// Where the streams and the glass stand.
const BOTTOM: f64 = 260.0;
/// The inner radius of a bend.
const BEND: f64 = 16.0;
/// Where the streams end: the wall of the glass.
const END: f64 = 944.0;
/// The longest bar of energy.
const BAR: f64 = 124.0;
/// How high the glass is.
const GLASS: f64 = 172.0;
/// How wide the names over a column may be, in tenths of an average character.
const NAME_ROOM: usize = 140;

/// A stage with everyone in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lane {
    /// The stage.
    pub stage: Stage,
    /// Who is in it.
    pub names: Vec<String>,
    /// The energy of its investments.
    pub invested: Energy,
    /// The energy of those who are named only.
    pub implied: Energy,
    /// Its share of the effect under the policy.
    pub share: Factor,
}

impl Lane {
    /// The six stages as a policy sees them.
    pub(crate) fn all(preview: &PayoutPreview) -> Vec<Self> {
        Stage::ALL.into_iter().map(|stage| Self::of(stage, preview)).collect()
    }

    fn of(stage: Stage, preview: &PayoutPreview) -> Self {
        let rows = || preview.payouts.iter().filter(move |row| row.role == stage);
        let energy = |implied: bool| {
            let rows = rows().filter(|row| row.explanation.implied == implied);
            Energy::from_micros(rows.map(|row| row.energy_units.micros()).sum())
        };
        Self {
            stage,
            names: rows().map(|row| row.contributor.clone()).collect(),
            invested: energy(false),
            implied: energy(true),
            share: Factor::from_parts(rows().map(|row| row.effective_weight.parts()).sum()),
        }
    }

    /// All of its energy.
    pub(crate) fn energy(&self) -> Energy {
        Energy::from_micros(self.invested.micros() + self.implied.micros())
    }

    /// Whether all of its energy is implied.
    pub(crate) fn is_implied(&self) -> bool {
        self.invested == Energy::ZERO
    }
}

/// Names that fit over a column: `carol`, `carol, dan +1`, `a-very-long-na…`.
pub(crate) fn short_names(names: &[String]) -> String {
    let joined = |shown: usize| {
        let left = names.len() - shown;
        let tail = if left > 0 { format!(" +{left}") } else { String::new() };
        format!("{}{tail}", names[..shown].join(", "))
    };
    let fitting = (1..=names.len()).rev().map(joined).find(|text| width(text) <= NAME_ROOM);
    fitting.unwrap_or_else(|| {
        let left = names.len().saturating_sub(1);
        let tail = if left > 0 { format!(" +{left}") } else { String::new() };
        let room = NAME_ROOM.saturating_sub(width(&tail));
        format!("{}{tail}", cut(names.first().map_or("", String::as_str), room))
    })
}

/// About how wide a text is, in tenths of an average character. Nothing here knows the reader's font.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(width_of).sum()
}

const fn width_of(letter: char) -> usize {
    match letter {
        'W' | 'M' | 'm' | 'w' | '@' | '%' | '\u{2014}' => 17,
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '!' | '|' | '\'' | '-' | ' ' => 6,
        'A'..='Z' | '&' | '\u{C0}'..='\u{DE}' | '\u{391}'..='\u{3A9}' | '\u{410}'..='\u{42F}' => 13,
        '+' | '<' | '>' | '=' | '#' => 13,
        '…' => 16,
        // Accents stand over the letter before them.
        '\u{300}'..='\u{36F}' | '\u{200B}'..='\u{200F}' | '\u{FE00}'..='\u{FE0F}' => 0,
        // Scripts as wide as they are high, and pictures.
        '\u{1100}'..='\u{115F}'
        | '\u{2E80}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FF01}'..='\u{FF60}' => 18,
        '\u{1F000}'.. => 20,
        // Ligatures and long vowels of other scripts: rather too wide than too narrow.
        '\u{900}'..='\u{10FF}' | '\u{FB50}'..='\u{FEFF}' => 14,
        _ => 10,
    }
}

/// A text at most as wide as `room`, with … where it was cut.
pub(crate) fn cut(text: &str, room: usize) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let mut left = room.saturating_sub(width_of('…'));
    let fits = |letter: &char| {
        let fits = width_of(*letter) <= left;
        left = left.saturating_sub(width_of(*letter));
        fits
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

/// A stage as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    /// Its left edge.
    pub x: String,
    /// The bar of energy invested: its width; none where nothing is.
    pub invested: Option<String>,
    /// The bar of energy implied: its left edge and width.
    pub implied: Option<(String, String)>,
    /// Its stream and where the share is written; none where nobody is in it.
    pub stream: Option<(String, String)>,
}

/// The columns of the chain.
pub(crate) fn columns(lanes: &[Lane]) -> Vec<Column> {
    let most = lanes.iter().map(|lane| lane.energy().micros()).max().unwrap_or(0).max(1_000_000) as f64;
    let mut below = 0.0;
    let column = |(at, lane): (usize, &Lane)| {
        let x = COLUMN * at as f64;
        if lane.names.is_empty() {
            return Column { x: rounded(x), invested: None, implied: None, stream: None };
        }
        let length = |energy: Energy| BAR * energy.micros() as f64 / most;
        let invested = (lane.invested > Energy::ZERO).then(|| length(lane.invested).max(6.0));
        let start = x + invested.unwrap_or(0.0) + 0.5;
        let implied = (lane.implied > Energy::ZERO).then(|| length(lane.implied).max(6.0) - 1.0);
        let share = lane.share.parts() as f64 / 1e12;
        let width = (THICKNESS * share).max(1.5);
        let bottom = BOTTOM - THICKNESS * below;
        below += share;
        Column {
            x: rounded(x),
            invested: invested.map(rounded),
            implied: implied.map(|width| (rounded(start), rounded(width))),
            stream: Some((stream(x, width, bottom), rounded(x + width + 10.0))),
        }
    };
    lanes.iter().enumerate().map(column).collect()
}

fn stream(x: f64, width: f64, bottom: f64) -> String {
    let (x0, x1, outer, top) = (rounded(x), rounded(x + width), rounded(width + BEND), bottom - width);
    let (bent, high) = (rounded(x + width + BEND), rounded(top - BEND));
    let (low, top) = (rounded(bottom), rounded(top));
    format!(
        "M{x0} 75V{high}A{outer} {outer} 0 0 0 {bent} {low}H{END}V{top}H{bent}A{BEND} {BEND} 0 0 1 {x1} {high}V75Z"
    )
}

/// The glass at the end: how full it is, where the line of cost lies, and where both are written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Outcome {
    /// The surface of the value in it.
    pub value: f64,
    /// The line of cost.
    pub cost: f64,
    /// The baseline of the value's label.
    pub value_label: f64,
    /// The baseline of the cost's label.
    pub cost_label: f64,
}

impl Outcome {
    /// The bottom of the glass.
    pub(crate) const BOTTOM: f64 = BOTTOM;
    /// The height of the glass.
    pub(crate) const HEIGHT: f64 = GLASS;

    /// Fills the glass. Labels that would touch are moved apart, the higher one up.
    pub(crate) fn of(value: Amount, cost: Amount) -> Self {
        let most = value.max(cost).micros().max(1) as f64;
        let at = |amount: Amount| BOTTOM - GLASS * amount.micros() as f64 / most;
        let (value, cost) = (at(value), at(cost));
        let lowest = BOTTOM - 8.0;
        let (mut value_label, mut cost_label) = (value.min(lowest), cost.min(lowest));
        if (value_label - cost_label).abs() < 44.0 {
            if cost <= value {
                value_label = value_label.max(cost_label + 44.0).min(lowest);
                cost_label = value_label - 44.0;
            } else {
                cost_label = cost_label.max(value_label + 44.0).min(lowest);
                value_label = cost_label - 44.0;
            }
        }
        Self { value, cost, value_label, cost_label }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane(stage: Stage, name: &str, invested: i64, implied: i64, percent: i128) -> Lane {
        let energy = |units: i64| Energy::from_micros(units * 1_000_000);
        Lane {
            stage,
            names: if name.is_empty() { Vec::new() } else { vec![name.into()] },
            invested: energy(invested),
            implied: energy(implied),
            share: Factor::from_parts(percent * 10_000_000_000),
        }
    }

    #[test]
    fn streams_lie_on_one_another_and_end_at_the_glass() {
        let columns = columns(&[
            lane(Stage::Idea, "alice", 0, 1, 25),
            lane(Stage::Research, "", 0, 0, 0),
            lane(Stage::Spec, "bob", 4, 0, 75),
        ]);
        assert_eq!(
            columns[0].stream.as_ref().unwrap().0,
            "M0 75V224A36 36 0 0 0 36 260H944V240H36A16 16 0 0 1 20 224V75Z"
        );
        assert_eq!(columns[0].implied, Some(("0.5".into(), "30".into())));
        assert_eq!(columns[1].stream, None);
        assert!(columns[2].stream.as_ref().unwrap().0.contains("H944V180H"));
        assert_eq!(columns[2].invested.as_deref(), Some("124"));
    }

    #[test]
    fn labels_of_the_outcome_never_touch() {
        let units = |units: i64| Amount::from_micros(units * 1_000_000);
        for (value, cost) in [(100, 120), (120, 100), (0, 0), (0, 100), (100, 0), (100, 100), (1, 100)] {
            let outcome = Outcome::of(units(value), units(cost));
            let apart = (outcome.value_label - outcome.cost_label).abs();
            assert!(apart >= 44.0, "{value} against {cost}: {apart}");
            assert!(outcome.value_label <= 252.0 && outcome.cost_label <= 252.0);
        }
    }

    #[test]
    fn names_are_cut_to_their_column() {
        let names = |names: &[&str]| short_names(&names.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(names(&["carol"]), "carol");
        assert_eq!(names(&["carol", "dan", "erin"]), "carol, dan, erin");
        assert_eq!(names(&["carol", "dan", "erin", "finn"]), "carol, dan +2");
        assert_eq!(names(&["a-rather-long-handle"]), "a-rather-long-…");
        assert_eq!(names(&["a-rather-long-handle", "b"]), "a-rather-l… +1");
        assert_eq!(names(&[&"W".repeat(200)]), "WWWWWWW…");
        assert_eq!(names(&["WWWWWWWW", "b"]), "WWWWW… +1");
        assert_eq!(names(&[&"李".repeat(20)]), "李李李李李李…");
    }
}
