-- Amounts are whole millionths, times are microseconds since 1970 (UTC), days are days since 1970.
-- Columns that every valuation reads stand first: SQLite reads a row from its start.
CREATE TABLE links (
    id TEXT NOT NULL PRIMARY KEY,
    idea_id TEXT NOT NULL,
    spec_id TEXT NOT NULL,
    estimated_cost INTEGER NOT NULL CHECK (estimated_cost >= 0),
    measured_value_total INTEGER NOT NULL CHECK (measured_value_total >= 0),
    event_count INTEGER NOT NULL CHECK (event_count >= 0),
    source_count INTEGER NOT NULL CHECK (source_count >= 0),
    metric_count INTEGER NOT NULL CHECK (metric_count >= 0),
    roi_sort INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    implementation_refs TEXT NOT NULL,
    contributors TEXT NOT NULL,
    investments TEXT NOT NULL,
    search_text TEXT NOT NULL
) STRICT;
CREATE INDEX links_by_created ON links (created_at, id);
CREATE INDEX links_by_updated ON links (updated_at, id);
CREATE INDEX links_by_value ON links (measured_value_total, id);
CREATE INDEX links_by_cost ON links (estimated_cost, id);
CREATE INDEX links_by_roi ON links (roi_sort, id);

-- Kept in the order in which a link's events are read, and in no other: one tree to write to.
CREATE TABLE usage_events (
    lineage_id TEXT NOT NULL REFERENCES links (id),
    captured_at INTEGER NOT NULL,
    id TEXT NOT NULL,
    source TEXT NOT NULL,
    metric TEXT NOT NULL,
    value INTEGER NOT NULL CHECK (value >= 0),
    external_id TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (lineage_id, captured_at, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX usage_events_by_external_id ON usage_events (lineage_id, external_id)
    WHERE external_id IS NOT NULL;

-- The distinct sources and metrics of a link.
CREATE TABLE link_labels (
    lineage_id TEXT NOT NULL REFERENCES links (id),
    kind TEXT NOT NULL CHECK (kind IN ('source', 'metric')),
    label TEXT NOT NULL,
    PRIMARY KEY (lineage_id, kind, label)
) STRICT, WITHOUT ROWID;

CREATE TABLE link_days (
    lineage_id TEXT NOT NULL REFERENCES links (id),
    day INTEGER NOT NULL,
    measured_value INTEGER NOT NULL,
    event_count INTEGER NOT NULL,
    PRIMARY KEY (lineage_id, day)
) STRICT, WITHOUT ROWID;

-- Totals of everything, in shards: a reader adds them up, and writers of several servers do not wait for one row.
CREATE TABLE store_days (
    day INTEGER NOT NULL,
    shard INTEGER NOT NULL,
    measured_value INTEGER NOT NULL,
    event_count INTEGER NOT NULL,
    PRIMARY KEY (day, shard)
) STRICT, WITHOUT ROWID;
CREATE TABLE store_totals (
    shard INTEGER NOT NULL PRIMARY KEY,
    link_count INTEGER NOT NULL,
    event_count INTEGER NOT NULL,
    measured_value_total INTEGER NOT NULL,
    estimated_cost INTEGER NOT NULL
) STRICT;

-- Every accepted write, as canonical JSON (RFC 8785). Nothing here is ever changed or removed.
CREATE TABLE ledger_entries (
    id TEXT NOT NULL PRIMARY KEY,
    recorded_at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency_keys (
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    answer TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;
