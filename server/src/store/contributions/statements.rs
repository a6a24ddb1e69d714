//! The statements that write contributions, one for each table: each takes all of its rows as one parameter.

use super::super::connection::Sql;
use super::super::statements::from_rows;

/// A statement over the texts of a JSON list, its first parameter: `$head (list) $tail`.
macro_rules! of_texts {
    ($head:expr, $tail:expr) => {
        Sql::each(
            concat!($head, " IN (SELECT value FROM json_each($1)) ", $tail),
            concat!($head, " IN (SELECT value FROM json_array_elements_text($1::json)) ", $tail),
        )
    };
}
pub(in super::super) use of_texts;

/// Locks out whoever else would write contributions. SQLite has one writer anyway.
pub const TAKE_TURN: Sql = Sql::each(
    "SELECT id FROM contribution_turns WHERE id = 1",
    "SELECT id FROM contribution_turns WHERE id = 1 FOR UPDATE",
);

/// How far a repository was read.
pub const PUT_REPOSITORIES: Sql = from_rows!(
    "INSERT INTO repositories (name, branch, head_sha, units, shallow, policy, policy_hash, policy_text) \
     SELECT item.value ->> 0, item.value ->> 1, item.value ->> 2, CAST(item.value ->> 3 AS BIGINT), \
     CAST(item.value ->> 4 AS BIGINT), item.value ->> 5, item.value ->> 6, item.value ->> 7",
    "TRUE ON CONFLICT (name) DO UPDATE SET branch = excluded.branch, head_sha = excluded.head_sha, \
     units = excluded.units, shallow = excluded.shallow, policy = excluded.policy, \
     policy_hash = excluded.policy_hash, policy_text = excluded.policy_text"
);

/// Runs of imports.
pub const INSERT_RUNS: Sql = from_rows!(
    "INSERT INTO import_runs (id, repository, started_at, body) SELECT item.value ->> 0, item.value ->> 1, \
     CAST(item.value ->> 2 AS BIGINT), item.value ->> 3",
    "TRUE"
);

/// What could not be read. The same said twice is said once.
pub const INSERT_ISSUES: Sql = from_rows!(
    "INSERT INTO import_issues (id, repository, path, unit_id, reason, detail) SELECT item.value ->> 0, \
     item.value ->> 1, item.value ->> 2, item.value ->> 3, item.value ->> 4, item.value ->> 5",
    "TRUE ON CONFLICT (id) DO NOTHING"
);

/// Counts the issues of a repository again.
pub const FORGET_ISSUE_COUNTS: Sql = Sql::both("DELETE FROM import_issue_counts WHERE repository = $1");
/// See [`FORGET_ISSUE_COUNTS`].
pub const COUNT_ISSUES: Sql = Sql::both(
    "INSERT INTO import_issue_counts (reason, repository, count) \
     SELECT reason, repository, COUNT(*) FROM import_issues WHERE repository = $1 GROUP BY reason, repository",
);

/// Proposed merges of identities.
pub const INSERT_PROPOSALS: Sql = from_rows!(
    "INSERT INTO merge_proposals (repository, handle, alias, evidence) SELECT item.value ->> 0, item.value ->> 1, \
     item.value ->> 2, item.value ->> 3",
    "TRUE ON CONFLICT (repository, handle, alias, evidence) DO NOTHING"
);

/// Units as they were read, with what follows of each alone.
pub const INSERT_UNITS: Sql = from_rows!(
    "INSERT INTO units (id, repository, position, sha, kind, class, forge, number, title, proposer, merged_at, files, \
     lines_added, lines_removed, lines_partial, search_text, facts) SELECT item.value ->> 0, item.value ->> 1, \
     CAST(item.value ->> 2 AS BIGINT), item.value ->> 3, item.value ->> 4, item.value ->> 5, item.value ->> 6, \
     CAST(item.value ->> 7 AS BIGINT), item.value ->> 8, item.value ->> 9, CAST(item.value ->> 10 AS BIGINT), \
     CAST(item.value ->> 11 AS BIGINT), CAST(item.value ->> 12 AS BIGINT), CAST(item.value ->> 13 AS BIGINT), \
     CAST(item.value ->> 14 AS BIGINT), item.value ->> 15, item.value ->> 16",
    "TRUE"
);

/// What follows of each unit, again.
pub const UPDATE_UNITS: Sql = from_rows!(
    "UPDATE units SET repository = item.value ->> 1, position = CAST(item.value ->> 2 AS BIGINT), \
     sha = item.value ->> 3, kind = item.value ->> 4, class = item.value ->> 5, forge = item.value ->> 6, \
     number = CAST(item.value ->> 7 AS BIGINT), title = item.value ->> 8, proposer = item.value ->> 9, \
     merged_at = CAST(item.value ->> 10 AS BIGINT), files = CAST(item.value ->> 11 AS BIGINT), \
     lines_added = CAST(item.value ->> 12 AS BIGINT), lines_removed = CAST(item.value ->> 13 AS BIGINT), \
     lines_partial = CAST(item.value ->> 14 AS BIGINT), search_text = item.value ->> 15",
    "units.id = item.value ->> 0"
);

