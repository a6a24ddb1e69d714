//! Looks whether what is derived agrees with what it is derived from.

use super::super::connection::{Connection, Sql, unavailable};
use super::super::verify::compare;
use super::book::{TotalKey, add};
use super::rows::{self, credit_columns};
use domain::{
    contribution::Role,
    error::Error,
    link::{Contributors, Investment},
    report::handle_on_link as handle,
    stage::Stage,
    store::Difference,
};
use std::collections::{BTreeMap, BTreeSet};

/// Every version of a contributor and every run of an import, with the entries that stand for them.
macro_rules! contribution_subjects {
    () => {
        "UNION ALL SELECT 'contributor:' || handle, version, 0, NULL FROM contributors \
         UNION ALL SELECT id, 1, 0, NULL FROM import_runs "
    };
}
pub(in super::super) use contribution_subjects;

/// Looks at all of it.
pub async fn verify_contributions(
    connection: &mut Connection,
    differences: &mut Vec<Difference>,
) -> Result<(), Error> {
    verify_totals(connection, differences).await?;
    verify_ends(connection, differences).await?;
    verify_counts(connection, differences).await?;
    verify_link_people(connection, differences).await
}

/// Links that are read at a time.
const LINKS: i64 = 1_000;

/// Whether whoever a link names is found by it, and nobody else. Links of before they were kept by handle have the names in
/// small letters, as the database of that time made them.
async fn verify_link_people(
    connection: &mut Connection,
    differences: &mut Vec<Difference>,
) -> Result<(), Error> {
    const PAGE: Sql = Sql::both(
        "SELECT id, contributors, investments FROM links WHERE origin = 'work' AND id > $1 ORDER BY id LIMIT $2",
    );
    const PEOPLE: Sql =
        Sql::both("SELECT link_id, handle FROM link_people WHERE link_id > $1 AND link_id <= $2");
    let mut last = String::new();
    loop {
        let found = connection.all(PAGE, &[last.as_str().into(), LINKS.into()], "links").await;
        let mut named: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for mut row in found.map_err(unavailable)? {
            let id = row.text()?;
            let contributors: Contributors = row.parsed(|text| serde_json::from_str(text))?;
            let investments: Vec<Investment> = row.parsed(|text| serde_json::from_str(text))?;
            named.insert(id, names_on(&contributors, &investments));
        }
        // Those of no link stand behind the last.
        let end = named.keys().next_back().cloned().unwrap_or_else(|| "~".to_owned());
        let values = [last.as_str().into(), end.as_str().into()];
        let mut kept: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for mut row in connection.all(PEOPLE, &values, "link_people").await.map_err(unavailable)? {
            kept.entry(row.text()?).or_default().insert(row.text()?);
        }
        for link in named.keys().chain(kept.keys()).collect::<BTreeSet<_>>() {
            let (names, handles) = (named.get(link), kept.get(link));
            let names = names
                .into_iter()
                .flatten()
                .map(|name| [handle(name), name.to_lowercase(), name.to_ascii_lowercase()]);
            compare_people(differences, link, names.collect(), handles.cloned().unwrap_or_default());
        }
        if named.is_empty() {
            return Ok(());
        }
        last = end;
    }
}

/// Every name on a link.
fn names_on(contributors: &Contributors, investments: &[Investment]) -> Vec<String> {
    let stages = Stage::ALL.into_iter().filter_map(|stage| contributors.get(stage).clone());
    stages.chain(investments.iter().map(|it| it.contributor.clone())).collect()
}

/// Holds the handles that are kept of a link against its names, each as a handle and in small letters.
fn compare_people(
    differences: &mut Vec<Difference>,
    link: &str,
    names: Vec<[String; 3]>,
    kept: BTreeSet<String>,
) {
    let known: BTreeSet<&String> = names.iter().flatten().collect();
    let strange = kept.iter().filter(|handle| !known.contains(handle));
    let missing = names.iter().filter(|forms| !forms.iter().any(|form| kept.contains(form)));
    let strange = strange.cloned().collect::<Vec<_>>().join(", ");
    let missing = missing.map(|[handle, ..]| handle.clone()).collect::<BTreeSet<_>>();
    let missing = missing.into_iter().collect::<Vec<_>>().join(", ");
    compare(differences, link, "people", strange, missing);
}

