//! Questions about units, credits, contributors and imports, each answered through an index.

use super::super::batch::BatchError;
use super::super::connection::{Pool, Row, Sql, Value};
use super::super::governance;
use super::super::prepare::to_json;
use super::super::reads::{LAST_ID, page};
use super::rows::{self, card_columns, credit_columns};
use super::statements::of_texts;
use super::{digest, people};
use chrono::NaiveDate;
use domain::{
    contribution::{
        ADDRESS_OF, ContributorKind, ContributorRecord, Credit, CreditEntry, CreditQuery, CreditTotal,
        ImportIssue, ImportQuery, ImportRun, IssueCount, MergeProposal, People, Repository, Role, ScoreBasis,
        TrackRecord, UnitCard, UnitClass, UnitDetail, UnitQuery, UnitReference,
    },
    error::Error,
    id::UnitId,
    page::{Cursor, Page},
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

/// Units that a reference leads to at the most.
const NAMED: i64 = 10;
/// Handles that may share an address: an address of more is a mailbox of many.
const SHARED: usize = 3;

/// Every repository, by name.
pub async fn repositories(pool: &Pool) -> Result<Vec<Repository>, Error> {
    const SQL: Sql = Sql::both(
        "SELECT name, branch, head_sha, units, shallow, policy, policy_hash, policy_text FROM repositories \
         WHERE name > '' ORDER BY name",
    );
    let found = pool.all(SQL, &[], "repositories").await?;
    found.into_iter().map(|mut row| rows::repository(&mut row)).collect()
}

/// A repository.
pub async fn repository(pool: &Pool, name: &str) -> Result<Option<Repository>, Error> {
    const SQL: Sql = Sql::both(
        "SELECT name, branch, head_sha, units, shallow, policy, policy_hash, policy_text FROM repositories \
         WHERE name = $1",
    );
    let row = pool.one(SQL, &[name.into()], "repositories").await?;
    row.map(|mut row| rows::repository(&mut row)).transpose()
}

/// From where on a list goes that begins with what is newest.
fn behind(cursor: Option<&Cursor>) -> (i64, &str) {
    cursor.map_or((i64::MAX, LAST_ID), |cursor| (cursor.key, cursor.id.as_str()))
}

/// A page of runs of imports, newest first.
pub async fn import_runs(pool: &Pool, query: &ImportQuery) -> Result<Page<ImportRun>, Error> {
    const ALL: Sql = Sql::both(
        "SELECT body FROM import_runs WHERE (started_at, id) < ($1, $2) ORDER BY started_at DESC, id DESC LIMIT $3",
    );
    const OF_ONE: Sql = Sql::both(
        "SELECT body FROM import_runs WHERE repository = $4 AND (started_at, id) < ($1, $2) \
         ORDER BY started_at DESC, id DESC LIMIT $3",
    );
    let (key, id) = behind(query.cursor.as_ref());
    let mut values: Vec<Value<'_>> = vec![key.into(), id.into(), (query.limit + 1).into()];
    values.extend(query.repository.as_deref().map(Value::from));
    let sql = if query.repository.is_some() { OF_ONE } else { ALL };
    let rows = pool.all(sql, &values, "import_runs").await?;
    let read = |mut row: Row| row.parsed(|text| serde_json::from_str::<ImportRun>(text));
    let items = rows.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    Ok(page(items, query.limit, |run| Cursor {
        key: run.started_at.timestamp_micros(),
        id: run.id.to_string(),
    }))
}

macro_rules! issues {
    ($where:literal) => {
        Sql::both(concat!(
            "SELECT id, repository, unit_id, path, reason, detail FROM import_issues WHERE ",
            $where,
            " (repository, path, unit_id, id) > ($1, $2, $3, $4) ORDER BY repository, path, unit_id, id LIMIT $5"
        ))
    };
}

/// A page of what could not be read, by repository, path, then unit.
pub async fn import_issues(pool: &Pool, query: &ImportQuery) -> Result<Page<ImportIssue>, Error> {
    const ALL: Sql = issues!("");
    const OF_REPOSITORY: Sql = issues!("repository = $6 AND");
    const OF_REASON: Sql = issues!("reason = $6 AND");
    const OF_BOTH: Sql = issues!("reason = $6 AND repository = $7 AND");
    let (repository, path, unit, id) = issue_place(pool, query.cursor.as_ref()).await?;
    let mut values: Vec<Value<'_>> =
        [&repository, &path, &unit, &id].map(|text| text.as_str().into()).to_vec();
    values.push((query.limit + 1).into());
    let sql = match (&query.reason, &query.repository) {
        (None, None) => ALL,
        (None, Some(_)) => OF_REPOSITORY,
        (Some(_), None) => OF_REASON,
        (Some(_), Some(_)) => OF_BOTH,
    };
    values.extend(query.reason.iter().chain(&query.repository).map(|text| Value::from(text.as_str())));
    let rows = pool.all(sql, &values, "import_issues").await?;
    let read = |mut row: Row| {
        let id = row.text()?;
        let issue = ImportIssue {
            repository: row.text()?,
            unit: row.parsed(str::parse)?,
            path: row.text()?,
            reason: row.text()?,
            detail: row.text()?,
        };
        Ok((id, issue))
    };
    let items = rows.into_iter().map(read).collect::<Result<Vec<_>, Error>>()?;
    let Page { items, next_cursor } = page(items, query.limit, |(id, _)| Cursor { key: 0, id: id.clone() });
    Ok(Page { items: items.into_iter().map(|(_, issue)| issue).collect(), next_cursor })
}

/// Where an issue stands among others.
async fn issue_place(
    pool: &Pool,
    cursor: Option<&Cursor>,
) -> Result<(String, String, String, String), Error> {
    const SQL: Sql = Sql::both("SELECT repository, path, unit_id FROM import_issues WHERE id = $1");
    let Some(cursor) = cursor else { return Ok(Default::default()) };
    let gone =
        || Error::field("cursor", "leads nowhere any more: what it was given for was read anew; begin again");
    let mut row = pool.one(SQL, &[cursor.id.as_str().into()], "import_issues").await?.ok_or_else(gone)?;
    Ok((row.text()?, row.text()?, row.text()?, cursor.id.clone()))
}

/// How often each reason was met, the most frequent first: in a repository, or in all.
pub async fn issue_counts(pool: &Pool, repository: Option<&str>) -> Result<Vec<IssueCount>, Error> {
    const SQL: Sql = Sql::both(
        "SELECT reason, CAST(SUM(count) AS BIGINT) FROM import_issue_counts \
         WHERE reason > '' AND ($1 = '' OR repository = $1) GROUP BY reason",
    );
    let repository = repository.unwrap_or_default();
    let found = pool.all(SQL, &[repository.into()], "import_issue_counts").await?;
    let read = |mut row: Row| Ok(IssueCount { reason: row.text()?, count: row.integer()? });
    let mut counts = found.into_iter().map(read).collect::<Result<Vec<_>, Error>>()?;
    counts.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.reason.cmp(&other.reason)));
    Ok(counts)
}