/// Who proposed units, after a decision about contributors.
pub const UPDATE_PROPOSERS: Sql = from_rows!(
    "UPDATE units SET proposer = item.value ->> 1, search_text = item.value ->> 2",
    "units.id = item.value ->> 0"
);

/// Units that say that they revert others.
pub const INSERT_REVERTS: Sql = from_rows!(
    "INSERT INTO unit_reverts (unit_id, target_id) SELECT item.value ->> 0, item.value ->> 1",
    "TRUE ON CONFLICT (unit_id, target_id) DO NOTHING"
);

/// By what units are reverted, and from when on their credits count nothing.
pub const END_UNITS: Sql = from_rows!(
    "UPDATE units SET reverted_by = item.value ->> 1, ended_at = CAST(item.value ->> 2 AS BIGINT)",
    "units.id = item.value ->> 0"
);

/// Pieces of knowledge as they stand.
pub const PUT_KNOWLEDGE: Sql = from_rows!(
    "INSERT INTO knowledge (repository, path, slug, kind, title, domain, confidence, status, sources, added_by, \
     touched_by, removed_by, challenges, moved_to) SELECT item.value ->> 0, item.value ->> 1, item.value ->> 2, \
     item.value ->> 3, item.value ->> 4, item.value ->> 5, item.value ->> 6, item.value ->> 7, item.value ->> 8, \
     item.value ->> 9, item.value ->> 10, item.value ->> 11, item.value ->> 12, item.value ->> 13",
    "TRUE ON CONFLICT (repository, path) DO UPDATE SET slug = excluded.slug, kind = excluded.kind, \
     title = excluded.title, domain = excluded.domain, confidence = excluded.confidence, status = excluded.status, \
     sources = excluded.sources, added_by = excluded.added_by, touched_by = excluded.touched_by, \
     removed_by = excluded.removed_by, challenges = excluded.challenges, moved_to = excluded.moved_to"
);

/// What units did to pieces.
pub const INSERT_TOUCHES: Sql = from_rows!(
    "INSERT INTO knowledge_touches (repository, path, position, wrote, confidence_moved, challenges) \
     SELECT item.value ->> 0, item.value ->> 1, CAST(item.value ->> 2 AS BIGINT), CAST(item.value ->> 3 AS BIGINT), \
     CAST(item.value ->> 4 AS BIGINT), item.value ->> 5",
    "TRUE"
);

/// Forgets what pieces name: a repository, paths.
pub const DELETE_CITATIONS: Sql = of_texts!("DELETE FROM citations WHERE repository = $2 AND from_path", "");

/// What pieces name.
pub const INSERT_CITATIONS: Sql = from_rows!(
    "INSERT INTO citations (repository, from_path, kind, to_slug, read_path) SELECT item.value ->> 0, \
     item.value ->> 1, item.value ->> 2, item.value ->> 3, item.value ->> 4",
    "TRUE"
);

/// What citations lead to now: what they led to when they were written, else the first piece of that name, of a
/// source's kind where they name a source, and of any other where they do not.
macro_rules! resolve_where {
    ($column:literal) => {
        of_texts!(
            concat!(
                "UPDATE citations SET to_path = COALESCE(\
                 (SELECT found.path FROM knowledge AS found WHERE found.repository = citations.repository \
                  AND found.path = citations.read_path AND found.removed_by IS NULL), \
                 (SELECT MIN(found.path) FROM knowledge AS found WHERE found.slug = citations.to_slug \
                  AND found.repository = citations.repository AND found.removed_by IS NULL \
                  AND found.path <> citations.from_path \
                  AND (found.kind IN ('source', 'entity')) = (citations.kind = 'source')), \
                 (SELECT MIN(found.path) FROM knowledge AS found WHERE found.slug = citations.to_slug \
                  AND found.repository = citations.repository AND found.removed_by IS NULL \
                  AND found.path <> citations.from_path)) WHERE repository = $2 AND ",
                $column
            ),
            ""
        )
    };
}
/// Resolves the citations of these slugs.
pub const RESOLVE_SLUGS: Sql = resolve_where!("to_slug");
/// Resolves the citations that led to these paths when they were written.
pub const RESOLVE_READ_PATHS: Sql = resolve_where!("read_path");

/// Takes credits away.
pub const DELETE_CREDITS: Sql = of_texts!("DELETE FROM credits WHERE id", "");

/// Credits, new or changed.
pub const PUT_CREDITS: Sql = from_rows!(
    "INSERT INTO credits (id, contributor, named_as, role, unit_id, repository, claim, counted, principal, weight_set, \
     weight, provenance, confidence, earned_at, ended_at, outcome) SELECT item.value ->> 0, item.value ->> 1, \
     item.value ->> 2, item.value ->> 3, item.value ->> 4, item.value ->> 5, item.value ->> 6, \
     CAST(item.value ->> 7 AS BIGINT), item.value ->> 8, item.value ->> 9, CAST(item.value ->> 10 AS BIGINT), \
     item.value ->> 11, CAST(item.value ->> 12 AS BIGINT), CAST(item.value ->> 13 AS BIGINT), \
     CAST(item.value ->> 14 AS BIGINT), CAST(item.value ->> 15 AS BIGINT)",
    "TRUE ON CONFLICT (id) DO UPDATE SET named_as = excluded.named_as, counted = excluded.counted, \
     principal = excluded.principal, weight_set = excluded.weight_set, weight = excluded.weight, \
     provenance = excluded.provenance, confidence = excluded.confidence, earned_at = excluded.earned_at, \
     ended_at = excluded.ended_at, outcome = excluded.outcome"
);

