//! Recomputes what is kept of specs and ideas from links, events and what was written of them.

use super::super::connection::{Connection, Sql};
use super::super::verify::{all, compare};
use super::imports::verify_imports;
use super::rows::{self, spec_columns};
use domain::{
    change_request::ChangeRequest,
    error::Error,
    idea::IdeaContent,
    money::Amount,
    registry::excerpt,
    spec::{SpecCard, SpecContent, SpecSort, SpecTotals},
    store::Difference,
};

/// Every version of specs and ideas, every change request and vote, with the entries that stand for them: an edit
/// that was voted for has the entry of the vote, unless it changed nothing and made no version (`"version":null`,
/// which no text of a sender can hold: its quotes would be escaped).
macro_rules! registry_subjects {
    () => {
        "UNION ALL SELECT 'spec:' || spec_id, version, 0, NULL FROM specs \
         UNION ALL SELECT 'idea:' || idea_id, version, 0, NULL FROM ideas \
         UNION ALL SELECT id, 1 + vote_count, 0, NULL FROM change_requests \
         UNION ALL SELECT about.subject, 0, 1, NULL FROM change_request_subjects AS about \
          JOIN change_requests ON change_requests.id = about.id \
          WHERE status = 'applied' AND kind <> 'link_contributor' AND body NOT LIKE '%\"version\":null%'"
    };
}
pub(in super::super) use registry_subjects;

/// Looks at the whole registry.
pub async fn verify_registry(
    connection: &mut Connection,
    differences: &mut Vec<Difference>,
) -> Result<(), Error> {
    verify_specs(connection, differences).await?;
    verify_ideas(connection, differences).await?;
    verify_named(connection, differences).await?;
    verify_imports(connection, differences).await?;
    verify_requests(connection, differences).await
}

/// What every spec's links and their events add up to.
const SPECS: Sql = Sql::both(concat!(
    "SELECT ",
    spec_columns!(),
    ", value_gap, cost_gap, estimated_roi_sort, actual_roi_sort, \
     (SELECT content FROM spec_contents WHERE spec_contents.spec_id = specs.spec_id), \
     COALESCE(summed.value, 0), COALESCE(summed.cost, 0), COALESCE(summed.links, 0), COALESCE(summed.named, 0), \
     COALESCE(summed.implemented, 0), COALESCE(summed.events, 0) FROM specs LEFT JOIN \
     (SELECT spec_id AS id, CAST(COALESCE(SUM(counted.value), 0) AS BIGINT) AS value, \
      CAST(SUM(estimated_cost) AS BIGINT) AS cost, COUNT(*) AS links, \
      CAST(SUM(CASE WHEN investments = '[]' AND contributors = '{\"idea\":null,\"research\":null,\"spec\":null,\
\"spec_upgrade\":null,\"implementation\":null,\"review\":null}' THEN 0 ELSE 1 END) AS BIGINT) AS named, \
      CAST(SUM(CASE WHEN implementation_refs = '[]' THEN 0 ELSE 1 END) AS BIGINT) AS implemented, \
      CAST(COALESCE(SUM(counted.events), 0) AS BIGINT) AS events FROM links LEFT JOIN \
      (SELECT lineage_id, SUM(value) AS value, COUNT(*) AS events FROM usage_events GROUP BY lineage_id) AS counted \
      ON counted.lineage_id = links.id WHERE origin = 'work' GROUP BY spec_id) AS summed \
     ON summed.id = specs.spec_id"
));

async fn verify_specs(connection: &mut Connection, differences: &mut Vec<Difference>) -> Result<(), Error> {
    for row in all(connection, SPECS, "specs").await? {
        let (_, kept, mut row) = rows::spec_and_rest(row)?;
        let sorts = [SpecSort::ValueGap, SpecSort::CostGap, SpecSort::EstimatedRoi, SpecSort::ActualRoi];
        let mut kept_keys = Vec::with_capacity(sorts.len());
        for sort in sorts {
            kept_keys.push((sort, row.integer()?));
        }
        let content = row.optional_text()?;
        let totals = SpecTotals {
            actual_value: Amount::from_micros(row.integer()?),
            link_cost: Amount::from_micros(row.integer()?),
            link_count: row.integer()?,
            named_link_count: row.integer()?,
            implemented_link_count: row.integer()?,
            event_count: row.integer()?,
        };
        let recomputed = recomputed(&kept, content.as_deref(), totals)?;
        let subject = format!("spec {}", kept.spec_id);
        for ((name, kept), (_, recomputed)) in shown(&kept).into_iter().zip(shown(&recomputed)) {
            compare(differences, &subject, name, kept, recomputed);
        }
        for (sort, kept_key) in kept_keys {
            let key = sort.key_of(&recomputed);
            let name = format!("{} sort", sort.name());
            compare(differences, &subject, &name, kept_key.to_string(), key.to_string());
        }
    }
    Ok(())
}