/// Everybody, the totals of months, and the uses of claims from a day on.
pub async fn score_basis(
    pool: &Pool,
    from_month: i64,
    to_month: i64,
    uses_from: NaiveDate,
) -> Result<ScoreBasis, Error> {
    const SQL: Sql = Sql::both(
        "SELECT contributor, principal, role, month, credits, outcome FROM credit_totals \
         WHERE month >= $1 AND month <= $2 ORDER BY month, contributor, role, principal",
    );
    let found = pool.all(SQL, &[from_month.into(), to_month.into()], "credit_totals").await?;
    let read = |mut row: Row| {
        Ok(CreditTotal {
            contributor: row.text()?,
            principal: Some(row.text()?).filter(|principal| !principal.is_empty()),
            role: row.parsed(|name| Role::named(name).ok_or("no role"))?,
            month: row.integer()?,
            credits: row.integer()?,
            outcome: row.integer()?,
        })
    };
    Ok(ScoreBasis {
        totals: found.into_iter().map(read).collect::<Result<_, Error>>()?,
        contributors: people::everybody(pool).await?.records(),
        uses: governance::reads::uses_from(pool, uses_from).await?,
        used_roles: governance::reads::used_roles(pool, uses_from).await?,
    })
}

/// Whether a decision left units to be derived again.
pub async fn any_waiting(pool: &Pool) -> Result<bool, Error> {
    const SQL: Sql = Sql::both("SELECT unit_id FROM units_to_derive WHERE unit_id > '' LIMIT 1");
    Ok(pool.one(SQL, &[], "units_to_derive").await?.is_some())
}

