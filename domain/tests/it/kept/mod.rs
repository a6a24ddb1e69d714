//! A store of a few contributions, for reports that only read.

use crate::given::NOW;
use async_trait::async_trait;
use chrono::NaiveDate;
use domain::contribution::{
    CitationEdge, ContributionPolicy, ContributionStore, ContributorKind, ContributorRecord, Credit,
    CreditEntry, CreditQuery, CreditTotal, CreditedObject, DEFAULT_POLICY, ExplainedOutcome, ImportCounts,
    ImportIssue, ImportQuery, ImportRun, IssueCount, KnowledgeKind, MergeKind, MergeProposal, People,
    PrincipalDecision, PrincipalPeriod, Provenance, Rebuilt, Repository, Role, ScoreBasis, TrackRecord,
    UnitBatch, UnitCard, UnitClass, UnitDetail, UnitQuery, UnitReference, month_of, unit_id,
};
use domain::error::Error;
use domain::id::UnitId;
use domain::link::LinkRecord;
use domain::money::{Score, Weight};
use domain::page::Page;

/// What is kept.
#[derive(Default)]
pub struct Kept {
    pub basis: ScoreBasis,
    pub units: Vec<UnitDetail>,
    pub claims: Vec<CreditedObject>,
}

/// The month that everything in these tests happens in.
pub fn this_month() -> i64 {
    month_of(NOW.date_naive())
}

/// A contributor, and for whom they work.
pub fn contributor(handle: &str, kind: ContributorKind, principal: Option<&str>) -> ContributorRecord {
    let decision = |principal: &str| PrincipalDecision {
        period: PrincipalPeriod { principal: Some(principal.to_owned()), from: NOW - chrono::Days::new(90) },
        reason: None,
        decided_by: "operator".into(),
        decided_at: NOW,
    };
    ContributorRecord {
        handle: handle.to_owned(),
        name: handle.to_uppercase(),
        kind,
        kind_decided: false,
        principals: principal.map(decision).into_iter().collect(),
        aliases: Vec::new(),
        dismissed: Vec::new(),
        first_at: Some(NOW),
        last_at: Some(NOW),
        version: 1,
    }
}

/// Credits of a role in a month, each with an outcome of so many hundredths.
pub fn total(
    contributor: &str,
    principal: Option<&str>,
    role: Role,
    month: i64,
    credits: i64,
    outcome_hundredths: i64,
) -> CreditTotal {
    CreditTotal {
        contributor: contributor.to_owned(),
        principal: principal.map(str::to_owned),
        role,
        month,
        credits,
        outcome: credits * outcome_hundredths * 10_000,
    }
}

/// A change of so many files and lines.
pub fn card(sha: &str, number: Option<i64>, files: i64, lines: i64) -> UnitCard {
    UnitCard {
        id: unit_id("codex", sha),
        repository: "codex".into(),
        sha: sha.to_owned(),
        position: 0,
        kind: MergeKind::Squash,
        class: UnitClass::Knowledge,
        forge: Some("forgejo".into()),
        number,
        title: format!("Change {sha}"),
        proposer: Some("rio".into()),
        merged_at: NOW,
        files,
        lines_added: lines,
        lines_removed: 0,
        lines_partial: false,
        reverted_by: None,
        ended_at: None,
    }
}

/// A credit in a change.
pub fn credit(
    unit: UnitId,
    contributor: &str,
    principal: Option<&str>,
    role: Role,
    claim: Option<&str>,
) -> Credit {
    Credit {
        contributor: contributor.to_owned(),
        named_as: contributor.to_owned(),
        role,
        unit,
        claim: claim.map(str::to_owned),
        counted: true,
        principal: principal.map(str::to_owned),
        weight_set: "ci-v1".into(),
        weight: Weight::ZERO,
        provenance: Provenance::Trailer,
        confidence: Score::ONE,
        earned_at: NOW,
        ended_at: None,
        outcome: Weight::from_micros(1_000_000),
    }
}

fn repository() -> Repository {
    let policy = ContributionPolicy::named(DEFAULT_POLICY).unwrap();
    Repository {
        name: "codex".into(),
        branch: "main".into(),
        head_sha: "0".repeat(40),
        units: 1,
        shallow: false,
        policy: policy.name.clone(),
        policy_hash: policy.hash(),
        policy_text: ContributionPolicy::text_of(DEFAULT_POLICY).unwrap().into(),
    }
}

#[async_trait]
impl ContributionStore for Kept {
    async fn keep_units(&self, _: UnitBatch) -> Result<ImportCounts, Error> {
        unimplemented!("only reads")
    }

