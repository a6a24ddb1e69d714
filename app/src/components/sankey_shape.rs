//! The geometry of the flow from the pool through stages to people.
//!
//! The picture is 960 wide: the pool at x = 0, stages at 340, people at 720, nodes 10 wide. The pool is 240 high, and
//! everything else to the same scale. Ribbons stand in the order of their stages at the pool, of their people at a
//! stage, of their stages at a person; between two columns all share one bend, so they never overlap.

use crate::components::chart_shape::rounded;
use domain::money::Amount;
use domain::payout::{PaidFor, PayoutPreview};

/// The height of the pool.
const POOL: f64 = 240.0;
/// Room over the first node for its label.
const HEAD: f64 = 24.0;
/// Between two stages.
const STAGE_GAP: f64 = 26.0;
/// Between two people, where they are few.
const WIDE_GAP: f64 = 26.0;
/// Between two people, where they are many; each then has a slot of at least this height.
const NARROW_GAP: f64 = 12.0;
const NARROW_SLOT: f64 = 22.0;
/// People that have gaps like stages.
const FEW_PEOPLE: usize = 8;
/// People that are drawn one by one; the others are drawn together.
const MOST_PEOPLE: usize = 16;
const STAGE_X: f64 = 340.0;
const PERSON_X: f64 = 720.0;
const NODE: f64 = 10.0;

/// A node with its label's figures.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node<T> {
    /// What it stands for.
    pub of: T,
    /// All that flows through it.
    pub amount: Amount,
    /// Its upper edge.
    pub y: f64,
    /// Its height.
    pub height: f64,
}

/// The whole picture.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Flow {
    /// Its height.
    pub height: f64,
    /// The upper edge of the pool.
    pub pool_y: f64,
    /// The stages that are paid, in order.
    pub stages: Vec<Node<PaidFor>>,
    /// The people who are paid.
    pub people: Vec<Node<String>>,
    /// The ribbons of each stage: one in, and one out to each of its people.
    pub ribbons: Vec<(PaidFor, Vec<String>)>,
}

/// What one person gets for one stage.
struct Part {
    stage: PaidFor,
    person: usize,
    amount: f64,
}

impl Flow {
    /// The height of the pool's node.
    pub(crate) const POOL: f64 = POOL;

    /// Lays out a preview; none where nobody is paid.
    pub(crate) fn of(preview: &PayoutPreview) -> Option<Self> {
        let paid: Vec<_> = preview.payouts.iter().filter(|row| row.amount > Amount::ZERO).collect();
        let rows: Vec<(PaidFor, &str, i64)> =
            paid.iter().map(|row| (row.role, row.contributor.as_str(), row.amount.micros())).collect();
        if rows.is_empty() {
            return None;
        }
        let scale = POOL / preview.payout_pool.micros() as f64;
        let people = people(&rows);
        let mut parts: Vec<Part> = Vec::new();
        for &(stage, name, micros) in &rows {
            let person = people.iter().position(|(known, _)| known == name).unwrap_or(people.len() - 1);
            match parts.iter_mut().find(|part| (part.stage, part.person) == (stage, person)) {
                Some(part) => part.amount += micros as f64,
                None => parts.push(Part { stage, person, amount: micros as f64 }),
            }
        }
        parts.sort_by_key(|part| (part.stage, part.person));
        Some(Self::laid_out(&rows, people, &parts, scale))
    }

    fn laid_out(
        rows: &[(PaidFor, &str, i64)],
        people: Vec<(String, i64)>,
        parts: &[Part],
        scale: f64,
    ) -> Self {
        let thick = |micros: i64| (micros as f64 * scale).max(1.0);
        let sum = |stage| rows.iter().filter(|row| row.0 == stage).map(|row| row.2).sum::<i64>();
        let stages: Vec<(PaidFor, i64)> =
            PaidFor::ALL.into_iter().map(|stage| (stage, sum(stage))).filter(|(_, sum)| *sum > 0).collect();
        let (gap, slot) = if people.len() > FEW_PEOPLE { (NARROW_GAP, NARROW_SLOT) } else { (WIDE_GAP, 0.0) };
        let stages_high = stages.iter().map(|(_, micros)| thick(*micros)).sum::<f64>()
            + STAGE_GAP * (stages.len() - 1) as f64;
        let people_high = people.iter().map(|(_, micros)| thick(*micros).max(slot)).sum::<f64>()
            + gap * (people.len() - 1) as f64;
        let height = HEAD + stages_high.max(people_high).max(POOL);
        let middle = f64::midpoint(height, HEAD);

        let mut y = middle - stages_high / 2.0;
        let stages: Vec<Node<PaidFor>> = stages
            .into_iter()
            .map(|(of, micros)| {
                let node = Node { of, amount: Amount::from_micros(micros), y, height: thick(micros) };
                y += node.height + STAGE_GAP;
                node
            })
            .collect();
        let mut y = middle - people_high / 2.0;
        let people: Vec<Node<String>> = people
            .into_iter()
            .map(|(of, micros)| {
                let (height, room) = (thick(micros), thick(micros).max(slot));
                let amount = Amount::from_micros(micros);
                let node = Node { of, amount, y: y + (room - height) / 2.0, height };
                y += room + gap;
                node
            })
            .collect();
        let pool_y = middle - POOL / 2.0;
        let ribbons = ribbons(pool_y, &stages, &people, parts, scale);
        Self { height, pool_y, stages, people, ribbons }
    }
}

