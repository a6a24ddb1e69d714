-- Contributions. What was read of git (repositories, import_issues, merge_proposals, and facts of units) can be read
-- again; what follows of it (every other column of units, and unit_reverts, identities, addresses, knowledge,
-- knowledge_touches, citations, credits, credit_totals, unit_names) can be derived again, byte for byte. What people decided (contributors and the tables behind
-- it) and what was done (import_runs) can not.

-- How far each repository was read. The policy's file is kept, so that credits can be derived again without it.
CREATE TABLE repositories (
    name TEXT NOT NULL PRIMARY KEY,
    branch TEXT NOT NULL,
    head_sha TEXT NOT NULL,
    units INTEGER NOT NULL CHECK (units >= 0),
    shallow INTEGER NOT NULL CHECK (shallow IN (0, 1)),
    policy TEXT NOT NULL,
    policy_hash TEXT NOT NULL,
    policy_text TEXT NOT NULL
) STRICT;

-- Every run of an import that changed anything or could not, whole, as JSON.
CREATE TABLE import_runs (
    id TEXT NOT NULL PRIMARY KEY,
    repository TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX import_runs_by_time ON import_runs (started_at, id);
CREATE INDEX import_runs_by_repository ON import_runs (repository, started_at, id);

-- What could not be read. The id is a digest of the rest.
CREATE TABLE import_issues (
    id TEXT NOT NULL PRIMARY KEY,
    repository TEXT NOT NULL,
    path TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX import_issues_by_path ON import_issues (repository, path, unit_id, id);
CREATE INDEX import_issues_by_reason ON import_issues (reason, repository, path, unit_id, id);

-- How often each reason was met.
CREATE TABLE import_issue_counts (
    reason TEXT NOT NULL,
    repository TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (reason, repository)
) STRICT, WITHOUT ROWID;

-- Merges of identities that a repository proposes by itself.
CREATE TABLE merge_proposals (
    repository TEXT NOT NULL,
    handle TEXT NOT NULL,
    alias TEXT NOT NULL,
    evidence TEXT NOT NULL,
    PRIMARY KEY (repository, handle, alias, evidence)
) STRICT, WITHOUT ROWID;

-- One row for each merged change.
CREATE TABLE units (
    id TEXT NOT NULL PRIMARY KEY,
    repository TEXT NOT NULL,
    position INTEGER NOT NULL CHECK (position >= 0),
    sha TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('merge', 'squash', 'direct')),
    class TEXT NOT NULL CHECK (class IN ('knowledge', 'pipeline', 'other')),
    forge TEXT,
    number INTEGER,
    title TEXT NOT NULL,
    -- The contributor who proposed it, whichever of their names it gives.
    proposer TEXT,
    merged_at INTEGER NOT NULL,
    files INTEGER NOT NULL,
    lines_added INTEGER NOT NULL,
    lines_removed INTEGER NOT NULL,
    -- The unit that reverts it and is not reverted itself.
    reverted_by TEXT,
    -- From when on its credits count nothing, by a revert or a veto.
    ended_at INTEGER,
    search_text TEXT NOT NULL,
    -- All that was read of it, as JSON.
    facts TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX units_by_position ON units (repository, position);
CREATE INDEX units_by_time ON units (merged_at, id);
CREATE INDEX units_by_repository ON units (repository, merged_at, id);
CREATE INDEX units_by_class ON units (class, merged_at, id);
CREATE INDEX units_by_proposer ON units (proposer, merged_at, id);
CREATE INDEX units_by_sha ON units (sha);
CREATE INDEX units_by_number ON units (number, merged_at, id);

-- Which unit says that it reverts which.
CREATE TABLE unit_reverts (
    unit_id TEXT NOT NULL,
    target_id TEXT NOT NULL,
    PRIMARY KEY (unit_id, target_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX unit_reverts_by_target ON unit_reverts (target_id, unit_id);

-- Every piece of knowledge as it stands on the branch now, or stood last.
CREATE TABLE knowledge (
    repository TEXT NOT NULL,
    path TEXT NOT NULL,
    slug TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('position', 'belief', 'claim', 'challenge', 'source', 'entity')),
    title TEXT NOT NULL,
    domain TEXT,
    confidence TEXT,
    status TEXT,
    -- As JSON.
    sources TEXT NOT NULL,
    -- What stands against it now, as it says itself: a JSON list.
    challenges TEXT NOT NULL,
    added_by TEXT NOT NULL,
    touched_by TEXT NOT NULL,
    removed_by TEXT,
    -- Where it is now, where the unit that removed it added it elsewhere.
    moved_to TEXT,
    PRIMARY KEY (repository, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX knowledge_by_adder ON knowledge (added_by);
CREATE INDEX knowledge_by_move ON knowledge (repository, moved_to);
CREATE INDEX knowledge_by_slug ON knowledge (slug, repository, path);

-- What each unit did to each piece.
CREATE TABLE knowledge_touches (
    repository TEXT NOT NULL,
    path TEXT NOT NULL,
    position INTEGER NOT NULL,
    -- Whether it wrote it, or only another piece against it.
    wrote INTEGER NOT NULL CHECK (wrote IN (0, 1)),
    confidence_moved INTEGER NOT NULL CHECK (confidence_moved IN (0, 1)),
    -- What it set against it: texts of its own as `text:…`, other pieces as `piece:…`; a JSON list.
    challenges TEXT NOT NULL,
    PRIMARY KEY (repository, path, position)
) STRICT, WITHOUT ROWID;

-- What every standing piece names. read_path is what that led to when the piece was written, to_path what it leads to
-- now; nothing where the link is broken.
CREATE TABLE citations (
    repository TEXT NOT NULL,
    from_path TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('cites', 'depends_on', 'challenges', 'challenged_by', 'source')),
    to_slug TEXT NOT NULL,
    read_path TEXT,
    to_path TEXT,
    PRIMARY KEY (repository, from_path, kind, to_slug)
) STRICT, WITHOUT ROWID;
CREATE INDEX citations_by_target ON citations (repository, to_path, from_path, kind);
CREATE INDEX citations_by_slug ON citations (repository, to_slug);
CREATE INDEX citations_by_read_path ON citations (repository, read_path);

-- Who earned what. A claim or principal of '' is none. The id is a digest of unit, role, contributor and claim.
CREATE TABLE credits (
    id TEXT NOT NULL PRIMARY KEY,
    contributor TEXT NOT NULL,
    named_as TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('challenger', 'synthesizer', 'reviewer', 'sourcer', 'extractor')),
    unit_id TEXT NOT NULL,
    repository TEXT NOT NULL,
    claim TEXT NOT NULL,
    counted INTEGER NOT NULL CHECK (counted IN (0, 1)),
    principal TEXT NOT NULL,
    weight_set TEXT NOT NULL,
    weight INTEGER NOT NULL,
    provenance TEXT NOT NULL,
    confidence INTEGER NOT NULL,
    earned_at INTEGER NOT NULL,
    ended_at INTEGER,
    outcome INTEGER NOT NULL
) STRICT;
CREATE INDEX credits_by_unit ON credits (unit_id, role, contributor, claim);
CREATE INDEX credits_by_contributor ON credits (contributor, earned_at, id);
CREATE INDEX credits_by_time ON credits (earned_at, id);
CREATE INDEX credits_by_claim ON credits (repository, claim, role, earned_at, contributor);

-- Credits that count, by month: those earned in it, less those that ended in it.
CREATE TABLE credit_totals (
    month INTEGER NOT NULL,
    contributor TEXT NOT NULL,
    role TEXT NOT NULL,
    principal TEXT NOT NULL,
    credits INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    PRIMARY KEY (month, contributor, role, principal)
) STRICT, WITHOUT ROWID;
CREATE INDEX credit_totals_by_contributor ON credit_totals (contributor, month);

-- Every handle that history names, with what is assumed of whoever has it until somebody decides.
CREATE TABLE identities (
    handle TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    -- When and in which unit the name was written so: the first of all.
    named_at INTEGER NOT NULL,
    named_in TEXT NOT NULL,
    -- What they seem to be: 0 external, 1 person, 2 agent, 3 infrastructure; the most that any unit shows.
    kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 3),
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Which units name a handle in any way: those whose credits may follow from what is decided about it.
CREATE TABLE unit_names (
    handle TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    PRIMARY KEY (handle, unit_id)
) STRICT, WITHOUT ROWID;

-- Which handles signed with which address: a digest of it.
CREATE TABLE addresses (
    address TEXT NOT NULL,
    handle TEXT NOT NULL,
    PRIMARY KEY (address, handle)
) STRICT, WITHOUT ROWID;

-- What people decided about contributors: one row for each of whom anything was.
CREATE TABLE contributors (
    handle TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL CHECK (version > 0),
    kind TEXT CHECK (kind IN ('person', 'agent', 'external', 'infrastructure')),
    name TEXT
) STRICT;

-- Names that are somebody else's.
CREATE TABLE contributor_aliases (
    alias TEXT NOT NULL PRIMARY KEY,
    handle TEXT NOT NULL
) STRICT;
CREATE INDEX contributor_aliases_by_handle ON contributor_aliases (handle, alias);

-- For whom somebody works from when on; for nobody, where there is no principal.
CREATE TABLE contributor_principals (
    handle TEXT NOT NULL,
    -- The version of the contributor that it made.
    version INTEGER NOT NULL,
    principal TEXT,
    from_at INTEGER NOT NULL,
    reason TEXT,
    decided_by TEXT NOT NULL,
    decided_at INTEGER NOT NULL,
    PRIMARY KEY (handle, version)
) STRICT;

-- Proposed merges that somebody refused.
CREATE TABLE dismissed_proposals (
    handle TEXT NOT NULL,
    alias TEXT NOT NULL,
    PRIMARY KEY (handle, alias)
) STRICT;

-- One row, locked by whatever writes contributions, so that servers on one database do so one after the other.
CREATE TABLE contribution_turns (
    id INTEGER NOT NULL PRIMARY KEY
) STRICT;
INSERT INTO contribution_turns (id) VALUES (1);