    async fn drop_repository(&self, _: &str) -> Result<(), Error> {
        unimplemented!("only reads")
    }

    async fn derive_again(&self) -> Result<(), Error> {
        unimplemented!("only reads")
    }

    async fn rebuild(&self) -> Result<Rebuilt, Error> {
        unimplemented!("only reads")
    }

    async fn derived_digest(&self) -> Result<String, Error> {
        unimplemented!("no report needs it")
    }

    async fn repositories(&self) -> Result<Vec<Repository>, Error> {
        Ok(vec![repository()])
    }

    async fn repository(&self, _: &str) -> Result<Option<Repository>, Error> {
        Ok(Some(repository()))
    }

    async fn import_runs(&self, _: &ImportQuery) -> Result<Page<ImportRun>, Error> {
        unimplemented!("no report here needs it")
    }

    async fn import_issues(&self, _: &ImportQuery) -> Result<Page<ImportIssue>, Error> {
        unimplemented!("no report here needs it")
    }

    async fn issue_counts(&self, _: Option<&str>) -> Result<Vec<IssueCount>, Error> {
        unimplemented!("no report here needs it")
    }

    async fn people(&self) -> Result<People, Error> {
        unimplemented!("no report here needs it")
    }

    async fn score_basis(&self, from: i64, to: i64, uses_from: NaiveDate) -> Result<ScoreBasis, Error> {
        let mut basis = self.basis.clone();
        basis.totals.retain(|total| (from..=to).contains(&total.month));
        basis.uses.retain(|uses| uses.day >= uses_from);
        Ok(basis)
    }

    async fn contributor(&self, handle: &str) -> Result<Option<ContributorRecord>, Error> {
        let is = |record: &&ContributorRecord| {
            record.handle == handle || record.aliases.iter().any(|alias| alias == handle)
        };
        Ok(self.basis.contributors.iter().find(is).cloned())
    }

    async fn merge_proposals(&self) -> Result<Vec<MergeProposal>, Error> {
        Ok(Vec::new())
    }

    async fn credits(&self, _: &CreditQuery) -> Result<Page<CreditEntry>, Error> {
        Ok(Page { items: Vec::new(), next_cursor: None })
    }

    async fn outcomes(&self, _: &[UnitId], _: Option<&str>) -> Result<Vec<ExplainedOutcome>, Error> {
        Ok(Vec::new())
    }

    async fn units(&self, _: &UnitQuery) -> Result<Page<UnitCard>, Error> {
        unimplemented!("no report here needs it")
    }

    async fn unit(&self, _: UnitId) -> Result<Option<UnitDetail>, Error> {
        unimplemented!("no report here needs it")
    }

    async fn units_named(&self, reference: &UnitReference) -> Result<Vec<UnitDetail>, Error> {
        let named = |unit: &&UnitDetail| match reference {
            UnitReference::Commit(sha) => unit.card.sha.starts_with(sha),
            UnitReference::PullRequest { place, number } => {
                let is_there = |place: &String| {
                    unit.card.forge.as_ref() == Some(place) || unit.card.repository == *place
                };
                unit.card.number == Some(*number) && place.as_ref().is_none_or(is_there)
            }
        };
        Ok(self.units.iter().filter(named).cloned().collect())
    }

    async fn knowledge(&self, _: Option<KnowledgeKind>, slug: &str) -> Result<Vec<CreditedObject>, Error> {
        Ok(self.claims.iter().filter(|claim| claim.object.slug == slug).cloned().collect())
    }

    async fn citations_of(&self, _: &str, _: &[String]) -> Result<Vec<CitationEdge>, Error> {
        unimplemented!("no report here needs it")
    }

    async fn sources_naming(&self, _: &str, _: &[String]) -> Result<Vec<CitationEdge>, Error> {
        Ok(Vec::new())
    }

    async fn cited_by(&self, _: &str, _: &str, _: i64) -> Result<Vec<CitationEdge>, Error> {
        unimplemented!("no report here needs it")
    }

    async fn knowledge_at(&self, _: &str, _: &[String]) -> Result<Vec<CreditedObject>, Error> {
        unimplemented!("no report here needs it")
    }

    async fn links_of_people(&self, _: &[String], _: i64) -> Result<Vec<LinkRecord>, Error> {
        Ok(Vec::new())
    }

    async fn track_records(&self, _: &[String]) -> Result<Vec<TrackRecord>, Error> {
        unimplemented!("no report here needs it")
    }
}
