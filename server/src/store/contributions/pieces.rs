//! Questions about pieces of knowledge: who made them, what they name, and what names them.

use super::super::connection::{Pool, Row, Sql};
use super::super::prepare::to_json;
use super::reads::{entry, entry_sql};
use super::rows::{self, credit_columns, object_columns};
use super::statements::of_texts;
use domain::{
    contribution::{CitationEdge, CitationKind, CreditEntry, CreditedObject, KnowledgeKind, KnowledgeObject},
    error::Error,
};
use std::collections::{BTreeMap, BTreeSet};

/// Pieces of one slug that are answered at the most.
const SAME_SLUG: i64 = 100;

/// The pieces of a slug: standing ones first, then by repository and path.
pub async fn knowledge(
    pool: &Pool,
    kind: Option<KnowledgeKind>,
    slug: &str,
) -> Result<Vec<CreditedObject>, Error> {
    const SQL: Sql = Sql::both(concat!(
        "SELECT ",
        object_columns!(),
        " FROM knowledge WHERE slug = $1 AND ($2 = '' OR kind = $2) AND moved_to IS NULL \
         ORDER BY repository, path LIMIT $3"
    ));
    let kind = kind.map(KnowledgeKind::name).unwrap_or_default();
    let found = pool.all(SQL, &[slug.into(), kind.into(), SAME_SLUG.into()], "knowledge").await?;
    let mut objects = objects(found)?;
    objects.sort_by_key(|object| object.removed_by.is_some());
    credited(pool, objects).await
}

/// The credited pieces at these paths, by path.
pub async fn knowledge_at(
    pool: &Pool,
    repository: &str,
    paths: &[String],
) -> Result<Vec<CreditedObject>, Error> {
    const SQL: Sql = of_texts!(
        concat!("SELECT ", object_columns!(), " FROM knowledge WHERE repository = $2 AND path"),
        ""
    );
    let paths = to_json(&paths)?;
    let found = pool.all(SQL, &[paths.as_str().into(), repository.into()], "knowledge").await?;
    let mut objects = objects(found)?;
    objects.sort_by(|one, other| one.path.cmp(&other.path));
    credited(pool, objects).await
}

fn objects(found: Vec<Row>) -> Result<Vec<KnowledgeObject>, Error> {
    found.into_iter().map(|mut row| rows::object(&mut row)).collect()
}

/// Pieces with who played which role in them, also where they were before they were moved.
async fn credited(pool: &Pool, objects: Vec<KnowledgeObject>) -> Result<Vec<CreditedObject>, Error> {
    const CREDITS: Sql = of_texts!(entry_sql!("credits.repository = $2 AND credits.claim"), "");
    let mut by_path: BTreeMap<(String, String), Vec<CreditEntry>> = BTreeMap::new();
    let repositories: BTreeSet<&String> = objects.iter().map(|object| &object.repository).collect();
    for repository in repositories {
        let of_one = objects.iter().filter(|object| object.repository == *repository);
        let places = places(pool, repository, of_one.map(|object| object.path.clone()).collect()).await?;
        let paths: Vec<&String> = places.keys().collect();
        let paths = to_json(&paths)?;
        for row in pool.all(CREDITS, &[paths.as_str().into(), repository.as_str().into()], "credits").await? {
            let (_, entry) = entry(row)?;
            let claim = entry.credit.claim.clone().unwrap_or_default();
            if let Some(now) = places.get(&claim) {
                by_path.entry((repository.clone(), now.clone())).or_default().push(entry);
            }
        }
    }
    let credited = |object: KnowledgeObject| {
        let mut credits =
            by_path.remove(&(object.repository.clone(), object.path.clone())).unwrap_or_default();
        credits.sort_by(|one, other| {
            let key = |it: &CreditEntry| {
                (it.credit.role, it.credit.earned_at, it.credit.contributor.clone(), it.credit.unit)
            };
            key(one).cmp(&key(other))
        });
        CreditedObject { object, credits }
    };
    Ok(objects.into_iter().map(credited).collect())
}

