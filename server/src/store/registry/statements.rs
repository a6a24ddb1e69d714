//! The statements by which a batch writes the registry: each takes all of its rows as one parameter.
//!
//! What lists are sorted by is computed where it is kept, from the row as it is then: so a batch need not read a spec
//! to add to it, and two servers that add to one at the same time both count.

use super::super::connection::Sql;
use super::super::statements::{from_rows, remove};

/// What a spec did cost, of whatever stands for its sum of links.
macro_rules! actual_cost {
    ($link_cost:literal) => {
        concat!("COALESCE(specs.given_cost, ", $link_cost, ")")
    };
}

/// Value over cost as `domain::spec::roi_key` has it.
macro_rules! roi {
    ($value:expr, $cost:expr) => {
        concat!(
            "CASE WHEN ",
            $cost,
            " <= 0 THEN 0 ",
            "WHEN (",
            $value,
            ") / ",
            $cost,
            " >= 922337203685477 THEN 9223372036854775807 ",
            "WHEN ",
            $cost,
            " < 922337203685477 ",
            "THEN (",
            $value,
            ") / ",
            $cost,
            " * 10000 + (",
            $value,
            ") % ",
            $cost,
            " * 10000 / ",
            $cost,
            " ",
            "ELSE (",
            $value,
            ") / ",
            $cost,
            " * 10000 + (",
            $value,
            ") % ",
            $cost,
            " / (",
            $cost,
            " / 10000) END"
        )
    };
}

/// Links that a spec got, or names that its links got: adds to its totals, and makes a stub of one that is not there.
pub const ADD_SPEC_LINKS: Sql = from_rows!(
    "INSERT INTO specs (spec_id, seq, idea_id, created_at, updated_at, search_text, link_count, named_link_count, \
     implemented_link_count, link_cost, cost_gap) SELECT item.value ->> 0, item.value ->> 1, item.value ->> 2, \
     CAST(item.value ->> 3 AS BIGINT), CAST(item.value ->> 3 AS BIGINT), item.value ->> 4, \
     CAST(item.value ->> 5 AS BIGINT), CAST(item.value ->> 6 AS BIGINT), CAST(item.value ->> 7 AS BIGINT), \
     CAST(item.value ->> 8 AS BIGINT), CAST(item.value ->> 8 AS BIGINT)",
    concat!(
        "TRUE ON CONFLICT (spec_id) DO UPDATE SET link_count = specs.link_count + excluded.link_count, \
         named_link_count = specs.named_link_count + excluded.named_link_count, \
         implemented_link_count = specs.implemented_link_count + excluded.implemented_link_count, \
         link_cost = specs.link_cost + excluded.link_cost, \
         cost_gap = ",
        actual_cost!("specs.link_cost + excluded.link_cost"),
        " - specs.estimated_cost, \
         actual_roi_sort = ",
        roi!("specs.actual_value", actual_cost!("(specs.link_cost + excluded.link_cost)"))
    )
);

/// Value that was measured on a spec's links. The spec is there: its links were not filed without it. Its gap is left
/// to [`NARROW_VALUE_GAPS`], so that the index by gap is touched only where there is one.
pub const ADD_SPEC_VALUES: Sql = from_rows!(
    concat!(
        "UPDATE specs SET actual_value = specs.actual_value + CAST(item.value ->> 1 AS BIGINT), \
         event_count = specs.event_count + CAST(item.value ->> 2 AS BIGINT), actual_roi_sort = ",
        roi!("specs.actual_value + CAST(item.value ->> 1 AS BIGINT)", actual_cost!("specs.link_cost"))
    ),
    "specs.spec_id = item.value ->> 0"
);
/// What of the gap is left after [`ADD_SPEC_VALUES`], of specs that had one.
pub const NARROW_VALUE_GAPS: Sql = from_rows!(
    "UPDATE specs SET value_gap = CASE WHEN specs.potential_value > specs.actual_value \
     THEN specs.potential_value - specs.actual_value ELSE 0 END",
    "specs.spec_id = item.value ->> 0 AND specs.value_gap > 0"
);

/// What was written of specs: their row, whether there was one or not.
pub const PUT_SPECS: Sql = from_rows!(
    "INSERT INTO specs (spec_id, seq, registered, version, inventory_source, idea_id, potential_value, estimated_cost, \
     given_cost, has_implementation, has_evidence, estimated_roi_sort, created_at, updated_at, title, excerpt, \
     search_text, value_gap, cost_gap) \
     SELECT item.value ->> 0, item.value ->> 1, 1, CAST(item.value ->> 2 AS BIGINT), item.value ->> 3, \
     item.value ->> 4, CAST(item.value ->> 5 AS BIGINT), CAST(item.value ->> 6 AS BIGINT), \
     CAST(item.value ->> 7 AS BIGINT), CAST(item.value ->> 8 AS BIGINT), CAST(item.value ->> 9 AS BIGINT), \
     CAST(item.value ->> 10 AS BIGINT), CAST(item.value ->> 11 AS BIGINT), CAST(item.value ->> 12 AS BIGINT), \
     item.value ->> 13, item.value ->> 14, item.value ->> 15, CAST(item.value ->> 5 AS BIGINT), \
     COALESCE(CAST(item.value ->> 7 AS BIGINT), 0) - CAST(item.value ->> 6 AS BIGINT)",
    concat!(
        "TRUE ON CONFLICT (spec_id) DO UPDATE SET registered = 1, version = excluded.version, \
         inventory_source = excluded.inventory_source, idea_id = excluded.idea_id, \
         potential_value = excluded.potential_value, estimated_cost = excluded.estimated_cost, \
         given_cost = excluded.given_cost, has_implementation = excluded.has_implementation, \
         has_evidence = excluded.has_evidence, estimated_roi_sort = excluded.estimated_roi_sort, \
         created_at = excluded.created_at, updated_at = excluded.updated_at, title = excluded.title, \
         excerpt = excluded.excerpt, search_text = excluded.search_text, \
         value_gap = CASE WHEN excluded.potential_value > specs.actual_value \
         THEN excluded.potential_value - specs.actual_value ELSE 0 END, \
         cost_gap = COALESCE(excluded.given_cost, specs.link_cost) - excluded.estimated_cost, actual_roi_sort = ",
        roi!("specs.actual_value", "COALESCE(excluded.given_cost, specs.link_cost)")
    )
);

