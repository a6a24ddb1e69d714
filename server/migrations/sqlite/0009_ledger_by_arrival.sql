-- The ledger in the order of arrival: a new entry goes to the end of one tree, which then is split nowhere else. Kept
-- by its id, as it was, every few entries split a page in three.
CREATE TABLE ledger_by_arrival (
    id TEXT NOT NULL PRIMARY KEY,
    recorded_at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
INSERT INTO ledger_by_arrival (id, recorded_at, actor, action, subject, body)
SELECT id, recorded_at, actor, action, subject, body FROM ledger_entries ORDER BY id;
DROP TABLE ledger_entries;
ALTER TABLE ledger_by_arrival RENAME TO ledger_entries;
