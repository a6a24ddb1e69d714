-- How the cost of a link is known, as JSON; empty where nothing is known of it but the number.
ALTER TABLE links ADD COLUMN cost TEXT NOT NULL DEFAULT '';
