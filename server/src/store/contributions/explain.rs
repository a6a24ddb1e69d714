//! What became of credited work, term by term: computed from what is kept, by the very rules that made the factors.

use super::super::batch::BatchError;
use super::super::connection::{Connection, Pool, Sql};
use super::super::prepare::to_json;
use super::derive::{self, Reading};
use super::outcomes::{Group, World, positions};
use super::people;
use super::rows::{self, KeptCredit, credit_columns};
use super::statements::of_texts;
use domain::{
    contribution::{Counting, CreditOutcome, ExplainedOutcome, PieceFate, outcome},
    error::Error,
    id::UnitId,
};
use std::collections::{BTreeMap, BTreeSet};

/// Pieces of a credit that are told of; a change may add thousands.
const PIECES: usize = 20;
/// Units that are explained together.
const UNITS: usize = 100;

/// How the factors of units' credits come about: of one contributor's, or of all.
pub async fn outcomes(
    pool: Pool,
    units: Vec<UnitId>,
    contributor: String,
) -> Result<Vec<ExplainedOutcome>, Error> {
    // A task of its own: whoever stops waiting must not leave a connection in the middle of its transaction.
    let looking = tokio::spawn(async move {
        let mut connection = pool.acquire().await.map_err(BatchError::from)?;
        connection.begin_reading().await.map_err(BatchError::from)?;
        let mut explained = Ok(Vec::new());
        for some in units.chunks(UNITS) {
            explained = explain(&mut connection, some, &contributor, explained).await;
        }
        connection.roll_back().await;
        explained
    });
    let looked = looking.await.map_err(|error| Error::Store(error.to_string()))?;
    looked.map_err(BatchError::into_error)
}

async fn explain(
    connection: &mut Connection,
    units: &[UnitId],
    contributor: &str,
    explained: Result<Vec<ExplainedOutcome>, BatchError>,
) -> Result<Vec<ExplainedOutcome>, BatchError> {
    const CREDITS: Sql = of_texts!(
        concat!(
            "SELECT ",
            credit_columns!(),
            " FROM credits WHERE ($2 = '' OR contributor = $2) AND unit_id"
        ),
        ""
    );
    let mut explained = explained?;
    let mut by_repository: BTreeMap<String, Vec<KeptCredit>> = BTreeMap::new();
    let list = to_json(&units)?;
    for mut row in connection.all(CREDITS, &[list.as_str().into(), contributor.into()], "credits").await? {
        let kept = rows::credit(&mut row)?;
        by_repository.entry(kept.repository.clone()).or_default().push(kept);
    }
    let everybody = people::decided(connection).await?;
    let places = positions(connection, units).await?;
    for (name, credits) in by_repository {
        let Some(repository) = derive::repository(connection, &name).await? else { continue };
        let reading = Reading::with(&repository, &everybody)?;
        explained.extend(of_credits(connection, &reading, credits, &places).await?);
    }
    Ok(explained)
}

/// What the credits of one group are for, and one of them.
struct Grouped {
    claims: BTreeSet<String>,
    kept: KeptCredit,
}

async fn of_credits(
    connection: &mut Connection,
    reading: &Reading,
    credits: Vec<KeptCredit>,
    places: &BTreeMap<UnitId, i64>,
) -> Result<Vec<ExplainedOutcome>, BatchError> {
    let mut groups: BTreeMap<Group, Grouped> = BTreeMap::new();
    for kept in credits {
        let claim = kept.credit.claim.clone();
        let group = groups.entry(reading.group(&kept));
        group.or_insert_with(|| Grouped { claims: BTreeSet::new(), kept }).claims.extend(claim);
    }
    let shown = groups.values().flat_map(|group| group.claims.iter().take(PIECES)).collect();
    let world = World::load(connection, reading, &shown).await?;
    let explain = |Grouped { claims, kept }: &Grouped| {
        let credit = &kept.credit;
        let position = places.get(&credit.unit).copied().unwrap_or_default();
        let fates: Vec<PieceFate> = claims
            .iter()
            .take(PIECES)
            .map(|claim| world.fate(claim, position, &credit.contributor))
            .collect();
        let known = outcome(credit.role, &fates, &reading.policy.outcome);
        ExplainedOutcome {
            unit: credit.unit,
            contributor: credit.contributor.clone(),
            role: credit.role,
            claim: credit.claim.clone().filter(|_| reading.policy.counting == Counting::PerClaim),
            // The factor is that of all pieces.
            outcome: CreditOutcome {
                factor: credit.outcome,
                piece_count: claims.len() as i64,
                pieces: known.pieces,
            },
        }
    };
    Ok(groups.values().map(explain).collect())
}
