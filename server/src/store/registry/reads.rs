//! Every question about the registry, each a fixed number of reads however much there is; who asks for people of all
//! links asks once for so many.

use super::super::connection::{Pool, Row, Sql};
use super::super::prepare::to_json;
use super::super::reads::{LAST_ID, page};
use super::super::rows::{link, link_columns};
use super::rows::{self, spec_columns};
use domain::{
    change_request::{ChangeRequest, ChangeRequestQuery},
    error::Error,
    id::{ChangeRequestId, LinkId},
    idea::{Idea, IdeaQuery, IdeaRecord, IdeaTotals},
    link::{LinkPeople, LinkRecord},
    money::Amount,
    page::{Cursor, LinksOf, Order, Page},
    spec::{SpecCard, SpecQuery, SpecSort},
    store::SpecEntry,
};
use std::collections::HashMap;

/// A spec with what is written of it: one statement, so that figures and texts are of the same version.
macro_rules! spec_entry {
    () => {
        concat!(
            spec_columns!(),
            ", (SELECT content FROM spec_contents WHERE spec_contents.spec_id = specs.spec_id) FROM specs"
        )
    };
}

/// A spec with what is written of it.
pub async fn spec(pool: &Pool, spec_id: &str) -> Result<Option<SpecEntry>, Error> {
    const SQL: Sql = Sql::both(concat!("SELECT ", spec_entry!(), " WHERE spec_id = $1"));
    pool.one(SQL, &[spec_id.into()], "specs").await?.map(entry).transpose()
}

/// The specs whose refs or evidence name a commit that begins with these digits, by id.
pub async fn specs_naming(pool: &Pool, digits: &str, limit: i64) -> Result<Vec<SpecEntry>, Error> {
    const SQL: Sql = Sql::both(concat!(
        "SELECT ",
        spec_entry!(),
        " WHERE spec_id IN (SELECT spec_commits.spec_id FROM spec_commits WHERE digits = $1) ",
        "ORDER BY spec_id LIMIT $2"
    ));
    let rows = pool.all(SQL, &[digits.into(), limit.into()], "specs").await?;
    rows.into_iter().map(entry).collect()
}

fn entry(row: Row) -> Result<SpecEntry, Error> {
    let (_, card, mut row) = rows::spec_and_rest(row)?;
    let content = match row.optional_text()? {
        Some(text) => serde_json::from_str(&text).map_err(|error| {
            Error::Store(format!("corrupt row in spec_contents: {}: {error}", card.spec_id))
        })?,
        None => Default::default(),
    };
    Ok(SpecEntry { card, content })
}

/// A list of specs sorted by a column, from behind a key and place, holding every searched word.
macro_rules! list_specs {
    ($column:literal, $direction:literal, $compare:literal) => {
        Sql::each(
            concat!(
                "SELECT ", spec_columns!(), " FROM specs WHERE (", $column, ", seq) ", $compare, " ($1, $2)",
                " AND ($5 = 0 OR link_count = 0 OR named_link_count < link_count)",
                " AND ($6 = '' OR spec_id IN (SELECT own.spec_id FROM specs AS own WHERE own.idea_id = $6",
                " UNION ALL SELECT links.spec_id FROM links WHERE links.idea_id = $6 AND links.origin = 'work'))",
                " AND NOT EXISTS (SELECT 1 FROM json_each($3) AS word WHERE instr(search_text, word.value) = 0)",
                " ORDER BY ", $column, " ", $direction, ", seq ", $direction, " LIMIT $4"
            ),
            concat!(
                "SELECT ", spec_columns!(), " FROM specs WHERE (", $column, ", seq) ", $compare, " ($1, $2)",
                " AND ($5 = 0 OR link_count = 0 OR named_link_count < link_count)",
                " AND ($6 = '' OR spec_id IN (SELECT own.spec_id FROM specs AS own WHERE own.idea_id = $6",
                " UNION ALL SELECT links.spec_id FROM links WHERE links.idea_id = $6 AND links.origin = 'work'))",
                " AND NOT EXISTS (SELECT 1 FROM json_array_elements_text($3::json) AS word (value)",
                " WHERE strpos(search_text, word.value) = 0)",
                " ORDER BY ", $column, " ", $direction, ", seq ", $direction, " LIMIT $4"
            ),
        )
    };
}