/// What people decided, as credits need it.
pub async fn people(pool: &Pool) -> Result<People, Error> {
    Ok(people::everybody(pool).await?.people())
}

/// A contributor, by their handle or an alias.
pub async fn contributor(pool: &Pool, handle: &str) -> Result<Option<ContributorRecord>, Error> {
    Ok(people::everybody(pool).await?.record(handle))
}

/// All agents, by handle.
pub async fn agents(pool: &Pool) -> Result<Vec<ContributorRecord>, Error> {
    let mut records = people::everybody(pool).await?.records();
    records.retain(|record| record.kind == ContributorKind::Agent);
    Ok(records)
}

/// Merges of identities that nobody accepted or dismissed, by handle.
pub async fn merge_proposals(pool: &Pool) -> Result<Vec<MergeProposal>, Error> {
    const READ: Sql = Sql::both(
        "SELECT handle, alias, evidence FROM merge_proposals WHERE repository > '' \
         ORDER BY repository, handle, alias, evidence",
    );
    const ADDRESSES: Sql =
        Sql::both("SELECT address, handle FROM addresses WHERE address > '' ORDER BY address, handle");
    let everybody = people::everybody(pool).await?;
    let mut pairs: Vec<(String, String, String)> = Vec::new();
    let mut read = Vec::new();
    for mut row in pool.all(READ, &[], "merge_proposals").await? {
        read.push((row.text()?, row.text()?, row.text()?));
    }
    let mut alike: BTreeMap<(&str, String), BTreeSet<String>> = BTreeMap::new();
    for mut row in pool.all(ADDRESSES, &[], "addresses").await? {
        let (address, handle) = (row.text()?, row.text()?);
        if everybody.seen.contains_key(&handle) {
            alike.entry(("same address", address)).or_default().insert(handle);
        }
    }
    // A line may name an address: it is about whoever signs with it.
    for (handle, alias, evidence) in read {
        match alias.strip_prefix(ADDRESS_OF) {
            None => pairs.push((handle, alias, evidence)),
            Some(address) => {
                let signers = alike.get(&("same address", address.to_owned())).into_iter().flatten();
                pairs.extend(signers.map(|signer| (handle.clone(), signer.clone(), evidence.clone())));
            }
        }
    }
    alike.retain(|_, handles| handles.len() <= SHARED);
    for handle in everybody.seen.keys() {
        let letters: String = handle.chars().filter(|it| it.is_alphanumeric()).collect();
        alike.entry(("same handle but for its separators", letters)).or_default().insert(handle.clone());
    }
    for ((evidence, _), handles) in &alike {
        // Whoever was there first keeps their handle.
        let mut handles: Vec<&String> = handles.iter().collect();
        handles
            .sort_by_key(|handle| (everybody.seen.get(*handle).map(|seen| seen.first_at), (*handle).clone()));
        if let Some((first, rest)) = handles.split_first() {
            pairs.extend(rest.iter().map(|it| ((*first).clone(), (*it).clone(), (*evidence).to_owned())));
        }
    }
    let mut proposals: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for (handle, alias, evidence) in pairs {
        let (handle, alias) = (everybody.resolve(&handle).to_owned(), everybody.resolve(&alias).to_owned());
        let refused = |one: &str, other: &str| {
            everybody.decided.get(one).is_some_and(|decided| decided.dismissed.contains(other))
        };
        if handle != alias && !refused(&handle, &alias) && !refused(&alias, &handle) {
            let turned = proposals.contains_key(&(alias.clone(), handle.clone()));
            let key = if turned { (alias, handle) } else { (handle, alias) };
            proposals.entry(key).or_default().insert(evidence);
        }
    }
    let proposal = |((handle, alias), evidence): (_, BTreeSet<String>)| MergeProposal {
        handle,
        alias,
        evidence: evidence.into_iter().collect::<Vec<_>>().join(", "),
    };
    Ok(proposals.into_iter().map(proposal).collect())
}

