-- Contributions. What was read of git (repositories, import_issues, merge_proposals, and facts of units) can be read
-- again; what follows of it (every other column of units, and unit_reverts, identities, addresses, knowledge,
-- knowledge_touches, citations, credits, credit_totals, unit_names) can be derived again, byte for byte. What people decided (contributors and the tables behind
-- it) and what was done (import_runs) can not.

-- How far each repository was read. The policy's file is kept, so that credits can be derived again without it.
CREATE TABLE repositories (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    branch TEXT NOT NULL,
    head_sha TEXT NOT NULL,
    units BIGINT NOT NULL CHECK (units >= 0),
    shallow BIGINT NOT NULL CHECK (shallow IN (0, 1)),
    policy TEXT NOT NULL,
    policy_hash TEXT NOT NULL,
    policy_text TEXT NOT NULL
);

-- Every run of an import that changed anything or could not, whole, as JSON.
CREATE TABLE import_runs (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    repository TEXT COLLATE "C" NOT NULL,
    started_at BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX import_runs_by_time ON import_runs (started_at, id);
CREATE INDEX import_runs_by_repository ON import_runs (repository, started_at, id);

-- What could not be read. The id is a digest of the rest.
CREATE TABLE import_issues (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    repository TEXT COLLATE "C" NOT NULL,
    path TEXT COLLATE "C" NOT NULL,
    unit_id TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX import_issues_by_path ON import_issues (repository, path, unit_id, id);
CREATE INDEX import_issues_by_reason ON import_issues (reason, repository, path, unit_id, id);

-- How often each reason was met.
CREATE TABLE import_issue_counts (
    reason TEXT COLLATE "C" NOT NULL,
    repository TEXT COLLATE "C" NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (reason, repository)
);

-- Merges of identities that a repository proposes by itself.
CREATE TABLE merge_proposals (
    repository TEXT COLLATE "C" NOT NULL,
    handle TEXT COLLATE "C" NOT NULL,
    alias TEXT COLLATE "C" NOT NULL,
    evidence TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (repository, handle, alias, evidence)
);

-- One row for each merged change.
CREATE TABLE units (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    repository TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL CHECK (position >= 0),
    sha TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('merge', 'squash', 'direct')),
    class TEXT NOT NULL CHECK (class IN ('knowledge', 'pipeline', 'other')),
    forge TEXT,
    number BIGINT,
    title TEXT NOT NULL,
    -- The contributor who proposed it, whichever of their names it gives.
    proposer TEXT,
    merged_at BIGINT NOT NULL,
    files BIGINT NOT NULL,
    lines_added BIGINT NOT NULL,
    lines_removed BIGINT NOT NULL,
    -- The unit that reverts it and is not reverted itself.
    reverted_by TEXT,
    -- From when on its credits count nothing, by a revert or a veto.
    ended_at BIGINT,
    search_text TEXT NOT NULL,
    -- All that was read of it, as JSON.
    facts TEXT NOT NULL
);
CREATE UNIQUE INDEX units_by_position ON units (repository, position);
CREATE INDEX units_by_time ON units (merged_at, id);
CREATE INDEX units_by_repository ON units (repository, merged_at, id);
CREATE INDEX units_by_class ON units (class, merged_at, id);
CREATE INDEX units_by_proposer ON units (proposer, merged_at, id);
CREATE INDEX units_by_sha ON units (sha);
CREATE INDEX units_by_number ON units (number, merged_at, id);

-- Which unit says that it reverts which.
CREATE TABLE unit_reverts (
    unit_id TEXT COLLATE "C" NOT NULL,
    target_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (unit_id, target_id)
);
CREATE INDEX unit_reverts_by_target ON unit_reverts (target_id, unit_id);

-- Every piece of knowledge as it stands on the branch now, or stood last.
CREATE TABLE knowledge (
    repository TEXT COLLATE "C" NOT NULL,
    path TEXT COLLATE "C" NOT NULL,
    slug TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('position', 'belief', 'claim', 'challenge', 'source', 'entity')),
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
    moved_to TEXT COLLATE "C",
    PRIMARY KEY (repository, path)
);
CREATE INDEX knowledge_by_adder ON knowledge (added_by);
CREATE INDEX knowledge_by_move ON knowledge (repository, moved_to);
CREATE INDEX knowledge_by_slug ON knowledge (slug, repository, path);

-- What each unit did to each piece.
CREATE TABLE knowledge_touches (
    repository TEXT COLLATE "C" NOT NULL,
    path TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    -- Whether it wrote it, or only another piece against it.
    wrote BIGINT NOT NULL CHECK (wrote IN (0, 1)),
    confidence_moved BIGINT NOT NULL CHECK (confidence_moved IN (0, 1)),
    -- What it set against it: texts of its own as `text:…`, other pieces as `piece:…`; a JSON list.
    challenges TEXT NOT NULL,
    PRIMARY KEY (repository, path, position)
);

