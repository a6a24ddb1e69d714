-- Here the ledger is kept in the order of arrival as it is; SQLite's is made so. One number, one name for both.
SELECT 1;