/// A credit with what is needed to show it: of a statement that joins units and knowledge.
macro_rules! entry_sql {
    ($where:expr) => {
        concat!(
            "SELECT ",
            credit_columns!(),
            ", units.sha, units.title, knowledge.slug FROM credits JOIN units ON units.id = credits.unit_id \
             LEFT JOIN knowledge ON knowledge.repository = credits.repository AND knowledge.path = credits.claim WHERE ",
            $where
        )
    };
}
pub(super) use entry_sql;

/// A credit with its id, as [`entry_sql`] reads it.
pub(super) fn entry(mut row: Row) -> Result<(String, CreditEntry), Error> {
    let kept = rows::credit(&mut row)?;
    let (sha, title, claim_slug) = (row.text()?, row.text()?, row.optional_text()?);
    Ok((kept.id, CreditEntry { credit: kept.credit, repository: kept.repository, sha, title, claim_slug }))
}

/// A page of credits, newest first.
pub async fn credits(pool: &Pool, query: &CreditQuery) -> Result<Page<CreditEntry>, Error> {
    const ALL: Sql = Sql::both(entry_sql!(
        "(credits.earned_at, credits.id) < ($1, $2) AND ($4 = '' OR credits.role = $4) \
         AND ($5 = 0 OR (credits.counted = 1 AND credits.ended_at IS NULL)) \
         ORDER BY credits.earned_at DESC, credits.id DESC LIMIT $3"
    ));
    const OF_ONE: Sql = Sql::both(entry_sql!(
        "credits.contributor = $6 AND (credits.earned_at, credits.id) < ($1, $2) AND ($4 = '' OR credits.role = $4) \
         AND ($5 = 0 OR (credits.counted = 1 AND credits.ended_at IS NULL)) \
         ORDER BY credits.earned_at DESC, credits.id DESC LIMIT $3"
    ));
    let (key, id) = behind(query.cursor.as_ref());
    let role = query.role.map(Role::name).unwrap_or_default();
    let counted = i64::from(query.counted);
    let mut values: Vec<Value<'_>> =
        vec![key.into(), id.into(), (query.limit + 1).into(), role.into(), counted.into()];
    values.extend(query.contributor.as_deref().map(Value::from));
    let sql = if query.contributor.is_some() { OF_ONE } else { ALL };
    let rows = pool.all(sql, &values, "credits").await?;
    let items = rows.into_iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    let Page { items, next_cursor } = page(items, query.limit, |(id, entry)| Cursor {
        key: entry.credit.earned_at.timestamp_micros(),
        id: id.clone(),
    });
    Ok(Page { items: items.into_iter().map(|(_, entry)| entry).collect(), next_cursor })
}

/// Units behind a time and id that hold every word, of whatever else is asked for.
macro_rules! list_units {
    ($where:literal) => {
        Sql::each(
            concat!(
                "SELECT ", card_columns!(), " FROM units WHERE ", $where, " (merged_at, id) < ($1, $2) ",
                "AND ($5 = '' OR repository = $5) AND ($6 = '' OR class = $6) AND ($7 = '' OR proposer = $7) ",
                "AND NOT EXISTS (SELECT 1 FROM json_each($3) AS word WHERE instr(search_text, word.value) = 0) ",
                "ORDER BY merged_at DESC, id DESC LIMIT $4"
            ),
            concat!(
                "SELECT ", card_columns!(), " FROM units WHERE ", $where, " (merged_at, id) < ($1, $2) ",
                "AND ($5 = '' OR repository = $5) AND ($6 = '' OR class = $6) AND ($7 = '' OR proposer = $7) ",
                "AND NOT EXISTS (SELECT 1 FROM json_array_elements_text($3::json) AS word (value) ",
                "WHERE strpos(search_text, word.value) = 0) ",
                "ORDER BY merged_at DESC, id DESC LIMIT $4"
            ),
        )
    };
}