/// What is written of specs that were registered just now. Not an upsert: of two servers that register the same spec
/// at the same time, one must fail and look again.
pub const INSERT_SPEC_CONTENTS: Sql = from_rows!(
    "INSERT INTO spec_contents (spec_id, content) SELECT item.value ->> 0, item.value ->> 1",
    "TRUE"
);
/// What is written of specs that were edited.
pub const UPDATE_SPEC_CONTENTS: Sql = from_rows!(
    "UPDATE spec_contents SET content = item.value ->> 1",
    "spec_contents.spec_id = item.value ->> 0"
);
/// Commits that edited specs named before.
pub const REMOVE_SPEC_COMMITS: Sql = remove!("spec_commits", "spec_id");
/// Commits that specs name, by their first digits.
pub const INSERT_SPEC_COMMITS: Sql = from_rows!(
    "INSERT INTO spec_commits (spec_id, digits) SELECT item.value ->> 0, item.value ->> 1",
    "TRUE"
);

/// Ideas that are named for the first time.
pub const ADD_IDEAS: Sql = from_rows!(
    "INSERT INTO ideas (idea_id, seq, version, created_at, updated_at, title, excerpt, search_text) \
     SELECT item.value ->> 0, item.value ->> 1, 0, CAST(item.value ->> 2 AS BIGINT), \
     CAST(item.value ->> 2 AS BIGINT), '', '', item.value ->> 3",
    "TRUE ON CONFLICT (idea_id) DO NOTHING"
);
/// What was written of ideas.
pub const PUT_IDEAS: Sql = from_rows!(
    "INSERT INTO ideas (idea_id, seq, version, created_at, updated_at, title, excerpt, search_text) \
     SELECT item.value ->> 0, item.value ->> 1, CAST(item.value ->> 2 AS BIGINT), CAST(item.value ->> 3 AS BIGINT), \
     CAST(item.value ->> 4 AS BIGINT), item.value ->> 5, item.value ->> 6, item.value ->> 7",
    "TRUE ON CONFLICT (idea_id) DO UPDATE SET version = excluded.version, created_at = excluded.created_at, \
     updated_at = excluded.updated_at, title = excluded.title, excerpt = excluded.excerpt, \
     search_text = excluded.search_text"
);
/// What is written of ideas that were registered just now; no upsert, as with specs.
pub const INSERT_IDEA_CONTENTS: Sql = from_rows!(
    "INSERT INTO idea_contents (idea_id, content) SELECT item.value ->> 0, item.value ->> 1",
    "TRUE"
);
/// What is written of ideas that were edited.
pub const UPDATE_IDEA_CONTENTS: Sql = from_rows!(
    "UPDATE idea_contents SET content = item.value ->> 1",
    "idea_contents.idea_id = item.value ->> 0"
);

/// Change requests that are new.
pub const INSERT_REQUESTS: Sql = from_rows!(
    "INSERT INTO change_requests (id, kind, status, vote_count, created_at, body) SELECT item.value ->> 0, \
     item.value ->> 1, item.value ->> 2, CAST(item.value ->> 3 AS BIGINT), CAST(item.value ->> 4 AS BIGINT), \
     item.value ->> 5",
    "TRUE"
);
/// Change requests that were voted on.
pub const UPDATE_REQUESTS: Sql = from_rows!(
    "UPDATE change_requests SET status = item.value ->> 2, vote_count = CAST(item.value ->> 3 AS BIGINT), \
     body = item.value ->> 5",
    "change_requests.id = item.value ->> 0"
);
/// What change requests are about.
pub const INSERT_SUBJECTS: Sql = from_rows!(
    "INSERT INTO change_request_subjects (subject, created_at, id) SELECT item.value ->> 0, \
     CAST(item.value ->> 1 AS BIGINT), item.value ->> 2",
    "TRUE"
);

/// Names that links got.
pub const NAME_CONTRIBUTORS: Sql = from_rows!(
    "UPDATE links SET contributors = item.value ->> 1, search_text = item.value ->> 2, \
     updated_at = CASE WHEN links.updated_at > CAST(item.value ->> 3 AS BIGINT) THEN links.updated_at \
     ELSE CAST(item.value ->> 3 AS BIGINT) END",
    "links.id = item.value ->> 0"
);
