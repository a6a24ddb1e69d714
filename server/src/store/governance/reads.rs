//! Every question about governance, each a fixed number of reads however much there is.

use super::super::connection::{Pool, Row, Sql, Value};
use super::super::contributions::of_texts;
use super::super::prepare::to_json;
use super::super::reads::{LAST_ID, page};
use super::super::rows::{day, day_number, time};
use super::rows;
use chrono::{NaiveDate, NaiveTime};
use domain::{
    contribution::{ClaimUses, Role, UsedRole},
    error::Error,
    governance::{
        AutonomyDecision, Flag, FlagQuery, FlagRecord, FlaggedQuery, FlaggedSubject, Veto, VetoQuery,
    },
    id::{FlagId, VetoId},
    page::{Cursor, EventQuery, Page},
};
use std::collections::{BTreeMap, BTreeSet};

/// Where a list begins that goes from its end.
fn start(cursor: Option<&Cursor>) -> (i64, &str) {
    cursor.map_or((i64::MAX, LAST_ID), |cursor| (cursor.key, cursor.id.as_str()))
}

/// A flag.
pub async fn flag(pool: &Pool, id: FlagId) -> Result<Option<FlagRecord>, Error> {
    const SQL: Sql = Sql::both("SELECT id, body, subject_weight FROM flags WHERE id = $1");
    pool.one(SQL, &[id.to_string().as_str().into()], "flags").await?.map(rows::flag).transpose()
}

/// A list of flags that begins with a condition which an index answers. Few are left for the others to choose from.
macro_rules! list_flags {
    ($condition:literal) => {
        Sql::both(concat!(
            "SELECT id, body, subject_weight FROM flags WHERE ",
            $condition,
            " AND (subject_weight, id) < ($1, $2) AND ($4 = '' OR subject = $4) AND ($5 = '' OR contributor = $5)",
            " AND ($6 = '' OR kind = $6) AND ($7 = '' OR status = $7)",
            " ORDER BY subject_weight DESC, id DESC LIMIT $3"
        ))
    };
}

/// A page of flags.
pub async fn flags(pool: &Pool, query: &FlagQuery) -> Result<Page<FlagRecord>, Error> {
    let (key, id) = start(query.cursor.as_ref());
    let subject = query.subject.as_ref().map(|subject| subject.key()).unwrap_or_default();
    let contributor = query.contributor.as_deref().unwrap_or_default();
    let kind = query.kind.map_or("", |kind| kind.name());
    let status = query.status.map_or("", |status| status.name());
    let sql = match (subject.as_str(), contributor, kind, status) {
        ("", "", "", "") => list_flags!("TRUE"),
        ("", "", "", _) => list_flags!("status = $7"),
        ("", "", ..) => list_flags!("kind = $6"),
        ("", ..) => list_flags!("contributor = $5"),
        _ => list_flags!("subject = $4"),
    };
    let values: [Value<'_>; 7] = [
        key.into(),
        id.into(),
        (query.limit + 1).into(),
        subject.as_str().into(),
        contributor.into(),
        kind.into(),
        status.into(),
    ];
    let found = pool.all(sql, &values, "flags").await?;
    let items = found.into_iter().map(rows::flag).collect::<Result<Vec<_>, _>>()?;
    Ok(page(items, query.limit, |record| Cursor {
        key: record.accumulated_weight.micros(),
        id: record.flag.id.to_string(),
    }))
}

/// A page of what standing flags are on.
pub async fn flagged(pool: &Pool, query: &FlaggedQuery) -> Result<Page<FlaggedSubject>, Error> {
    const ALL: Sql = Sql::both(
        "SELECT subject, kind, weight, active, flags, newest FROM flag_subjects \
         WHERE active > 0 AND (weight, newest) < ($1, $2) ORDER BY weight DESC, newest DESC LIMIT $3",
    );
    const OF_KIND: Sql = Sql::both(
        "SELECT subject, kind, weight, active, flags, newest FROM flag_subjects \
         WHERE active > 0 AND kind = $4 AND (weight, newest) < ($1, $2) ORDER BY weight DESC, newest DESC LIMIT $3",
    );
    let (key, id) = start(query.cursor.as_ref());
    let mut values: Vec<Value<'_>> = vec![key.into(), id.into(), (query.limit + 1).into()];
    values.extend(query.kind.map(|kind| Value::from(kind.name())));
    let sql = if query.kind.is_some() { OF_KIND } else { ALL };
    let found = pool.all(sql, &values, "flag_subjects").await?;
    let items = found.into_iter().map(rows::flagged).collect::<Result<Vec<_>, _>>()?;
    Ok(page(items, query.limit, |flagged| Cursor {
        key: flagged.weight.micros(),
        id: flagged.newest.to_string(),
    }))
}

