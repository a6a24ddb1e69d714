-- Units whose credits a decision about contributors changes and that were not derived again yet. They are derived a few at
-- a time, so that other writes get between; whoever opens the database goes on with what is left.
CREATE TABLE units_to_derive (
    unit_id TEXT NOT NULL PRIMARY KEY
);
