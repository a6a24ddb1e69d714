//! The statements of a batch, one for each table: each takes all of its rows as one parameter.

use super::connection::Sql;

/// A statement that takes its rows from a JSON list of lists. SQLite reads them as JSONB: as texts, each row would be
/// written out and read again for every one of its columns.
macro_rules! from_rows {
    ($head:expr, $tail:expr) => {
        Sql::each(
            concat!($head, " FROM jsonb_each($1) AS item WHERE ", $tail),
            concat!($head, " FROM json_array_elements($1::json) AS item (value) WHERE ", $tail),
        )
    };
}

pub(super) use from_rows;

/// A statement that removes the rows of a table of which a column is the first item of a list in a JSON list.
macro_rules! remove {
    ($table:literal, $column:literal) => {
        Sql::each(
            concat!(
                "DELETE FROM ",
                $table,
                " WHERE ",
                $column,
                " IN (SELECT item.value ->> 0 FROM jsonb_each($1) AS item)"
            ),
            concat!(
                "DELETE FROM ",
                $table,
                " WHERE ",
                $column,
                " IN (SELECT item.value ->> 0 FROM json_array_elements($1::json) AS item (value))"
            ),
        )
    };
}

pub(super) use remove;

/// Links, without any event yet.
pub const INSERT_LINKS: Sql = from_rows!(
    "INSERT INTO links (id, idea_id, spec_id, estimated_cost, roi_sort, created_at, updated_at, implementation_refs, \
     contributors, investments, search_text, origin, names_claims, cost_evidence, \
     measured_value_total, event_count, source_count, metric_count) SELECT item.value ->> 0, item.value ->> 1, item.value ->> 2, CAST(item.value ->> 3 AS BIGINT), \
     CAST(item.value ->> 4 AS BIGINT), CAST(item.value ->> 5 AS BIGINT), CAST(item.value ->> 5 AS BIGINT), \
     item.value ->> 6, item.value ->> 7, item.value ->> 8, item.value ->> 9, item.value ->> 10, \
     CAST(item.value ->> 11 AS BIGINT), item.value ->> 12, 0, 0, 0, 0",
    "TRUE"
);
/// Who is named on links.
pub const INSERT_LINK_PEOPLE: Sql = from_rows!(
    "INSERT INTO link_people (handle, link_id) SELECT item.value ->> 0, item.value ->> 1",
    "TRUE ON CONFLICT (handle, link_id) DO NOTHING"
);
/// Who was named on links and is no more.
pub const FORGET_LINK_PEOPLE: Sql = remove!("link_people", "link_id");
/// Runs of gates.
pub const INSERT_GATE_RUNS: Sql = from_rows!(
    "INSERT INTO gate_runs (id, gate, subject, started_at, verdict, duration_ms, report) SELECT item.value ->> 0, \
     item.value ->> 1, item.value ->> 2, CAST(item.value ->> 3 AS BIGINT), item.value ->> 4, \
     CAST(item.value ->> 5 AS BIGINT), item.value ->> 6",
    "TRUE"
);
/// Runs of gates that others are to be told of.
pub const INSERT_ANNOUNCEMENTS: Sql = from_rows!(
    "INSERT INTO gate_announcements (run_id, due_at, attempts, last_error) \
     SELECT item.value ->> 0, CAST(item.value ->> 1 AS BIGINT), 0, ''",
    "TRUE"
);
/// Events.
pub const INSERT_EVENTS: Sql = from_rows!(
    "INSERT INTO usage_events (lineage_id, captured_at, id, source, metric, value, external_id, created_at) \
     SELECT item.value ->> 0, CAST(item.value ->> 1 AS BIGINT), item.value ->> 2, item.value ->> 3, \
     item.value ->> 4, CAST(item.value ->> 5 AS BIGINT), item.value ->> 6, CAST(item.value ->> 7 AS BIGINT)",
    "TRUE"
);
/// Sources and metrics that are new to a link.
pub const INSERT_LABELS: Sql = from_rows!(
    "INSERT INTO link_labels (lineage_id, kind, label) SELECT item.value ->> 0, item.value ->> 1, item.value ->> 2",
    "TRUE"
);
/// A gate's links that are removed, with all that hangs on them: days, labels, events, then the links themselves.
pub const REMOVE_LINKS: [Sql; 4] = [
    remove!("link_days", "lineage_id"),
    remove!("link_labels", "lineage_id"),
    remove!("usage_events", "lineage_id"),
    remove!("links", "id"),
];
/// Links' running totals.
pub const UPDATE_LINKS: Sql = from_rows!(
    "UPDATE links SET measured_value_total = CAST(item.value ->> 1 AS BIGINT), \
     event_count = CAST(item.value ->> 2 AS BIGINT), source_count = CAST(item.value ->> 3 AS BIGINT), \
     metric_count = CAST(item.value ->> 4 AS BIGINT), roi_sort = CAST(item.value ->> 5 AS BIGINT), \
     updated_at = CAST(item.value ->> 6 AS BIGINT)",
    "links.id = item.value ->> 0"
);
/// What is added to links' days.
pub const ADD_LINK_DAYS: Sql = from_rows!(
    "INSERT INTO link_days (lineage_id, day, measured_value, event_count) SELECT item.value ->> 0, \
     CAST(item.value ->> 1 AS BIGINT), CAST(item.value ->> 2 AS BIGINT), CAST(item.value ->> 3 AS BIGINT)",
    "TRUE ON CONFLICT (lineage_id, day) DO UPDATE SET \
     measured_value = link_days.measured_value + excluded.measured_value, \
     event_count = link_days.event_count + excluded.event_count"
);
/// What is added to everyone's days.
pub const ADD_STORE_DAYS: Sql = from_rows!(
    "INSERT INTO store_days (day, shard, measured_value, event_count) SELECT CAST(item.value ->> 0 AS BIGINT), \
     CAST(item.value ->> 1 AS BIGINT), CAST(item.value ->> 2 AS BIGINT), CAST(item.value ->> 3 AS BIGINT)",
    "TRUE ON CONFLICT (day, shard) DO UPDATE SET \
     measured_value = store_days.measured_value + excluded.measured_value, \
     event_count = store_days.event_count + excluded.event_count"
);
/// What is added to the totals of everything.
pub const ADD_STORE_TOTALS: Sql = from_rows!(
    "INSERT INTO store_totals (shard, link_count, event_count, measured_value_total, estimated_cost) \
     SELECT CAST(item.value ->> 0 AS BIGINT), CAST(item.value ->> 1 AS BIGINT), CAST(item.value ->> 2 AS BIGINT), \
     CAST(item.value ->> 3 AS BIGINT), CAST(item.value ->> 4 AS BIGINT)",
    "TRUE ON CONFLICT (shard) DO UPDATE SET link_count = store_totals.link_count + excluded.link_count, \
     event_count = store_totals.event_count + excluded.event_count, \
     measured_value_total = store_totals.measured_value_total + excluded.measured_value_total, \
     estimated_cost = store_totals.estimated_cost + excluded.estimated_cost"
);
/// Ledger entries. The body is taken as the text that stands in the row, which both databases leave as it is.
pub const INSERT_LEDGER: Sql = from_rows!(
    "INSERT INTO ledger_entries (id, recorded_at, actor, action, subject, body) SELECT item.value ->> 0, \
     CAST(item.value ->> 1 AS BIGINT), item.value ->> 2, item.value ->> 3, item.value ->> 4, \
     CAST(item.value -> 5 AS TEXT)",
    "TRUE"
);
/// Answers under idempotency keys.
pub const INSERT_KEYS: Sql = from_rows!(
    "INSERT INTO idempotency_keys (scope, key, fingerprint, answer, created_at) SELECT item.value ->> 0, \
     item.value ->> 1, item.value ->> 2, item.value ->> 3, CAST(item.value ->> 4 AS BIGINT)",
    "TRUE"
);
