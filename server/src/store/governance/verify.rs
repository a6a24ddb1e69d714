//! Recomputes what is kept of governance: weights of subjects from their flags, uses by day from the uses.

use super::super::connection::{Connection, Row, Sql};
use super::super::verify::{all, compare};
use domain::{
    error::Error,
    governance::{AutonomyDecision, Flag, Veto},
    store::Difference,
};

/// Every flag, veto and decision with the entries that stand for it: one that was withdrawn or undone has two. A use
/// has one, unless an event told of it, which has its own.
macro_rules! governance_subjects {
    () => {
        "UNION ALL SELECT id, CASE status WHEN 'active' THEN 1 ELSE 2 END, 0, NULL FROM flags \
         UNION ALL SELECT id, CASE status WHEN 'active' THEN 1 ELSE 2 END, 0, NULL FROM vetoes \
         UNION ALL SELECT id, 1, 0, NULL FROM autonomy_decisions \
         UNION ALL SELECT 'claim:' || slug, 1, 0, NULL FROM claim_uses WHERE event_id IS NULL"
    };
}
pub(in super::super) use governance_subjects;

/// Looks at all of governance.
pub async fn verify_governance(
    connection: &mut Connection,
    differences: &mut Vec<Difference>,
) -> Result<(), Error> {
    verify_sums(connection, FLAGS_OF_SUBJECTS, &["weight", "active", "flags"], differences).await?;
    verify_sums(connection, USES_OF_DAYS, &["sessions"], differences).await?;
    verify_sums(connection, NAMED_CLAIMS, &["names_claims"], differences).await?;
    verify_sums(connection, USES_OF_EVENTS, &["event"], differences).await?;
    verify_weights(connection, differences).await?;
    verify_ended(connection, differences).await?;
    verify_flags(connection, differences).await?;
    verify_vetoes(connection, differences).await?;
    verify_decisions(connection, differences).await
}

const FLAGS_OF_SUBJECTS: Sql = Sql::both(
    "SELECT subject, CAST(SUM(weight) AS BIGINT), CAST(SUM(own_weight) AS BIGINT), CAST(SUM(active) AS BIGINT), \
     CAST(SUM(own_active) AS BIGINT), CAST(SUM(flags) AS BIGINT), CAST(SUM(own) AS BIGINT) FROM \
     (SELECT subject, weight, active, flags, 0 AS own_weight, 0 AS own_active, 0 AS own FROM flag_subjects \
      UNION ALL SELECT subject, 0, 0, 0, CASE status WHEN 'active' THEN weight ELSE 0 END, \
      CASE status WHEN 'active' THEN 1 ELSE 0 END, 1 FROM flags) AS flagged GROUP BY subject",
);
const USES_OF_DAYS: Sql = Sql::both(
    "SELECT 'claim ' || slug || ' day ' || CAST(day AS TEXT), CAST(SUM(sessions) AS BIGINT), \
     CAST(SUM(counted) AS BIGINT) FROM (SELECT slug, day, sessions, 0 AS counted FROM claim_use_days \
      UNION ALL SELECT slug, day, 0, 1 FROM claim_uses) AS uses GROUP BY slug, day",
);
/// What links' refs begin with, as the migration has it.
const NAMED_CLAIMS: Sql = Sql::each(
    "SELECT id, names_claims, CASE WHEN implementation_refs LIKE '[\"claim:%' \
     OR implementation_refs LIKE '%,\"claim:%' THEN 1 ELSE 0 END FROM links",
    "SELECT id, names_claims, CAST(CASE WHEN implementation_refs ILIKE '[\"claim:%' \
     OR implementation_refs ILIKE '%,\"claim:%' THEN 1 ELSE 0 END AS BIGINT) FROM links",
);
/// Uses that events told of, with the events.
const USES_OF_EVENTS: Sql = Sql::both(
    "SELECT 'claim ' || slug || ' of ' || event_id, CAST(1 AS BIGINT), \
     CAST(CASE WHEN usage_events.id IS NULL THEN 0 ELSE 1 END AS BIGINT) FROM claim_uses \
     LEFT JOIN usage_events ON usage_events.id = event_id AND usage_events.metric = claim_uses.metric \
      AND usage_events.source = claim_uses.session AND usage_events.captured_at = claim_uses.captured_at \
     WHERE event_id IS NOT NULL",
);

/// Rows of a subject, then pairs of what is kept and what is recomputed.
async fn verify_sums(
    connection: &mut Connection,
    sql: Sql,
    fields: &[&str],
    differences: &mut Vec<Difference>,
) -> Result<(), Error> {
    for mut row in all(connection, sql, "governance").await? {
        let subject = row.text()?;
        for field in fields {
            let (kept, recomputed) = (row.integer()?, row.integer()?);
            compare(differences, &subject, field, kept.to_string(), recomputed.to_string());
        }
    }
    Ok(())
}