/// A page of units, newest first.
pub async fn units(pool: &Pool, query: &UnitQuery) -> Result<Page<UnitCard>, Error> {
    const ALL: Sql = list_units!("");
    const OF_REPOSITORY: Sql = list_units!("repository = $5 AND");
    const OF_CLASS: Sql = list_units!("class = $6 AND");
    const OF_PROPOSER: Sql = list_units!("proposer = $7 AND");
    let proposer = match &query.proposer {
        Some(named) => people::everybody(pool).await?.resolve(named).to_owned(),
        None => String::new(),
    };
    // The index of what is asked for that likely has the fewest.
    let sql = match query {
        UnitQuery { proposer: Some(_), .. } => OF_PROPOSER,
        UnitQuery { repository: Some(_), .. } => OF_REPOSITORY,
        UnitQuery { class: Some(_), .. } => OF_CLASS,
        _ => ALL,
    };
    let words: Vec<String> = query.search.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let words = to_json(&words)?;
    let (key, id) = behind(query.cursor.as_ref());
    let values = [
        key.into(),
        id.into(),
        words.as_str().into(),
        (query.limit + 1).into(),
        query.repository.as_deref().unwrap_or_default().into(),
        query.class.map(domain::contribution::UnitClass::name).unwrap_or_default().into(),
        proposer.as_str().into(),
    ];
    let rows = pool.all(sql, &values, "units").await?;
    let items = rows.into_iter().map(|mut row| rows::card(&mut row)).collect::<Result<Vec<_>, _>>()?;
    Ok(page(items, query.limit, |card| Cursor {
        key: card.merged_at.timestamp_micros(),
        id: card.id.to_string(),
    }))
}

macro_rules! detail_sql {
    ($where:literal) => {
        Sql::both(concat!("SELECT ", card_columns!(), ", facts FROM units WHERE ", $where))
    };
}

/// A unit with all that is known of it.
pub async fn unit(pool: &Pool, id: UnitId) -> Result<Option<UnitDetail>, Error> {
    const SQL: Sql = detail_sql!("id = $1");
    let row = pool.one(SQL, &[id.to_string().as_str().into()], "units").await?;
    Ok(details(pool, row.into_iter().collect()).await?.pop())
}

/// The units that a reference leads to, newest first.
pub async fn units_named(pool: &Pool, reference: &UnitReference) -> Result<Vec<UnitDetail>, Error> {
    const COMMIT: Sql = detail_sql!("sha >= $1 AND sha < $2 ORDER BY sha LIMIT $3");
    const NUMBER: Sql = detail_sql!(
        "number = $1 AND ($2 = '' OR forge = $2 OR repository = $2) ORDER BY merged_at DESC, id DESC LIMIT $3"
    );
    let found = match reference {
        UnitReference::Commit(digits) => {
            // Behind every commit that begins with these digits, and before any other.
            let behind = format!("{digits}g");
            let values = [digits.as_str().into(), behind.as_str().into(), NAMED.into()];
            pool.all(COMMIT, &values, "units").await?
        }
        UnitReference::PullRequest { place, number } => {
            let place = place.as_deref().unwrap_or_default();
            pool.all(NUMBER, &[(*number).into(), place.into(), NAMED.into()], "units").await?
        }
    };
    details(pool, found).await
}