const fn specs_sql(sort: SpecSort, order: Order) -> Sql {
    match (sort, order) {
        (SpecSort::Updated, Order::Desc) => list_specs!("updated_at", "DESC", "<"),
        (SpecSort::Updated, Order::Asc) => list_specs!("updated_at", "ASC", ">"),
        (SpecSort::ValueGap, Order::Desc) => list_specs!("value_gap", "DESC", "<"),
        (SpecSort::ValueGap, Order::Asc) => list_specs!("value_gap", "ASC", ">"),
        (SpecSort::CostGap, Order::Desc) => list_specs!("cost_gap", "DESC", "<"),
        (SpecSort::CostGap, Order::Asc) => list_specs!("cost_gap", "ASC", ">"),
        (SpecSort::EstimatedRoi, Order::Desc) => list_specs!("estimated_roi_sort", "DESC", "<"),
        (SpecSort::EstimatedRoi, Order::Asc) => list_specs!("estimated_roi_sort", "ASC", ">"),
        (SpecSort::ActualRoi, Order::Desc) => list_specs!("actual_roi_sort", "DESC", "<"),
        (SpecSort::ActualRoi, Order::Asc) => list_specs!("actual_roi_sort", "ASC", ">"),
        (SpecSort::PotentialValue, Order::Desc) => list_specs!("potential_value", "DESC", "<"),
        (SpecSort::PotentialValue, Order::Asc) => list_specs!("potential_value", "ASC", ">"),
        (SpecSort::ActualValue, Order::Desc) => list_specs!("actual_value", "DESC", "<"),
        (SpecSort::ActualValue, Order::Asc) => list_specs!("actual_value", "ASC", ">"),
    }
}

/// Where a list begins.
fn start(cursor: Option<&Cursor>, order: Order) -> (i64, &str) {
    match (cursor, order) {
        (Some(cursor), _) => (cursor.key, cursor.id.as_str()),
        (None, Order::Desc) => (i64::MAX, LAST_ID),
        (None, Order::Asc) => (i64::MIN, ""),
    }
}

/// The words of a search, as JSON.
fn words(search: &str) -> Result<String, Error> {
    to_json(&search.to_lowercase().split_whitespace().collect::<Vec<_>>())
}

/// A page of specs.
pub async fn specs(pool: &Pool, query: &SpecQuery) -> Result<Page<SpecCard>, Error> {
    let (key, seq) = start(query.cursor.as_ref(), query.order);
    let words = words(&query.search)?;
    let missing = i64::from(query.missing_contributors);
    // One more than is asked for tells whether there is another page.
    let idea = query.idea_id.as_deref().unwrap_or_default();
    let values = [
        key.into(),
        seq.into(),
        words.as_str().into(),
        (query.limit + 1).into(),
        missing.into(),
        idea.into(),
    ];
    let rows = pool.all(specs_sql(query.sort, query.order), &values, "specs").await?;
    let items = rows.into_iter().map(rows::spec_with_seq).collect::<Result<Vec<_>, _>>()?;
    let page =
        page(items, query.limit, |(seq, card)| Cursor { key: query.sort.key_of(card), id: seq.clone() });
    Ok(Page { items: page.items.into_iter().map(|(_, card)| card).collect(), next_cursor: page.next_cursor })
}

/// A spec's links of work, newest first.
pub async fn links_of_spec(pool: &Pool, spec_id: &str, limit: i64) -> Result<Vec<LinkRecord>, Error> {
    const SQL: Sql = Sql::both(concat!(
        "SELECT ",
        link_columns!(),
        " FROM links WHERE spec_id = $1 AND origin = 'work' ORDER BY id DESC LIMIT $2"
    ));
    let rows = pool.all(SQL, &[spec_id.into(), limit.into()], "links").await?;
    rows.into_iter().map(link).collect()
}

/// The links of work that name anybody of these handles, newest first.
pub async fn links_of_people(pool: &Pool, handles: &[String], limit: i64) -> Result<Vec<LinkRecord>, Error> {
    // Of one handle after the other, as each is found by its own part of the index.
    const SQL: Sql = Sql::both(concat!(
        "SELECT ",
        link_columns!(),
        " FROM links WHERE id IN (SELECT link_id FROM link_people WHERE handle = $1 ORDER BY link_id DESC LIMIT $2)",
        " ORDER BY id DESC"
    ));
    let mut found = Vec::new();
    for handle in handles {
        let rows = pool.all(SQL, &[handle.as_str().into(), limit.into()], "links").await?;
        for row in rows {
            found.push(link(row)?);
        }
    }
    found.sort_by_key(|record| std::cmp::Reverse(record.link.id));
    found.dedup_by_key(|record| record.link.id);
    found.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(found)
}

/// An idea's links of work, newest first.
pub async fn links_of_idea(pool: &Pool, idea_id: &str, limit: i64) -> Result<Vec<LinkRecord>, Error> {
    const SQL: Sql = Sql::both(concat!(
        "SELECT ",
        link_columns!(),
        " FROM links WHERE idea_id = $1 AND origin = 'work' ORDER BY id DESC LIMIT $2"
    ));
    let rows = pool.all(SQL, &[idea_id.into(), limit.into()], "links").await?;
    rows.into_iter().map(link).collect()
}

