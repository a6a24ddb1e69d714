-- Which file a spec was last written from: a version of the spec that is newer than this was written by somebody else.
CREATE TABLE spec_imports (
    spec_id TEXT NOT NULL PRIMARY KEY,
    path TEXT NOT NULL,
    -- SHA-256 of what was taken of the file.
    digest TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    -- The names of the fields that were taken, as JSON: one that the file no longer has is emptied.
    fields TEXT NOT NULL
) STRICT;