/// These paths and those from which pieces were moved there, each with where it is now.
async fn places(
    pool: &Pool,
    repository: &str,
    paths: BTreeSet<String>,
) -> Result<BTreeMap<String, String>, Error> {
    const MOVED: Sql =
        of_texts!("SELECT path, moved_to FROM knowledge WHERE repository = $2 AND moved_to", "");
    let mut places: BTreeMap<String, String> =
        paths.iter().map(|path| (path.clone(), path.clone())).collect();
    let mut next = paths;
    while !next.is_empty() {
        let list = to_json(&next)?;
        next.clear();
        for mut row in pool.all(MOVED, &[list.as_str().into(), repository.into()], "knowledge").await? {
            let (path, to) = (row.text()?, row.text()?);
            if let Some(now) = places.get(&to).cloned()
                && !places.contains_key(&path)
            {
                places.insert(path.clone(), now);
                next.insert(path);
            }
        }
    }
    Ok(places)
}

macro_rules! edges {
    ($where:expr, $tail:expr) => {
        of_texts!(
            concat!(
                "SELECT citations.repository, citations.from_path, cites.slug, cites.kind, cites.title, citations.kind, \
                 citations.to_slug, citations.to_path, cited.kind, cited.title FROM citations \
                 JOIN knowledge AS cites ON cites.repository = citations.repository AND cites.path = citations.from_path \
                 LEFT JOIN knowledge AS cited ON cited.repository = citations.repository \
                 AND cited.path = citations.to_path WHERE citations.repository = $2 AND ",
                $where
            ),
            $tail
        )
    };
}

/// What pieces name, by path, kind, then slug.
pub async fn citations_of(
    pool: &Pool,
    repository: &str,
    paths: &[String],
) -> Result<Vec<CitationEdge>, Error> {
    const SQL: Sql = edges!("citations.from_path", "");
    let paths = to_json(&paths)?;
    let found = pool.all(SQL, &[paths.as_str().into(), repository.into()], "citations").await?;
    let mut edges = found.into_iter().map(edge).collect::<Result<Vec<_>, _>>()?;
    edges.sort_by(|one, other| {
        (&one.from_path, one.kind, &one.to_slug).cmp(&(&other.from_path, other.kind, &other.to_slug))
    });
    Ok(edges)
}

/// What names a piece, by path, then kind.
pub async fn cited_by(
    pool: &Pool,
    repository: &str,
    path: &str,
    limit: i64,
) -> Result<Vec<CitationEdge>, Error> {
    const SQL: Sql = edges!(
        "citations.to_path",
        "ORDER BY citations.to_path, citations.from_path, citations.kind LIMIT $3"
    );
    let paths = to_json(&[path])?;
    let found = pool.all(SQL, &[paths.as_str().into(), repository.into(), limit.into()], "citations").await?;
    found.into_iter().map(edge).collect()
}

/// Which sources name these pieces as taken from them, by piece, source, then kind.
pub async fn sources_naming(
    pool: &Pool,
    repository: &str,
    paths: &[String],
) -> Result<Vec<CitationEdge>, Error> {
    const SQL: Sql = edges!("cites.kind = 'source' AND citations.to_path", "");
    let paths = to_json(&paths)?;
    let found = pool.all(SQL, &[paths.as_str().into(), repository.into()], "citations").await?;
    let mut edges = found.into_iter().map(edge).collect::<Result<Vec<_>, _>>()?;
    edges.sort_by(|one, other| {
        (&one.to_path, &one.from_path, one.kind).cmp(&(&other.to_path, &other.from_path, other.kind))
    });
    Ok(edges)
}

fn edge(mut row: Row) -> Result<CitationEdge, Error> {
    let kind = |name: &str| KnowledgeKind::named(name).ok_or("no kind");
    let read_kind = |name: String| {
        KnowledgeKind::named(&name).ok_or_else(|| Error::Store(format!("corrupt row: {name:?} is no kind")))
    };
    Ok(CitationEdge {
        repository: row.text()?,
        from_path: row.text()?,
        from_slug: row.text()?,
        from_kind: row.parsed(kind)?,
        from_title: row.text()?,
        kind: row.parsed(|name| CitationKind::named(name).ok_or("no kind"))?,
        to_slug: row.text()?,
        to_path: row.optional_text()?,
        to_kind: row.optional_text()?.map(read_kind).transpose()?,
        to_title: row.optional_text()?,
    })
}