/// The standing flags of these subjects.
pub async fn standing_flags(pool: &Pool, subjects: &[String]) -> Result<Vec<Flag>, Error> {
    // An expression, so that subjects are looked up and not all flags that stand.
    const SQL: Sql = Sql::each(
        "SELECT flags.id, body, subject_weight FROM json_each($1) AS item CROSS JOIN flags \
         ON subject = item.value AND status || '' = 'active'",
        "SELECT flags.id, body, subject_weight FROM json_array_elements_text($1::json) AS item (value) JOIN flags \
         ON subject = item.value AND status || '' = 'active'",
    );
    let found = pool.all(SQL, &[to_json(&subjects)?.as_str().into()], "flags").await?;
    let flags = found.into_iter().map(|row| rows::flag(row).map(|record| record.flag));
    let mut flags = flags.collect::<Result<Vec<Flag>, _>>()?;
    flags.sort_by_cached_key(|flag| (flag.about(), std::cmp::Reverse(flag.id)));
    Ok(flags)
}

/// A veto.
pub async fn veto(pool: &Pool, id: VetoId) -> Result<Option<Veto>, Error> {
    const SQL: Sql = Sql::both("SELECT id, body FROM vetoes WHERE id = $1");
    pool.one(SQL, &[id.to_string().as_str().into()], "vetoes").await?.map(rows::body).transpose()
}

/// A list of vetoes that begins with a condition which an index answers.
macro_rules! list_vetoes {
    ($condition:literal) => {
        Sql::both(concat!(
            "SELECT id, body FROM vetoes WHERE ",
            $condition,
            " AND (created_at, id) < ($1, $2) AND ($4 = '' OR unit_id = $4) AND ($5 = '' OR contributor = $5)",
            " AND ($6 = '' OR status = $6) ORDER BY created_at DESC, id DESC LIMIT $3"
        ))
    };
}

/// A page of vetoes, newest first.
pub async fn vetoes(pool: &Pool, query: &VetoQuery) -> Result<Page<Veto>, Error> {
    let (key, id) = start(query.cursor.as_ref());
    let unit = query.unit.map(|unit| unit.to_string()).unwrap_or_default();
    let contributor = query.contributor.as_deref().unwrap_or_default();
    let status = query.status.map_or("", |status| status.name());
    let sql = match (unit.as_str(), contributor, status) {
        ("", "", "") => list_vetoes!("TRUE"),
        ("", "", _) => list_vetoes!("status = $6"),
        ("", ..) => list_vetoes!("contributor = $5"),
        _ => list_vetoes!("unit_id = $4"),
    };
    let values: [Value<'_>; 6] = [
        key.into(),
        id.into(),
        (query.limit + 1).into(),
        unit.as_str().into(),
        contributor.into(),
        status.into(),
    ];
    let found = pool.all(sql, &values, "vetoes").await?;
    let items = found.into_iter().map(rows::body).collect::<Result<Vec<Veto>, _>>()?;
    Ok(page(items, query.limit, |veto| Cursor {
        key: veto.created_at.timestamp_micros(),
        id: veto.id.to_string(),
    }))
}

/// The last decision about each of these agents that there is one about.
pub async fn last_decisions(pool: &Pool, agents: &[String]) -> Result<Vec<AutonomyDecision>, Error> {
    const SQL: Sql = Sql::each(
        "SELECT id, body FROM autonomy_decisions AS last WHERE agent IN (SELECT value FROM json_each($1)) \
         AND NOT EXISTS (SELECT 1 FROM autonomy_decisions AS later WHERE later.agent = last.agent \
          AND (later.decided_at, later.id) > (last.decided_at, last.id))",
        "SELECT id, body FROM autonomy_decisions AS last \
         WHERE agent IN (SELECT value FROM json_array_elements_text($1::json)) \
         AND NOT EXISTS (SELECT 1 FROM autonomy_decisions AS later WHERE later.agent = last.agent \
          AND (later.decided_at, later.id) > (last.decided_at, last.id))",
    );
    let found = pool.all(SQL, &[to_json(&agents)?.as_str().into()], "autonomy_decisions").await?;
    found.into_iter().map(rows::body).collect()
}