async fn details(pool: &Pool, found: Vec<Row>) -> Result<Vec<UnitDetail>, Error> {
    const CREDITS: Sql = of_texts!(concat!("SELECT ", credit_columns!(), " FROM credits WHERE unit_id"), "");
    let mut units = Vec::with_capacity(found.len());
    for mut row in found {
        units.push((rows::card(&mut row)?, rows::facts(&mut row)?));
    }
    let ids: Vec<UnitId> = units.iter().map(|(card, _)| card.id).collect();
    let mut credits: BTreeMap<UnitId, Vec<Credit>> = BTreeMap::new();
    if !ids.is_empty() {
        for mut row in pool.all(CREDITS, &[to_json(&ids)?.as_str().into()], "credits").await? {
            let credit = rows::credit(&mut row)?.credit;
            credits.entry(credit.unit).or_default().push(credit);
        }
    }
    let detail = |(card, read): (UnitCard, _)| {
        let mut credits = credits.remove(&card.id).unwrap_or_default();
        credits.sort_by(|one, other| {
            (one.role, &one.contributor, &one.claim).cmp(&(other.role, &other.contributor, &other.claim))
        });
        UnitDetail { card, read, credits }
    };
    Ok(units.into_iter().map(detail).collect())
}

/// What each of these contributors' proposals came to.
pub async fn track_records(pool: &Pool, handles: &[String]) -> Result<Vec<TrackRecord>, Error> {
    // A flag counts by what it weighs. The claims that a change added are those for which it has an extractor.
    const SQL: Sql = of_texts!(
        "SELECT proposer, merged_at, id, ended_at, \
         (SELECT COUNT(*) FROM flag_subjects WHERE subject = 'unit:' || units.id AND flag_subjects.weight > 0) \
         + (SELECT COUNT(*) FROM credits JOIN knowledge ON knowledge.repository = credits.repository \
            AND knowledge.path = credits.claim JOIN flag_subjects ON subject = 'claim:' || knowledge.slug \
            WHERE credits.unit_id = units.id AND credits.role = 'extractor' AND flag_subjects.weight > 0), \
         (SELECT COUNT(*) FROM credits WHERE credits.unit_id = units.id AND credits.role = 'reviewer' \
          AND credits.contributor <> units.proposer), class FROM units WHERE proposer",
        ""
    );
    // By contributor, the newest first; whether each was rolled back, flagged and reviewed.
    let mut proposed = BTreeMap::new();
    for mut row in pool.all(SQL, &[to_json(&handles)?.as_str().into()], "units").await? {
        let (proposer, merged_at, id) = (row.text()?, row.integer()?, row.text()?);
        let ended = row.optional_integer()?.is_some();
        let (flagged, reviewed) = (row.integer()? > 0, row.integer()? > 0);
        if row.text()? == UnitClass::Knowledge.name() {
            proposed.insert((proposer, Reverse((merged_at, id))), (ended, flagged, reviewed));
        }
    }
    let mut records: BTreeMap<String, TrackRecord> = BTreeMap::new();
    for ((proposer, _), (ended, flagged, reviewed)) in proposed {
        let record = records.entry(proposer).or_default();
        record.units += 1;
        record.rolled_back += i64::from(ended);
        record.flagged += i64::from(flagged);
        record.reviewed += i64::from(reviewed);
        if record.rolled_back == 0 && record.flagged == 0 {
            record.clean_run += i64::from(reviewed);
        }
    }
    Ok(handles.iter().map(|handle| records.get(handle).cloned().unwrap_or_default()).collect())
}

/// The digest of all that is derived, as it is at one moment.
pub async fn derived_digest(pool: Pool) -> Result<String, Error> {
    // A task of its own: whoever stops waiting must not leave a connection in the middle of its transaction.
    let looking = tokio::spawn(async move {
        let mut connection = pool.acquire().await.map_err(BatchError::from)?;
        connection.begin_reading().await.map_err(BatchError::from)?;
        let digest = digest::of_derived(&mut connection).await;
        connection.roll_back().await;
        digest
    });
    let digest = looking.await.map_err(|error| Error::Store(error.to_string()))?;
    digest.map_err(BatchError::into_error)
}
