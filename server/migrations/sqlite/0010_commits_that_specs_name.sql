-- Commits that specs name among their refs and evidence, by their first seven digits: as many as every name of a commit
-- has at least.
CREATE TABLE spec_commits (
    spec_id TEXT NOT NULL,
    digits TEXT NOT NULL,
    PRIMARY KEY (spec_id, digits)
) STRICT, WITHOUT ROWID;
CREATE INDEX spec_commits_by_digits ON spec_commits (digits, spec_id);
-- A ref names a commit by what stands behind its last colon, slash or at sign.
INSERT INTO spec_commits (spec_id, digits)
WITH refs AS (
    SELECT spec_id, lower(item.value) AS ref FROM spec_contents, json_each(content, '$.implementation_refs') AS item
    UNION
    SELECT spec_id, lower(item.value) FROM spec_contents, json_each(content, '$.evidence_refs') AS item
), names AS (
    SELECT spec_id, substr(ref, length(rtrim(ref, replace(replace(replace(ref, ':', ''), '/', ''), '@', ''))) + 1) AS name
    FROM refs
)
SELECT DISTINCT spec_id, substr(name, 1, 7) FROM names
WHERE length(name) BETWEEN 7 AND 40 AND name NOT GLOB '*[^0-9a-f]*';

-- Reports about commits that no repository holds: anybody may ask for any number of them, so only the newest are kept.
CREATE TABLE unknown_commit_runs (
    id TEXT NOT NULL PRIMARY KEY,
    gate TEXT NOT NULL,
    subject TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    report TEXT NOT NULL
) STRICT;
CREATE INDEX unknown_commit_runs_by_time ON unknown_commit_runs (gate, started_at, id);
CREATE INDEX unknown_commit_runs_by_subject ON unknown_commit_runs (gate, subject, started_at, id);

-- A vote about a gate's link named its people among those of work.
DELETE FROM link_people WHERE link_id NOT IN (SELECT id FROM links WHERE origin = 'work');