/// Decisions about an agent, newest first.
pub async fn decisions(
    pool: &Pool,
    agent: &str,
    query: &EventQuery,
) -> Result<Page<AutonomyDecision>, Error> {
    const SQL: Sql = Sql::both(
        "SELECT id, body FROM autonomy_decisions WHERE agent = $4 AND (decided_at, id) < ($1, $2) \
         ORDER BY decided_at DESC, id DESC LIMIT $3",
    );
    let (key, id) = start(query.cursor.as_ref());
    let values = [key.into(), id.into(), (query.limit + 1).into(), agent.into()];
    let found = pool.all(SQL, &values, "autonomy_decisions").await?;
    let items = found.into_iter().map(rows::body).collect::<Result<Vec<AutonomyDecision>, _>>()?;
    Ok(page(items, query.limit, |decision| Cursor {
        key: decision.at.timestamp_micros(),
        id: decision.id.to_string(),
    }))
}

/// Uses of claims from a day on, by day, then claim.
pub async fn uses_from(pool: &Pool, from: NaiveDate) -> Result<Vec<ClaimUses>, Error> {
    const SQL: Sql = Sql::both(
        "SELECT slug, day, sessions FROM claim_use_days WHERE day >= $1 AND sessions > 0 ORDER BY day, slug",
    );
    let from = day_number(from.and_time(NaiveTime::MIN).and_utc());
    let found = pool.all(SQL, &[from.into()], "claim_use_days").await?;
    let read = |mut row: Row| {
        Ok(ClaimUses { slug: row.text()?, day: day(row.integer()?)?, sessions: row.integer()? })
    };
    found.into_iter().map(read).collect()
}

/// Who played which role in the claims that were used from a day on, and when: by claim, repository, role, then contributor.
/// What ended since is among them: uses of before were theirs. A claim that got another name keeps its makers.
pub async fn used_roles(pool: &Pool, from: NaiveDate) -> Result<Vec<UsedRole>, Error> {
    const USED: Sql = Sql::both(
        "SELECT repository, path, slug FROM knowledge WHERE kind = 'claim' \
         AND slug IN (SELECT slug FROM claim_use_days WHERE day >= $1)",
    );
    const CREDITS: Sql = of_texts!(
        concat!(
            "SELECT claim, role, contributor, principal, earned_at, ended_at FROM credits WHERE repository = $2 ",
            "AND (ended_at IS NULL OR ended_at > $3) AND claim"
        ),
        ""
    );
    let since = from.and_time(NaiveTime::MIN).and_utc();
    let mut used: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for mut row in pool.all(USED, &[day_number(since).into()], "knowledge").await? {
        let (repository, path) = (row.text()?, row.text()?);
        used.entry(repository).or_default().entry(path).or_default().insert(row.text()?);
    }
    let mut roles = BTreeSet::new();
    for (repository, mut slugs) in used {
        with_origins(pool, &repository, &mut slugs).await?;
        let paths: Vec<&String> = slugs.keys().collect();
        let paths = to_json(&paths)?;
        let values = [paths.as_str().into(), repository.as_str().into(), since.timestamp_micros().into()];
        for mut row in pool.all(CREDITS, &values, "credits").await? {
            let claim = row.text()?;
            let role = UsedRole {
                slug: String::new(),
                repository: repository.clone(),
                role: row.parsed(|name| Role::named(name).ok_or("no role"))?,
                contributor: row.text()?,
                principal: Some(row.text()?).filter(|principal| !principal.is_empty()),
                earned_at: time(row.integer()?)?,
                ended_at: row.optional_integer()?.map(time).transpose()?,
            };
            let slugs = slugs.get(&claim).into_iter().flatten();
            roles.extend(slugs.map(|slug| UsedRole { slug: slug.clone(), ..role.clone() }));
        }
    }
    Ok(roles.into_iter().collect())
}

/// Adds from where pieces were moved to these paths, with the names that they are used by: credits stay where it was.
async fn with_origins(
    pool: &Pool,
    repository: &str,
    slugs: &mut BTreeMap<String, BTreeSet<String>>,
) -> Result<(), Error> {
    const MOVED: Sql =
        of_texts!("SELECT path, moved_to FROM knowledge WHERE repository = $2 AND moved_to", "");
    let mut next: BTreeSet<String> = slugs.keys().cloned().collect();
    while !next.is_empty() {
        let list = to_json(&next)?;
        next.clear();
        for mut row in pool.all(MOVED, &[list.as_str().into(), repository.into()], "knowledge").await? {
            let (path, to) = (row.text()?, row.text()?);
            let used_by = slugs.get(&to).cloned().unwrap_or_default();
            let known = slugs.entry(path.clone()).or_default();
            let before = known.len();
            known.extend(used_by);
            if known.len() > before {
                next.insert(path);
            }
        }
    }
    Ok(())
}
