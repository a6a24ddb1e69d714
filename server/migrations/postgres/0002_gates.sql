-- Where a link comes from: the work of people, or a gate's live transaction, which is left out of every total.
ALTER TABLE links ADD COLUMN origin TEXT NOT NULL DEFAULT 'work' CHECK (origin IN ('work', 'gate'));
-- Few and short-lived: what a gate made is found by its age and removed.
CREATE INDEX links_of_gates ON links (created_at, id) WHERE origin = 'gate';

-- Every report of a gate, whole, as JSON; what lists show of it stands in columns.
CREATE TABLE gate_runs (
    id TEXT NOT NULL PRIMARY KEY,
    gate TEXT NOT NULL,
    subject TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('pass', 'fail', 'inconclusive')),
    duration_ms BIGINT NOT NULL,
    report TEXT NOT NULL
);
CREATE INDEX gate_runs_by_time ON gate_runs (gate, started_at, id);
CREATE INDEX gate_runs_by_subject ON gate_runs (gate, subject, started_at, id);

-- Runs that others are still to be told of, and when it is tried next. A row goes when it is done with.
CREATE TABLE gate_announcements (
    run_id TEXT NOT NULL PRIMARY KEY REFERENCES gate_runs (id),
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    last_error TEXT NOT NULL
);
CREATE INDEX gate_announcements_by_due ON gate_announcements (due_at, run_id);
