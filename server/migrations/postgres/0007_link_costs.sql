-- How the cost of a link is known, as JSON; empty where nothing is known of it but the number.
ALTER TABLE links ADD COLUMN cost_evidence TEXT NOT NULL DEFAULT '';
