//! The statements by which governance is written: each takes all of its rows as one parameter.

use super::super::connection::Sql;
use super::super::statements::from_rows;

/// What is added to what flags of a subject come to. It goes before the flags, as it locks the subject for the rest.
pub const ADD_SUBJECTS: Sql = from_rows!(
    "INSERT INTO flag_subjects (subject, kind, weight, active, flags, newest) SELECT item.value ->> 0, \
     item.value ->> 1, CAST(item.value ->> 2 AS BIGINT), CAST(item.value ->> 3 AS BIGINT), \
     CAST(item.value ->> 4 AS BIGINT), item.value ->> 5",
    "TRUE ON CONFLICT (subject) DO UPDATE SET weight = flag_subjects.weight + excluded.weight, \
     active = flag_subjects.active + excluded.active, flags = flag_subjects.flags + excluded.flags, \
     newest = CASE WHEN excluded.newest > flag_subjects.newest THEN excluded.newest ELSE flag_subjects.newest END"
);
/// Flags that are new.
pub const INSERT_FLAGS: Sql = from_rows!(
    "INSERT INTO flags (id, subject, kind, contributor, status, weight, body, subject_weight) SELECT item.value ->> 0, \
     item.value ->> 1, item.value ->> 2, item.value ->> 3, item.value ->> 4, CAST(item.value ->> 5 AS BIGINT), \
     item.value ->> 6, 0",
    "TRUE"
);
/// Flags that were withdrawn.
pub const UPDATE_FLAGS: Sql = from_rows!(
    "UPDATE flags SET status = item.value ->> 4, body = item.value ->> 6",
    "flags.id = item.value ->> 0"
);
/// Tells every flag of these subjects what they weigh together now.
pub const WEIGH_FLAGS: Sql = from_rows!(
    "UPDATE flags SET subject_weight = \
     (SELECT weight FROM flag_subjects WHERE flag_subjects.subject = flags.subject)",
    "flags.subject = item.value ->> 0"
);

/// Vetoes that are new.
pub const INSERT_VETOES: Sql = from_rows!(
    "INSERT INTO vetoes (id, unit_id, contributor, status, created_at, body) SELECT item.value ->> 0, \
     item.value ->> 1, item.value ->> 2, item.value ->> 3, CAST(item.value ->> 4 AS BIGINT), item.value ->> 5",
    "TRUE"
);
/// Vetoes that were undone.
pub const UPDATE_VETOES: Sql = from_rows!(
    "UPDATE vetoes SET status = item.value ->> 3, body = item.value ->> 5",
    "vetoes.id = item.value ->> 0"
);

/// Decisions about agents.
pub const INSERT_DECISIONS: Sql = from_rows!(
    "INSERT INTO autonomy_decisions (id, agent, decided_at, body) SELECT item.value ->> 0, item.value ->> 1, \
     CAST(item.value ->> 2 AS BIGINT), item.value ->> 3",
    "TRUE"
);

/// Uses of claims. No upsert: of two servers that keep the same use at the same time, one must fail and look again.
pub const INSERT_USES: Sql = from_rows!(
    "INSERT INTO claim_uses (slug, day, metric, session, source, captured_at, external_id, created_at, event_id) \
     SELECT item.value ->> 0, CAST(item.value ->> 1 AS BIGINT), item.value ->> 2, item.value ->> 3, \
     item.value ->> 4, CAST(item.value ->> 5 AS BIGINT), item.value ->> 6, CAST(item.value ->> 7 AS BIGINT), \
     item.value ->> 8",
    "TRUE"
);
/// What is added to claims' days.
pub const ADD_USE_DAYS: Sql = from_rows!(
    "INSERT INTO claim_use_days (day, slug, sessions) SELECT CAST(item.value ->> 0 AS BIGINT), item.value ->> 1, \
     CAST(item.value ->> 2 AS BIGINT)",
    "TRUE ON CONFLICT (day, slug) DO UPDATE SET sessions = claim_use_days.sessions + excluded.sessions"
);