/// Everyone who is paid with what they get, from those paid for early stages to those paid for late ones. Beyond the
/// most that can be drawn, those who get least are one.
fn people(rows: &[(PaidFor, &str, i64)]) -> Vec<(String, i64)> {
    let mut sums: Vec<(&str, i64, i128)> = Vec::new();
    for &(stage, name, micros) in rows {
        let weighted = i128::from(micros) * stage.place() as i128;
        match sums.iter_mut().find(|(known, ..)| *known == name) {
            Some((_, sum, place)) => {
                *sum += micros;
                *place += weighted;
            }
            None => sums.push((name, micros, weighted)),
        }
    }
    sums.sort_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
    let others: Vec<_> = if sums.len() > MOST_PEOPLE { sums.split_off(MOST_PEOPLE - 1) } else { Vec::new() };
    // Mean places compared as fractions, so that equal ones are equal.
    let places = |of: &(&str, i64, i128), other: &(&str, i64, i128)| of.2 * i128::from(other.1);
    sums.sort_by(|a, b| places(a, b).cmp(&places(b, a)).then(a.0.cmp(b.0)));
    let mut people: Vec<(String, i64)> =
        sums.into_iter().map(|(name, sum, _)| (name.to_owned(), sum)).collect();
    if !others.is_empty() {
        people.push((format!("{} others", others.len()), others.iter().map(|other| other.1).sum()));
    }
    people
}

fn ribbons(
    pool_y: f64,
    stages: &[Node<PaidFor>],
    people: &[Node<String>],
    parts: &[Part],
    scale: f64,
) -> Vec<(PaidFor, Vec<String>)> {
    let mut arrived: Vec<f64> = people.iter().map(|person| person.y).collect();
    let mut left = pool_y;
    let mut of_stage = |stage: &Node<PaidFor>| {
        let through = stage.amount.micros() as f64 * scale;
        let mut drawn = vec![ribbon((NODE, left), (STAGE_X, stage.y), through)];
        left += through;
        let mut out = stage.y;
        for part in parts.iter().filter(|part| part.stage == stage.of) {
            let (thick, arrives) = (part.amount * scale, &mut arrived[part.person]);
            drawn.push(ribbon((STAGE_X + NODE, out), (PERSON_X, *arrives), thick));
            out += thick;
            *arrives += thick;
        }
        (stage.of, drawn)
    };
    stages.iter().map(&mut of_stage).collect()
}

/// A ribbon of one thickness between two points.
fn ribbon((x0, y0): (f64, f64), (x1, y1): (f64, f64), thick: f64) -> String {
    let middle = rounded(f64::midpoint(x0, x1));
    let (top0, top1, low0, low1) = (rounded(y0), rounded(y1), rounded(y0 + thick), rounded(y1 + thick));
    let (x0, x1) = (rounded(x0), rounded(x1));
    format!(
        "M{x0} {top0}C{middle} {top0} {middle} {top1} {x1} {top1}V{low1}C{middle} {low1} {middle} {low0} {x0} {low0}Z"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::stage::Stage;

    const IDEA: PaidFor = PaidFor::Stage(Stage::Idea);
    const SPEC: PaidFor = PaidFor::Stage(Stage::Spec);
    const REVIEW: PaidFor = PaidFor::Stage(Stage::Review);

    fn flow(rows: &[(PaidFor, &str, i64)]) -> Flow {
        let people = people(rows);
        let part = |&(stage, name, micros): &(PaidFor, &str, i64)| Part {
            stage,
            person: people.iter().position(|(known, _)| known == name).unwrap_or(people.len() - 1),
            amount: micros as f64,
        };
        let mut parts: Vec<Part> = rows.iter().map(part).collect();
        parts.sort_by_key(|part| (part.stage, part.person));
        let pool: i64 = rows.iter().map(|row| row.2).sum();
        Flow::laid_out(rows, people, &parts, POOL / pool as f64)
    }

    #[test]
    fn one_person_for_one_stage_gets_one_straight_ribbon() {
        let flow = flow(&[(IDEA, "alice", 100)]);
        assert_eq!(flow.height, 264.0);
        let ribbon = "M10 24C175 24 175 24 340 24V264C175 264 175 264 10 264Z";
        assert_eq!(flow.ribbons[0].1[0], ribbon);
        assert_eq!(
            flow.people,
            [Node { of: "alice".to_owned(), amount: Amount::from_micros(100), y: 24.0, height: 240.0 }]
        );
    }

    #[test]
    fn people_stand_in_the_order_of_their_stages() {
        let rows = [(IDEA, "zoe", 10), (SPEC, "bob", 20), (SPEC, "abe", 20), (REVIEW, "zoe", 90)];
        let names: Vec<String> = people(&rows).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["abe", "bob", "zoe"]);
        assert_eq!(flow(&rows).ribbons.len(), 3);
    }

    #[test]
    fn many_people_are_drawn_together_and_nothing_is_lost() {
        let names: Vec<String> = (0..40).map(|at| format!("p{at:02}")).collect();
        let rows: Vec<_> =
            names.iter().enumerate().map(|(at, name)| (IDEA, name.as_str(), at as i64 + 1)).collect();
        let people = people(&rows);
        assert_eq!(people.len(), MOST_PEOPLE);
        assert_eq!(people.last().unwrap().0, "25 others");
        assert_eq!(people.iter().map(|(_, sum)| sum).sum::<i64>(), (1..=40).sum::<i64>());
    }
}