-- What every standing piece names. read_path is what that led to when the piece was written, to_path what it leads to
-- now; nothing where the link is broken.
CREATE TABLE citations (
    repository TEXT COLLATE "C" NOT NULL,
    from_path TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('cites', 'depends_on', 'challenges', 'challenged_by', 'source')),
    to_slug TEXT COLLATE "C" NOT NULL,
    read_path TEXT COLLATE "C",
    to_path TEXT COLLATE "C",
    PRIMARY KEY (repository, from_path, kind, to_slug)
);
CREATE INDEX citations_by_target ON citations (repository, to_path, from_path, kind);
CREATE INDEX citations_by_slug ON citations (repository, to_slug);
CREATE INDEX citations_by_read_path ON citations (repository, read_path);

-- Who earned what. A claim or principal of '' is none. The id is a digest of unit, role, contributor and claim.
CREATE TABLE credits (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    contributor TEXT COLLATE "C" NOT NULL,
    named_as TEXT NOT NULL,
    role TEXT COLLATE "C" NOT NULL CHECK (role IN ('challenger', 'synthesizer', 'reviewer', 'sourcer', 'extractor')),
    unit_id TEXT COLLATE "C" NOT NULL,
    repository TEXT COLLATE "C" NOT NULL,
    claim TEXT COLLATE "C" NOT NULL,
    counted BIGINT NOT NULL CHECK (counted IN (0, 1)),
    principal TEXT COLLATE "C" NOT NULL,
    weight_set TEXT NOT NULL,
    weight BIGINT NOT NULL,
    provenance TEXT NOT NULL,
    confidence BIGINT NOT NULL,
    earned_at BIGINT NOT NULL,
    ended_at BIGINT,
    outcome BIGINT NOT NULL
);
CREATE INDEX credits_by_unit ON credits (unit_id, role, contributor, claim);
CREATE INDEX credits_by_contributor ON credits (contributor, earned_at, id);
CREATE INDEX credits_by_time ON credits (earned_at, id);
CREATE INDEX credits_by_claim ON credits (repository, claim, role, earned_at, contributor);

-- Credits that count, by month: those earned in it, less those that ended in it.
CREATE TABLE credit_totals (
    month BIGINT NOT NULL,
    contributor TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    principal TEXT COLLATE "C" NOT NULL,
    credits BIGINT NOT NULL,
    outcome BIGINT NOT NULL,
    PRIMARY KEY (month, contributor, role, principal)
);
CREATE INDEX credit_totals_by_contributor ON credit_totals (contributor, month);

-- Every handle that history names, with what is assumed of whoever has it until somebody decides.
CREATE TABLE identities (
    handle TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    -- When and in which unit the name was written so: the first of all.
    named_at BIGINT NOT NULL,
    named_in TEXT COLLATE "C" NOT NULL,
    -- What they seem to be: 0 external, 1 person, 2 agent, 3 infrastructure; the most that any unit shows.
    kind BIGINT NOT NULL CHECK (kind BETWEEN 0 AND 3),
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);

-- Which units name a handle in any way: those whose credits may follow from what is decided about it.
CREATE TABLE unit_names (
    handle TEXT COLLATE "C" NOT NULL,
    unit_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (handle, unit_id)
);

-- Which handles signed with which address: a digest of it.
CREATE TABLE addresses (
    address TEXT COLLATE "C" NOT NULL,
    handle TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (address, handle)
);

-- What people decided about contributors: one row for each of whom anything was.
CREATE TABLE contributors (
    handle TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL CHECK (version > 0),
    kind TEXT COLLATE "C" CHECK (kind IN ('person', 'agent', 'external', 'infrastructure')),
    name TEXT COLLATE "C"
);

-- Names that are somebody else's.
CREATE TABLE contributor_aliases (
    alias TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    handle TEXT COLLATE "C" NOT NULL
);
CREATE INDEX contributor_aliases_by_handle ON contributor_aliases (handle, alias);

-- For whom somebody works from when on; for nobody, where there is no principal.
CREATE TABLE contributor_principals (
    handle TEXT COLLATE "C" NOT NULL,
    -- The version of the contributor that it made.
    version BIGINT NOT NULL,
    principal TEXT COLLATE "C",
    from_at BIGINT NOT NULL,
    reason TEXT COLLATE "C",
    decided_by TEXT NOT NULL,
    decided_at BIGINT NOT NULL,
    PRIMARY KEY (handle, version)
);

-- Proposed merges that somebody refused.
CREATE TABLE dismissed_proposals (
    handle TEXT COLLATE "C" NOT NULL,
    alias TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (handle, alias)
);

-- One row, locked by whatever writes contributions, so that servers on one database do so one after the other.
CREATE TABLE contribution_turns (
    id BIGINT NOT NULL PRIMARY KEY
);
INSERT INTO contribution_turns (id) VALUES (1);