/// Credits that are read at a time.
const ROWS: i64 = 5_000;

async fn verify_totals(connection: &mut Connection, differences: &mut Vec<Difference>) -> Result<(), Error> {
    const CREDITS: Sql =
        Sql::both(concat!("SELECT ", credit_columns!(), " FROM credits WHERE id > $1 ORDER BY id LIMIT $2"));
    const TOTALS: Sql =
        Sql::both("SELECT month, contributor, role, principal, credits, outcome FROM credit_totals");
    let mut summed: BTreeMap<TotalKey, (i64, i64)> = BTreeMap::new();
    let mut last = String::new();
    loop {
        let found = connection.all(CREDITS, &[last.as_str().into(), ROWS.into()], "credits").await;
        let found = found.map_err(unavailable)?;
        if found.is_empty() {
            break;
        }
        for mut row in found {
            let kept = rows::credit(&mut row)?;
            add(&mut summed, &kept.credit, 1);
            last = kept.id;
        }
    }
    summed.retain(|_, sums| *sums != (0, 0));
    let mut kept: BTreeMap<TotalKey, (i64, i64)> = BTreeMap::new();
    for mut row in connection.all(TOTALS, &[], "credit_totals").await.map_err(unavailable)? {
        let month = row.integer()?;
        let contributor = row.text()?;
        let role = row.parsed(|name| Role::named(name).ok_or("no role"))?.name();
        let principal = row.text()?;
        kept.insert((month, contributor, role, principal), (row.integer()?, row.integer()?));
    }
    let keys: std::collections::BTreeSet<&TotalKey> = kept.keys().chain(summed.keys()).collect();
    for key in keys {
        let (month, contributor, role, principal) = key;
        let subject = format!(
            "credits of {contributor} as {role} for {} in {}",
            if principal.is_empty() { "nobody" } else { principal },
            domain::contribution::month_name(*month)
        );
        let (kept, summed) =
            (kept.get(key).copied().unwrap_or_default(), summed.get(key).copied().unwrap_or_default());
        compare(differences, &subject, "credits", kept.0.to_string(), summed.0.to_string());
        compare(differences, &subject, "outcome", kept.1.to_string(), summed.1.to_string());
    }
    Ok(())
}

/// Credits that ended at another time than their unit, and credits of no unit.
async fn verify_ends(connection: &mut Connection, differences: &mut Vec<Difference>) -> Result<(), Error> {
    const SQL: Sql = Sql::both(
        "SELECT credits.id, COALESCE(CAST(credits.ended_at AS TEXT), 'never'), \
         CASE WHEN units.id IS NULL THEN 'no unit' ELSE COALESCE(CAST(units.ended_at AS TEXT), 'never') END \
         FROM credits LEFT JOIN units ON units.id = credits.unit_id \
         WHERE units.id IS NULL OR COALESCE(credits.ended_at, -1) <> COALESCE(units.ended_at, -1)",
    );
    for mut row in connection.all(SQL, &[], "credits").await.map_err(unavailable)? {
        let subject = format!("credit {}", row.text()?);
        let (kept, unit) = (row.text()?, row.text()?);
        compare(differences, &subject, "ended_at", kept, unit);
    }
    Ok(())
}

/// Repositories of which more or fewer units are kept than is said, and issues that are counted wrongly.
async fn verify_counts(connection: &mut Connection, differences: &mut Vec<Difference>) -> Result<(), Error> {
    const UNITS: Sql = Sql::both(
        "SELECT 'repository ' || name, units, (SELECT COUNT(*) FROM units WHERE repository = name) FROM repositories",
    );
    const ISSUES: Sql = Sql::both(
        "SELECT 'issues ' || reason || ' of ' || repository, count, (SELECT COUNT(*) FROM import_issues \
          WHERE import_issues.reason = import_issue_counts.reason \
          AND import_issues.repository = import_issue_counts.repository) FROM import_issue_counts",
    );
    for (sql, field) in [(UNITS, "units"), (ISSUES, "count")] {
        for mut row in connection.all(sql, &[], "repositories").await.map_err(unavailable)? {
            let subject = row.text()?;
            let (kept, counted) = (row.integer()?, row.integer()?);
            compare(differences, &subject, field, kept.to_string(), counted.to_string());
        }
    }
    Ok(())
}
