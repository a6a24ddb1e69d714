-- Governance: what was flagged, rolled back and decided, and uses of claims. None of it can be derived again.

-- Everything that was ever flagged, with what its standing flags weigh together: 'unit:…', 'claim:…', 'link:…',
-- 'gate_run:…'.
CREATE TABLE flag_subjects (
    subject TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('unit', 'claim', 'link', 'gate_run')),
    -- Running totals over its flags.
    weight INTEGER NOT NULL,
    active INTEGER NOT NULL,
    flags INTEGER NOT NULL,
    newest TEXT NOT NULL
) STRICT;
CREATE INDEX flag_subjects_by_weight ON flag_subjects (weight, newest) WHERE active > 0;
CREATE INDEX flag_subjects_by_kind ON flag_subjects (kind, weight, newest) WHERE active > 0;

-- Every flag, whole, as JSON; what it is found and counted by stands in columns. subject_weight is its subject's.
CREATE TABLE flags (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES flag_subjects (subject),
    kind TEXT NOT NULL CHECK (kind IN ('unit', 'claim', 'link', 'gate_run')),
    contributor TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'withdrawn')),
    weight INTEGER NOT NULL CHECK (weight BETWEEN 0 AND 1000000),
    subject_weight INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX flags_standing ON flags (subject, contributor) WHERE status = 'active';
CREATE INDEX flags_by_weight ON flags (subject_weight, id);
CREATE INDEX flags_by_subject ON flags (subject, subject_weight, id);
CREATE INDEX flags_by_contributor ON flags (contributor, subject_weight, id);
CREATE INDEX flags_by_kind ON flags (kind, subject_weight, id);
CREATE INDEX flags_by_status ON flags (status, subject_weight, id);

-- Every veto, whole, as JSON.
CREATE TABLE vetoes (
    id TEXT NOT NULL PRIMARY KEY,
    unit_id TEXT NOT NULL,
    contributor TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'undone')),
    created_at INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX vetoes_holding ON vetoes (unit_id) WHERE status = 'active';
CREATE INDEX vetoes_by_time ON vetoes (created_at, id);
CREATE INDEX vetoes_by_unit ON vetoes (unit_id, created_at, id);
CREATE INDEX vetoes_by_contributor ON vetoes (contributor, created_at, id);
CREATE INDEX vetoes_by_status ON vetoes (status, created_at, id);

-- Every decision about an agent's autonomy, whole, as JSON. The last one holds.
CREATE TABLE autonomy_decisions (
    id TEXT NOT NULL PRIMARY KEY,
    agent TEXT NOT NULL,
    decided_at INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX autonomy_decisions_by_agent ON autonomy_decisions (agent, decided_at, id);

-- Uses of claims that count: one for each metric, session and day. event_id is the event on a link that told of it.
CREATE TABLE claim_uses (
    slug TEXT NOT NULL,
    day INTEGER NOT NULL,
    metric TEXT NOT NULL,
    session TEXT NOT NULL,
    source TEXT,
    captured_at INTEGER NOT NULL,
    external_id TEXT,
    created_at INTEGER NOT NULL,
    event_id TEXT,
    PRIMARY KEY (slug, day, metric, session)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX claim_uses_by_external_id ON claim_uses (slug, external_id) WHERE external_id IS NOT NULL;

-- How many uses of a claim count for a day.
CREATE TABLE claim_use_days (
    day INTEGER NOT NULL,
    slug TEXT NOT NULL,
    sessions INTEGER NOT NULL,
    PRIMARY KEY (day, slug)
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_use_days_by_slug ON claim_use_days (slug, day);

-- Whether a link's refs name claims, whose uses its events may tell of. In JSON the quotes within a text are escaped,
-- so this finds what a ref begins with and nothing else.
ALTER TABLE links ADD COLUMN names_claims INTEGER NOT NULL DEFAULT 0 CHECK (names_claims IN (0, 1));
UPDATE links SET names_claims = 1
    WHERE implementation_refs LIKE '["claim:%' OR implementation_refs LIKE '%,"claim:%';