/// What is added to totals.
pub const ADD_TOTALS: Sql = from_rows!(
    "INSERT INTO credit_totals (month, contributor, role, principal, credits, outcome) \
     SELECT CAST(item.value ->> 0 AS BIGINT), item.value ->> 1, item.value ->> 2, item.value ->> 3, \
     CAST(item.value ->> 4 AS BIGINT), CAST(item.value ->> 5 AS BIGINT)",
    "TRUE ON CONFLICT (month, contributor, role, principal) DO UPDATE SET \
     credits = credit_totals.credits + excluded.credits, outcome = credit_totals.outcome + excluded.outcome"
);
/// Totals of nothing are not kept: of a list of months.
pub const DELETE_EMPTY_TOTALS: Sql = Sql::each(
    "DELETE FROM credit_totals WHERE month IN (SELECT value FROM json_each($1)) AND credits = 0 AND outcome = 0",
    "DELETE FROM credit_totals WHERE month IN (SELECT CAST(value AS BIGINT) FROM json_array_elements_text($1::json)) \
     AND credits = 0 AND outcome = 0",
);

/// What history shows of handles; whatever order units come in, it comes to the same.
pub const ADD_IDENTITIES: Sql = from_rows!(
    "INSERT INTO identities (handle, name, named_at, named_in, kind, first_at, last_at) \
     SELECT item.value ->> 0, item.value ->> 1, CAST(item.value ->> 2 AS BIGINT), item.value ->> 3, \
     CAST(item.value ->> 4 AS BIGINT), CAST(item.value ->> 5 AS BIGINT), CAST(item.value ->> 6 AS BIGINT)",
    "TRUE ON CONFLICT (handle) DO UPDATE SET \
     name = CASE WHEN (excluded.named_at, excluded.named_in) < (identities.named_at, identities.named_in) \
      THEN excluded.name ELSE identities.name END, \
     named_in = CASE WHEN (excluded.named_at, excluded.named_in) < (identities.named_at, identities.named_in) \
      THEN excluded.named_in ELSE identities.named_in END, \
     named_at = CASE WHEN excluded.named_at < identities.named_at THEN excluded.named_at ELSE identities.named_at END, \
     kind = CASE WHEN excluded.kind > identities.kind THEN excluded.kind ELSE identities.kind END, \
     first_at = CASE WHEN excluded.first_at < identities.first_at THEN excluded.first_at ELSE identities.first_at END, \
     last_at = CASE WHEN excluded.last_at > identities.last_at THEN excluded.last_at ELSE identities.last_at END"
);

/// Which handles signed with which address.
pub const ADD_ADDRESSES: Sql = from_rows!(
    "INSERT INTO addresses (address, handle) SELECT item.value ->> 0, item.value ->> 1",
    "TRUE ON CONFLICT (address, handle) DO NOTHING"
);

/// Which units name which handles.
pub const ADD_UNIT_NAMES: Sql = from_rows!(
    "INSERT INTO unit_names (handle, unit_id) SELECT item.value ->> 0, item.value ->> 1",
    "TRUE ON CONFLICT (handle, unit_id) DO NOTHING"
);

/// What was decided of contributors.
pub const PUT_CONTRIBUTORS: Sql = from_rows!(
    "INSERT INTO contributors (handle, version, kind, name) SELECT item.value ->> 0, \
     CAST(item.value ->> 1 AS BIGINT), item.value ->> 2, item.value ->> 3",
    "TRUE ON CONFLICT (handle) DO UPDATE SET version = excluded.version, kind = excluded.kind, name = excluded.name"
);
/// Names that are theirs.
pub const INSERT_ALIASES: Sql = from_rows!(
    "INSERT INTO contributor_aliases (alias, handle) SELECT item.value ->> 0, item.value ->> 1",
    "TRUE"
);
/// For whom they work.
pub const INSERT_PRINCIPALS: Sql = from_rows!(
    "INSERT INTO contributor_principals (handle, version, principal, from_at, reason, decided_by, decided_at) \
     SELECT item.value ->> 0, CAST(item.value ->> 1 AS BIGINT), item.value ->> 2, CAST(item.value ->> 3 AS BIGINT), \
     item.value ->> 4, item.value ->> 5, CAST(item.value ->> 6 AS BIGINT)",
    "TRUE"
);
/// Proposals that are refused.
pub const INSERT_DISMISSED: Sql = from_rows!(
    "INSERT INTO dismissed_proposals (handle, alias) SELECT item.value ->> 0, item.value ->> 1",
    "TRUE"
);
