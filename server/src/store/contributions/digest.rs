//! A digest of every derived row, in one order: two databases that agree have the same.

use super::super::batch::BatchError;
use super::super::connection::{Connection, Sql};
use domain::canonical::hex;
use sha2::{Digest as _, Sha256};

/// Rows that are read at a time.
const ROWS: i64 = 2_000;

/// A table: its name, the statement, and how many columns it has, each as a text.
struct Table {
    name: &'static str,
    sql: Sql,
    columns: usize,
}

/// Columns as texts, from an offset on. A number that is sorted by is named with its table: else Postgres would sort by
/// its text.
macro_rules! table {
    ($name:literal, [$first:literal $(, $column:literal)*], $order:literal) => {
        Table {
            name: $name,
            sql: Sql::both(concat!(
                "SELECT CAST(", $first, " AS TEXT)" $(, ", CAST(", $column, " AS TEXT)")*,
                " FROM ", $name, " ORDER BY ", $order, " LIMIT $1 OFFSET $2"
            )),
            columns: [$first $(, $column)*].len(),
        }
    };
}

const TABLES: [Table; 14] = [
    table!(
        "repositories",
        ["name", "branch", "head_sha", "units", "shallow", "policy", "policy_hash", "policy_text"],
        "name"
    ),
    table!("import_issues", ["id", "repository", "path", "unit_id", "reason", "detail"], "id"),
    table!(
        "merge_proposals",
        ["repository", "handle", "alias", "evidence"],
        "repository, handle, alias, evidence"
    ),
    table!(
        "units",
        [
            "id",
            "repository",
            "position",
            "sha",
            "kind",
            "class",
            "forge",
            "number",
            "title",
            "proposer",
            "merged_at",
            "files",
            "lines_added",
            "lines_removed",
            "lines_partial",
            "reverted_by",
            "ended_at",
            "search_text",
            "facts"
        ],
        "id"
    ),
    table!("unit_reverts", ["unit_id", "target_id"], "unit_id, target_id"),
    table!("identities", ["handle", "name", "named_at", "named_in", "kind", "first_at", "last_at"], "handle"),
    table!("unit_names", ["handle", "unit_id"], "handle, unit_id"),
    table!("addresses", ["address", "handle"], "address, handle"),
    table!(
        "knowledge",
        [
            "repository",
            "path",
            "slug",
            "kind",
            "title",
            "domain",
            "confidence",
            "status",
            "sources",
            "challenges",
            "added_by",
            "touched_by",
            "removed_by",
            "moved_to"
        ],
        "repository, path"
    ),
    table!(
        "knowledge_touches",
        ["repository", "path", "position", "wrote", "confidence_moved", "challenges"],
        "repository, path, knowledge_touches.position"
    ),
    table!(
        "citations",
        ["repository", "from_path", "kind", "to_slug", "read_path", "to_path"],
        "repository, from_path, kind, to_slug"
    ),
    table!(
        "credits",
        [
            "id",
            "contributor",
            "named_as",
            "role",
            "unit_id",
            "repository",
            "claim",
            "counted",
            "principal",
            "weight_set",
            "weight",
            "provenance",
            "confidence",
            "earned_at",
            "ended_at",
            "outcome"
        ],
        "id"
    ),
    table!(
        "credit_totals",
        ["month", "contributor", "role", "principal", "credits", "outcome"],
        "credit_totals.month, contributor, role, principal"
    ),
    table!("import_issue_counts", ["reason", "repository", "count"], "reason, repository"),
];

/// SHA-256 over every derived row.
pub async fn of_derived(connection: &mut Connection) -> Result<String, BatchError> {
    let mut hash = Sha256::new();
    for table in TABLES {
        add(&mut hash, Some(table.name));
        let mut offset = 0;
        loop {
            let rows = connection.all(table.sql, &[ROWS.into(), offset.into()], table.name).await?;
            if rows.is_empty() {
                break;
            }
            offset += ROWS;
            for mut row in rows {
                for _ in 0..table.columns {
                    add(&mut hash, row.optional_text()?.as_deref());
                }
            }
        }
    }
    Ok(format!("sha256:{}", hex(&hash.finalize())))
}

/// A text with its length before it, so that no two rows look alike; nothing as no text does.
fn add(hash: &mut Sha256, text: Option<&str>) {
    let text = text.map(str::as_bytes);
    hash.update(text.map_or(u64::MAX, |text| text.len() as u64).to_be_bytes());
    hash.update(text.unwrap_or_default());
}
