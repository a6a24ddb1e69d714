-- Amounts are whole millionths, times are microseconds since 1970 (UTC), days are days since 1970.
CREATE TABLE links (
    id TEXT NOT NULL PRIMARY KEY,
    idea_id TEXT NOT NULL,
    spec_id TEXT NOT NULL,
    estimated_cost BIGINT NOT NULL CHECK (estimated_cost >= 0),
    measured_value_total BIGINT NOT NULL CHECK (measured_value_total >= 0),
    event_count BIGINT NOT NULL CHECK (event_count >= 0),
    source_count BIGINT NOT NULL CHECK (source_count >= 0),
    metric_count BIGINT NOT NULL CHECK (metric_count >= 0),
    roi_sort BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    implementation_refs TEXT NOT NULL,
    contributors TEXT NOT NULL,
    investments TEXT NOT NULL,
    search_text TEXT NOT NULL
);
CREATE INDEX links_by_created ON links (created_at, id);
CREATE INDEX links_by_updated ON links (updated_at, id);
CREATE INDEX links_by_value ON links (measured_value_total, id);
CREATE INDEX links_by_cost ON links (estimated_cost, id);
CREATE INDEX links_by_roi ON links (roi_sort, id);

-- Kept in the order in which a link's events are read, and in no other: one tree to write to.
CREATE TABLE usage_events (
    lineage_id TEXT NOT NULL REFERENCES links (id),
    captured_at BIGINT NOT NULL,
    id TEXT NOT NULL,
    source TEXT NOT NULL,
    metric TEXT NOT NULL,
    value BIGINT NOT NULL CHECK (value >= 0),
    external_id TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (lineage_id, captured_at, id)
);
CREATE UNIQUE INDEX usage_events_by_external_id ON usage_events (lineage_id, external_id)
    WHERE external_id IS NOT NULL;

-- The distinct sources and metrics of a link.
CREATE TABLE link_labels (
    lineage_id TEXT NOT NULL REFERENCES links (id),
    kind TEXT NOT NULL CHECK (kind IN ('source', 'metric')),
    label TEXT NOT NULL,
    PRIMARY KEY (lineage_id, kind, label)
);

CREATE TABLE link_days (
    lineage_id TEXT NOT NULL REFERENCES links (id),
    day BIGINT NOT NULL,
    measured_value BIGINT NOT NULL,
    event_count BIGINT NOT NULL,
    PRIMARY KEY (lineage_id, day)
);

-- Totals of everything, in shards: a reader adds them up, and writers of several servers do not wait for one row.
CREATE TABLE store_days (
    day BIGINT NOT NULL,
    shard BIGINT NOT NULL,
    measured_value BIGINT NOT NULL,
    event_count BIGINT NOT NULL,
    PRIMARY KEY (day, shard)
);
CREATE TABLE store_totals (
    shard BIGINT NOT NULL PRIMARY KEY,
    link_count BIGINT NOT NULL,
    event_count BIGINT NOT NULL,
    measured_value_total BIGINT NOT NULL,
    estimated_cost BIGINT NOT NULL
);

-- Every accepted write, as canonical JSON (RFC 8785). Nothing here is ever changed or removed.
CREATE TABLE ledger_entries (
    id TEXT NOT NULL PRIMARY KEY,
    recorded_at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL
);

CREATE TABLE idempotency_keys (
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    answer TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (scope, key)
);