/// What a spec's or idea's links of work say of people, from behind one on, newest first.
pub async fn people_of_links(
    pool: &Pool,
    of: LinksOf<'_>,
    before: LinkId,
    limit: i64,
) -> Result<Vec<LinkPeople>, Error> {
    const OF_SPEC: Sql = Sql::both(
        "SELECT id, idea_id, contributors, investments FROM links \
         WHERE spec_id = $1 AND id < $2 AND origin = 'work' ORDER BY id DESC LIMIT $3",
    );
    const OF_IDEA: Sql = Sql::both(
        "SELECT id, idea_id, contributors, investments FROM links \
         WHERE idea_id = $1 AND id < $2 AND origin = 'work' ORDER BY id DESC LIMIT $3",
    );
    let (sql, subject) = match of {
        LinksOf::Spec(id) => (OF_SPEC, id),
        LinksOf::Idea(id) => (OF_IDEA, id),
    };
    let before = before.to_string();
    let rows = pool.all(sql, &[subject.into(), before.as_str().into(), limit.into()], "links").await?;
    let people = |mut row: Row| {
        Ok(LinkPeople {
            id: row.parsed(str::parse)?,
            idea_id: row.text()?,
            contributors: row.parsed(|text| serde_json::from_str(text))?,
            investments: row.parsed(|text| serde_json::from_str(text))?,
        })
    };
    rows.into_iter().map(people).collect()
}

/// The specs that belong to an idea, by id.
pub async fn specs_of_idea(pool: &Pool, idea_id: &str, limit: i64) -> Result<Vec<SpecCard>, Error> {
    const SQL: Sql = Sql::both(concat!(
        "SELECT ",
        spec_columns!(),
        " FROM specs WHERE spec_id IN (SELECT spec_id FROM specs WHERE idea_id = $1",
        " UNION ALL SELECT spec_id FROM links WHERE idea_id = $1 AND origin = 'work') ORDER BY spec_id LIMIT $2"
    ));
    let rows = pool.all(SQL, &[idea_id.into(), limit.into()], "specs").await?;
    rows.into_iter().map(rows::spec).collect()
}

/// An idea with its totals.
pub async fn idea(pool: &Pool, idea_id: &str) -> Result<Option<IdeaRecord>, Error> {
    const SQL: Sql = Sql::both(
        "SELECT idea_id, version, created_at, updated_at, title, excerpt, \
         (SELECT content FROM idea_contents WHERE idea_contents.idea_id = ideas.idea_id) \
         FROM ideas WHERE idea_id = $1",
    );
    let Some(mut row) = pool.one(SQL, &[idea_id.into()], "ideas").await? else { return Ok(None) };
    let mut idea = rows::idea(&mut row)?;
    if let Some(text) = row.optional_text()? {
        idea.content = serde_json::from_str(&text)
            .map_err(|error| Error::Store(format!("corrupt row in idea_contents: {idea_id}: {error}")))?;
    }
    Ok(with_totals(pool, vec![idea]).await?.pop())
}

/// A page of ideas, last edited first.
pub async fn ideas(pool: &Pool, query: &IdeaQuery) -> Result<Page<IdeaRecord>, Error> {
    const SQL: Sql = Sql::each(
        "SELECT idea_id, version, created_at, updated_at, title, excerpt, seq FROM ideas \
         WHERE (updated_at, seq) < ($1, $2) \
         AND NOT EXISTS (SELECT 1 FROM json_each($3) AS word WHERE instr(search_text, word.value) = 0) \
         ORDER BY updated_at DESC, seq DESC LIMIT $4",
        "SELECT idea_id, version, created_at, updated_at, title, excerpt, seq FROM ideas \
         WHERE (updated_at, seq) < ($1, $2) \
         AND NOT EXISTS (SELECT 1 FROM json_array_elements_text($3::json) AS word (value) \
          WHERE strpos(search_text, word.value) = 0) \
         ORDER BY updated_at DESC, seq DESC LIMIT $4",
    );
    let (key, seq) = start(query.cursor.as_ref(), Order::Desc);
    let words = words(&query.search)?;
    let values = [key.into(), seq.into(), words.as_str().into(), (query.limit + 1).into()];
    let rows = pool.all(SQL, &values, "ideas").await?;
    let read = |mut row: Row| -> Result<(Idea, String), Error> { Ok((rows::idea(&mut row)?, row.text()?)) };
    let items = rows.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let page = page(items, query.limit, |(idea, seq)| Cursor {
        key: idea.updated_at.timestamp_micros(),
        id: seq.clone(),
    });
    let ideas = page.items.into_iter().map(|(idea, _)| idea).collect();
    Ok(Page { items: with_totals(pool, ideas).await?, next_cursor: page.next_cursor })
}