/// A spec's row as it follows from what is written of it and from its links.
fn recomputed(kept: &SpecCard, content: Option<&str>, totals: SpecTotals) -> Result<SpecCard, Error> {
    let Some(text) = content else {
        let stub = SpecCard {
            registered: false,
            version: 0,
            title: String::new(),
            excerpt: String::new(),
            potential_value: Amount::ZERO,
            estimated_cost: Amount::ZERO,
            given_cost: None,
            has_implementation: false,
            has_evidence: false,
            totals,
            ..kept.clone()
        };
        return Ok(stub);
    };
    let content: SpecContent =
        serde_json::from_str(text).map_err(|error| Error::Store(format!("spec_contents: {error}")))?;
    Ok(SpecCard {
        registered: true,
        version: kept.version.max(1),
        excerpt: excerpt(&content.summary),
        title: content.title,
        idea_id: content.idea_id,
        potential_value: content.potential_value,
        estimated_cost: content.estimated_cost,
        given_cost: content.actual_cost,
        has_implementation: !content.implementation_refs.is_empty(),
        has_evidence: !content.evidence_refs.is_empty(),
        totals,
        ..kept.clone()
    })
}

/// Every column that follows from others, by name.
fn shown(card: &SpecCard) -> [(&'static str, String); 16] {
    [
        ("registered", card.registered.to_string()),
        ("version", card.version.to_string()),
        ("title", card.title.clone()),
        ("excerpt", card.excerpt.clone()),
        ("idea_id", card.idea_id.clone().unwrap_or_default()),
        ("potential_value", card.potential_value.to_string()),
        ("estimated_cost", card.estimated_cost.to_string()),
        ("given_cost", card.given_cost.map(|cost| cost.to_string()).unwrap_or_default()),
        ("has_implementation", card.has_implementation.to_string()),
        ("has_evidence", card.has_evidence.to_string()),
        ("actual_value", card.totals.actual_value.to_string()),
        ("link_cost", card.totals.link_cost.to_string()),
        ("link_count", card.totals.link_count.to_string()),
        ("named_link_count", card.totals.named_link_count.to_string()),
        ("implemented_link_count", card.totals.implemented_link_count.to_string()),
        ("event_count", card.totals.event_count.to_string()),
    ]
}

async fn verify_ideas(connection: &mut Connection, differences: &mut Vec<Difference>) -> Result<(), Error> {
    const SQL: Sql = Sql::both(
        "SELECT idea_id, version, created_at, updated_at, title, excerpt, \
         (SELECT content FROM idea_contents WHERE idea_contents.idea_id = ideas.idea_id) FROM ideas",
    );
    for mut row in all(connection, SQL, "ideas").await? {
        let kept = rows::idea(&mut row)?;
        let content = row.optional_text()?;
        let subject = format!("idea {}", kept.idea_id);
        let written: IdeaContent = content
            .as_deref()
            .map_or(Ok(IdeaContent::default()), serde_json::from_str)
            .map_err(|error| Error::Store(format!("idea_contents: {error}")))?;
        let registered = content.is_some();
        compare(
            differences,
            &subject,
            "registered",
            kept.is_registered().to_string(),
            registered.to_string(),
        );
        compare(differences, &subject, "title", kept.content.title, written.title);
        compare(differences, &subject, "excerpt", kept.content.summary, excerpt(&written.summary));
    }
    Ok(())
}

/// Specs and ideas that are named and not there.
async fn verify_named(connection: &mut Connection, differences: &mut Vec<Difference>) -> Result<(), Error> {
    const SQL: Sql = Sql::both(
        "SELECT DISTINCT 'spec ' || spec_id FROM links WHERE origin = 'work' \
          AND spec_id NOT IN (SELECT spec_id FROM specs) \
         UNION ALL SELECT DISTINCT 'idea ' || idea_id FROM links WHERE origin = 'work' \
          AND idea_id NOT IN (SELECT idea_id FROM ideas) \
         UNION ALL SELECT DISTINCT 'idea ' || idea_id FROM specs WHERE idea_id IS NOT NULL \
          AND idea_id NOT IN (SELECT idea_id FROM ideas) \
         UNION ALL SELECT 'spec ' || spec_id FROM spec_contents WHERE spec_id NOT IN (SELECT spec_id FROM specs) \
         UNION ALL SELECT 'idea ' || idea_id FROM idea_contents WHERE idea_id NOT IN (SELECT idea_id FROM ideas)",
    );
    for mut row in all(connection, SQL, "specs").await? {
        compare(differences, &row.text()?, "rows", "0".into(), "1".into());
    }
    Ok(())
}

async fn verify_requests(
    connection: &mut Connection,
    differences: &mut Vec<Difference>,
) -> Result<(), Error> {
    const SQL: Sql = Sql::both("SELECT id, body, status, vote_count FROM change_requests");
    for mut row in all(connection, SQL, "change_requests").await? {
        let subject = row.text()?;
        let request: ChangeRequest = row.parsed(|text| serde_json::from_str(text))?;
        let (status, votes) = (row.text()?, row.integer()?);
        compare(differences, &subject, "status", status, request.status.name().into());
        compare(differences, &subject, "vote_count", votes.to_string(), request.votes.len().to_string());
    }
    Ok(())
}