/// What each flag says of its subject, and which flag is a subject's newest.
async fn verify_weights(connection: &mut Connection, differences: &mut Vec<Difference>) -> Result<(), Error> {
    const COPIED: Sql = Sql::both(
        "SELECT id, subject_weight, COALESCE(flag_subjects.weight, -1) FROM flags \
         LEFT JOIN flag_subjects ON flag_subjects.subject = flags.subject",
    );
    const NEWEST: Sql = Sql::both(
        "SELECT flag_subjects.subject, newest, COALESCE(MAX(id), '') FROM flag_subjects \
         LEFT JOIN flags ON flags.subject = flag_subjects.subject GROUP BY flag_subjects.subject, newest",
    );
    verify_sums(connection, COPIED, &["subject_weight"], differences).await?;
    for mut row in all(connection, NEWEST, "flag_subjects").await? {
        let (subject, kept, found) = (row.text()?, row.text()?, row.text()?);
        compare(differences, &subject, "newest", kept, found);
    }
    Ok(())
}

/// From when on the credits of each unit count nothing: the earlier of a veto and a revert.
async fn verify_ended(connection: &mut Connection, differences: &mut Vec<Difference>) -> Result<(), Error> {
    const SQL: Sql = Sql::both(
        "SELECT units.id, COALESCE(CAST(units.ended_at AS TEXT), 'never'), \
         COALESCE(CAST(CASE WHEN vetoes.created_at IS NULL THEN reverting.merged_at \
          WHEN reverting.merged_at < vetoes.created_at THEN reverting.merged_at \
          ELSE vetoes.created_at END AS TEXT), 'never') FROM units \
         LEFT JOIN vetoes ON vetoes.unit_id = units.id AND vetoes.status = 'active' \
         LEFT JOIN units AS reverting ON reverting.id = units.reverted_by \
         WHERE units.ended_at IS NOT NULL OR units.reverted_by IS NOT NULL OR vetoes.id IS NOT NULL",
    );
    for mut row in all(connection, SQL, "units").await? {
        let (id, kept, found) = (row.text()?, row.text()?, row.text()?);
        compare(differences, &id, "ended_at", kept, found);
    }
    Ok(())
}

/// Compares columns of text with what stands in the JSON behind them.
fn compare_texts(
    row: &mut Row,
    differences: &mut Vec<Difference>,
    id: &str,
    said: &[(&str, String)],
) -> Result<(), Error> {
    for (field, said) in said {
        compare(differences, id, field, row.text()?, said.clone());
    }
    Ok(())
}

async fn verify_flags(connection: &mut Connection, differences: &mut Vec<Difference>) -> Result<(), Error> {
    const SQL: Sql = Sql::both(
        "SELECT id, body, subject, kind, contributor, status, CAST(weight AS TEXT) FROM flags ORDER BY id",
    );
    for mut row in all(connection, SQL, "flags").await? {
        let id = row.text()?;
        let flag: Flag = row.parsed(|text| serde_json::from_str(text))?;
        let said = [
            ("subject", flag.about().key()),
            ("kind", flag.subject_kind.name().into()),
            ("contributor", flag.contributor.clone()),
            ("status", flag.status.name().into()),
            ("weight", flag.weight.micros().to_string()),
        ];
        compare_texts(&mut row, differences, &id, &said)?;
    }
    Ok(())
}

async fn verify_vetoes(connection: &mut Connection, differences: &mut Vec<Difference>) -> Result<(), Error> {
    const SQL: Sql = Sql::both(
        "SELECT id, body, unit_id, contributor, status, CAST(created_at AS TEXT) FROM vetoes ORDER BY id",
    );
    for mut row in all(connection, SQL, "vetoes").await? {
        let id = row.text()?;
        let veto: Veto = row.parsed(|text| serde_json::from_str(text))?;
        let said = [
            ("unit_id", veto.unit.to_string()),
            ("contributor", veto.contributor.clone()),
            ("status", veto.status.name().into()),
            ("created_at", veto.created_at.timestamp_micros().to_string()),
        ];
        compare_texts(&mut row, differences, &id, &said)?;
    }
    Ok(())
}

async fn verify_decisions(
    connection: &mut Connection,
    differences: &mut Vec<Difference>,
) -> Result<(), Error> {
    const SQL: Sql =
        Sql::both("SELECT id, body, agent, CAST(decided_at AS TEXT) FROM autonomy_decisions ORDER BY id");
    for mut row in all(connection, SQL, "autonomy_decisions").await? {
        let id = row.text()?;
        let decision: AutonomyDecision = row.parsed(|text| serde_json::from_str(text))?;
        let said =
            [("agent", decision.agent.clone()), ("decided_at", decision.at.timestamp_micros().to_string())];
        compare_texts(&mut row, differences, &id, &said)?;
    }
    Ok(())
}