/// What ideas' links add up to: summed now, as nothing but ideas themselves shows it.
async fn with_totals(pool: &Pool, ideas: Vec<Idea>) -> Result<Vec<IdeaRecord>, Error> {
    const LINKS: Sql = Sql::each(
        "SELECT idea_id, COUNT(*), SUM(measured_value_total), SUM(estimated_cost) FROM links \
         WHERE idea_id IN (SELECT value FROM json_each($1)) AND origin = 'work' GROUP BY idea_id",
        "SELECT idea_id, COUNT(*), CAST(SUM(measured_value_total) AS BIGINT), CAST(SUM(estimated_cost) AS BIGINT) \
         FROM links WHERE idea_id IN (SELECT value FROM json_array_elements_text($1::json)) AND origin = 'work' \
         GROUP BY idea_id",
    );
    // A spec belongs to the idea that it is registered with, and to those of links that name it.
    macro_rules! spec_counts {
        ($listed:literal) => {
            concat!(
                "SELECT ideas.idea_id, (SELECT COUNT(*) FROM specs WHERE specs.spec_id IN ",
                "(SELECT own.spec_id FROM specs AS own WHERE own.idea_id = ideas.idea_id ",
                "UNION ALL SELECT links.spec_id FROM links ",
                "WHERE links.idea_id = ideas.idea_id AND links.origin = 'work')) ",
                "FROM ideas WHERE ideas.idea_id IN (SELECT value FROM ",
                $listed,
                ")"
            )
        };
    }
    const SPECS: Sql =
        Sql::each(spec_counts!("json_each($1)"), spec_counts!("json_array_elements_text($1::json)"));
    let ids: Vec<&str> = ideas.iter().map(|idea| idea.idea_id.as_str()).collect();
    let ids = to_json(&ids)?;
    let mut totals: HashMap<String, IdeaTotals> = HashMap::new();
    for mut row in pool.all(LINKS, &[ids.as_str().into()], "links").await? {
        let of = totals.entry(row.text()?).or_default();
        of.link_count = row.integer()?;
        of.actual_value = Amount::from_micros(row.integer()?);
        of.actual_cost = Amount::from_micros(row.integer()?);
    }
    for mut row in pool.all(SPECS, &[ids.as_str().into()], "specs").await? {
        let of = totals.entry(row.text()?).or_default();
        of.spec_count = row.integer()?;
    }
    let record = |idea: Idea| IdeaRecord { totals: totals.remove(&idea.idea_id).unwrap_or_default(), idea };
    Ok(ideas.into_iter().map(record).collect())
}

/// A change request.
pub async fn change_request(pool: &Pool, id: ChangeRequestId) -> Result<Option<ChangeRequest>, Error> {
    const SQL: Sql = Sql::both("SELECT id, body FROM change_requests WHERE id = $1");
    let row = pool.one(SQL, &[id.to_string().as_str().into()], "change_requests").await?;
    row.map(rows::change_request).transpose()
}

/// A page of change requests, newest first.
pub async fn change_requests(pool: &Pool, query: &ChangeRequestQuery) -> Result<Page<ChangeRequest>, Error> {
    const ALL: Sql = Sql::both(
        "SELECT id, body FROM change_requests WHERE (created_at, id) < ($1, $2) \
         ORDER BY created_at DESC, id DESC LIMIT $3",
    );
    const OF_STATUS: Sql = Sql::both(
        "SELECT id, body FROM change_requests WHERE status = $4 AND (created_at, id) < ($1, $2) \
         ORDER BY created_at DESC, id DESC LIMIT $3",
    );
    // Any status where none is asked for. What a request is about has few of them.
    const OF_SUBJECT: Sql = Sql::both(
        "SELECT change_requests.id, body FROM change_request_subjects AS about \
         JOIN change_requests ON change_requests.id = about.id \
         WHERE about.subject = $5 AND (about.created_at, about.id) < ($1, $2) AND ($4 = '' OR status = $4) \
         ORDER BY about.created_at DESC, about.id DESC LIMIT $3",
    );
    let (key, id) = start(query.cursor.as_ref(), Order::Desc);
    let status = query.status.map_or("", |status| status.name());
    let subject = query.subject.as_ref().map(|subject| subject.key()).unwrap_or_default();
    let values = [key.into(), id.into(), (query.limit + 1).into(), status.into(), subject.as_str().into()];
    let (sql, count) = match (&query.subject, query.status) {
        (Some(_), _) => (OF_SUBJECT, 5),
        (None, Some(_)) => (OF_STATUS, 4),
        (None, None) => (ALL, 3),
    };
    let rows = pool.all(sql, &values[..count], "change_requests").await?;
    let items = rows.into_iter().map(rows::change_request).collect::<Result<Vec<_>, _>>()?;
    Ok(page(items, query.limit, |request| Cursor {
        key: request.created_at.timestamp_micros(),
        id: request.id.to_string(),
    }))
}
