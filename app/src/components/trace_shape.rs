//! The geometry of a chain of knowledge: a column for each step, a box for each piece, a curve for each step between two
//! neighbouring columns.

use crate::components::chart_shape::rounded;
use domain::report::TraceReport;
use std::collections::HashMap;

/// Width and height of a box.
pub(crate) const BOX: (f64, f64) = (216.0, 44.0);
/// Between two columns, and between two boxes of one.
const GAPS: (f64, f64) = (64.0, 12.0);
/// Room over the first box for the head of its column.
pub(crate) const HEAD: f64 = 28.0;
/// Boxes of a column; the others of it are counted in one more.
pub(crate) const MOST_BOXES: usize = 12;

/// A piece in its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Placed {
    /// Which piece, by its place in the report.
    pub piece: usize,
    /// The left edge of its box.
    pub x: f64,
    /// The upper edge.
    pub y: f64,
}

/// A column: how many steps from the beginning, and how many of its pieces have no box.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Column {
    /// Steps from the beginning.
    pub distance: i64,
    /// The left edge.
    pub x: f64,
    /// Where the word about those without a box stands, and how many they are.
    pub more: Option<(f64, usize)>,
}

/// A chain as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shape {
    /// Its columns, from the beginning.
    pub columns: Vec<Column>,
    /// Its boxes.
    pub boxes: Vec<Placed>,
    /// The curves between boxes of neighbouring columns.
    pub curves: Vec<String>,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

impl Shape {
    /// The shape of a trace.
    pub(crate) fn of(report: &TraceReport) -> Self {
        let mut columns: Vec<Column> = Vec::new();
        let mut boxes: Vec<Placed> = Vec::new();
        let mut place_of: HashMap<(&str, &str), (usize, usize)> = HashMap::new();
        let mut in_column = 0;
        for (at, piece) in report.pieces.iter().enumerate() {
            if columns.last().is_none_or(|column| column.distance != piece.distance) {
                let x = columns.len() as f64 * (BOX.0 + GAPS.0);
                columns.push(Column { distance: piece.distance, x, more: None });
                in_column = 0;
            }
            let last = columns.len() - 1;
            let (x, y) = (columns[last].x, HEAD + in_column as f64 * (BOX.1 + GAPS.1));
            if in_column == MOST_BOXES {
                let (_, more) = columns[last].more.unwrap_or((y, 0));
                columns[last].more = Some((y, more + 1));
                continue;
            }
            in_column += 1;
            place_of.insert((&piece.object.repository, &piece.object.path), (boxes.len(), last));
            boxes.push(Placed { piece: at, x, y });
        }
        let curve = |from: Placed, to: Placed| {
            let (x1, x2) = (from.x + BOX.0, to.x);
            let (y1, y2) = (from.y + BOX.1 / 2.0, to.y + BOX.1 / 2.0);
            let middle = rounded((x1 + x2) / 2.0);
            let (x1, y1, x2, y2) = (rounded(x1), rounded(y1), rounded(x2), rounded(y2));
            format!("M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}")
        };
        let curves = report.steps.iter().filter_map(|step| {
            let to = step.to_path.as_deref()?;
            let (from, from_column) = *place_of.get(&(step.repository.as_str(), step.from_path.as_str()))?;
            let (to, to_column) = *place_of.get(&(step.repository.as_str(), to))?;
            (to_column == from_column + 1).then(|| curve(boxes[from], boxes[to]))
        });
        let mut curves: Vec<String> = curves.collect();
        curves.dedup();
        let foot = boxes.iter().map(|placed| placed.y + BOX.1);
        let height = foot.chain(columns.iter().filter_map(|column| column.more).map(|(y, _)| y + 20.0));
        let height = height.fold(HEAD, f64::max) + 4.0;
        let width = columns.last().map_or(BOX.0, |column| column.x + BOX.0);
        Self { columns, boxes, curves, width, height }
    }
}

/// A title cut to what fits into a box.
pub(crate) fn cut(title: &str, most: usize) -> String {
    if title.chars().count() <= most {
        return title.to_owned();
    }
    let kept: String = title.chars().take(most - 1).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::contribution::{CitationKind, KnowledgeKind, KnowledgeObject, unit_id};
    use domain::report::{TracePiece, TraceStep};

    fn piece(path: &str, distance: i64) -> TracePiece {
        let unit = unit_id("codex", path);
        let object = KnowledgeObject {
            repository: "codex".into(),
            path: path.into(),
            slug: path.into(),
            kind: KnowledgeKind::Claim,
            title: path.into(),
            domain: None,
            confidence: None,
            status: None,
            sources: Vec::new(),
            added_by: unit,
            touched_by: unit,
            removed_by: None,
        };
        TracePiece { object, distance, credits: Vec::new() }
    }

    fn step(from: &str, to: &str) -> TraceStep {
        TraceStep {
            repository: "codex".into(),
            from_path: from.into(),
            to_path: Some(to.into()),
            to_slug: to.into(),
            kind: CitationKind::Cites,
        }
    }

    fn report(pieces: Vec<TracePiece>, steps: Vec<TraceStep>) -> TraceReport {
        TraceReport {
            kind: KnowledgeKind::Claim,
            slug: "a".into(),
            depth: 5,
            pieces,
            steps,
            contributors: Vec::new(),
            cut: None,
        }
    }

    #[test]
    fn each_step_is_a_column_and_curves_lead_from_one_to_the_next() {
        let report = report(
            vec![piece("a", 0), piece("b", 1), piece("c", 1), piece("d", 2)],
            vec![step("a", "b"), step("a", "c"), step("b", "c"), step("c", "d"), step("d", "a")],
        );
        let shape = Shape::of(&report);
        assert_eq!(shape.columns.iter().map(|column| column.distance).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(shape.curves.len(), 3, "not those within a column, and not those back");
        assert_eq!(shape.curves[0], "M216 50C248 50 248 50 280 50");
        assert!(shape.width > 776.0 - 1.0 && shape.height >= 28.0 + 2.0 * 44.0 + 12.0);
    }

    #[test]
    fn a_long_column_ends_with_how_many_more_there_are() {
        let pieces = (0..20).map(|at| piece(&format!("p{at}"), 0)).collect();
        let shape = Shape::of(&report(pieces, Vec::new()));
        assert_eq!(shape.boxes.len(), MOST_BOXES);
        assert_eq!(shape.columns[0].more.map(|(_, more)| more), Some(20 - MOST_BOXES));
    }

    #[test]
    fn a_title_is_cut_where_it_would_not_fit() {
        assert_eq!(cut("short", 10), "short");
        assert_eq!(cut("a title of many words", 8), "a title…");
    }
}
