-- Whether lines are missing from what is counted of a change. Of changes that were read before, none are known to be.
ALTER TABLE units ADD COLUMN lines_partial INTEGER NOT NULL DEFAULT 0;
