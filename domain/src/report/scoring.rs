//! What reports of contributors are computed from, and everybody's standing in it.

use super::contributors::{AgentScore, AppliedPolicy, RoleScore, ScoredContributor, ScoredUnder};
use crate::contribution::{
    ByVersion, ContributionPolicy, ContributionStore, ContributorKind, ContributorRecord, DEFAULT_POLICY,
    Earned, IndexVersion, PerRole, Repository, ScoreBasis, Usages, WeightSet, earned, governor, kinds,
    month_name,
};
use crate::error::Error;
use crate::money::{Index, Score};
use chrono::{DateTime, Days, Utc};
use std::collections::BTreeMap;

/// All months that there are, where a query names none.
const ALL_MONTHS: (i64, i64) = (0, 12 * 10_000);

/// All that a score is computed from.
pub(super) struct Basis {
    pub read: ScoreBasis,
    pub repositories: Vec<Repository>,
    pub weights: &'static WeightSet,
    pub version: IndexVersion,
    pub usages: Usages,
    pub months: (Option<i64>, Option<i64>),
    pub now: DateTime<Utc>,
}

impl Basis {
    /// Two reads, however long the history.
    pub async fn read(
        store: &dyn ContributionStore,
        weights: &'static WeightSet,
        version: IndexVersion,
        months: (Option<i64>, Option<i64>),
        now: DateTime<Utc>,
    ) -> Result<Self, Error> {
        let repositories = store.repositories().await?;
        let usages = usages_of(&repositories);
        let forget = Days::new(usages.forget_after_days().into());
        let uses_from = now.date_naive().checked_sub_days(forget).unwrap_or_default();
        let (from, to) = (months.0.unwrap_or(ALL_MONTHS.0), months.1.unwrap_or(ALL_MONTHS.1));
        let read = store.score_basis(from, to, uses_from).await?;
        Ok(Self { read, repositories, weights, version, usages, months, now })
    }

    /// What everybody earned.
    pub fn earned(&self) -> Vec<Earned<'_>> {
        let months = (self.months.0.unwrap_or(ALL_MONTHS.0), self.months.1.unwrap_or(ALL_MONTHS.1));
        earned(&self.read, self.weights, &self.usages, months, self.now.date_naive())
    }

    /// Under what it is scored.
    pub fn under(&self) -> ScoredUnder {
        let policies = self.repositories.iter().map(|repository| AppliedPolicy {
            repository: repository.name.clone(),
            policy: repository.policy.clone(),
            policy_hash: repository.policy_hash.clone(),
            half_life_days: self.usages.of(&repository.name).half_life_days,
            forget_after_days: self.usages.of(&repository.name).forget_after_days,
        });
        ScoredUnder {
            weight_set: self.weights.name.clone(),
            weight_set_hash: self.weights.hash(),
            weights: self.weights.weights,
            version: self.version,
            from: self.months.0.map(month_name),
            to: self.months.1.map(month_name),
            at: self.now,
            half_life_days: self.usages.other().half_life_days,
            forget_after_days: self.usages.other().forget_after_days,
            policies: policies.collect(),
        }
    }
}

/// The policy of a repository: the one that comes along under its name where it is still the same, else its own text.
pub(super) fn policy_of(repository: &Repository) -> Option<ContributionPolicy> {
    ContributionPolicy::named(&repository.policy)
        .filter(|policy| policy.hash() == repository.policy_hash)
        .cloned()
        .or_else(|| ContributionPolicy::from_toml(&repository.policy_text).ok())
}

/// How uses fade: in each repository as its policy says; elsewhere as in the first, by name, whose policy knows claims;
/// without any, by the default policy.
fn usages_of(repositories: &[Repository]) -> Usages {
    let policies: Vec<(&Repository, ContributionPolicy)> =
        repositories.iter().filter_map(|it| Some((it, policy_of(it)?))).collect();
    let first = policies.iter().find(|(_, policy)| !policy.paths.claims.is_empty());
    let default = || ContributionPolicy::named(DEFAULT_POLICY);
    let other = first.map(|(_, policy)| policy).or_else(default).expect("the default policy comes along");
    let other = other.usage.clone();
    let own = policies.into_iter().map(|(repository, policy)| (repository.name.clone(), policy.usage));
    Usages::new(own.collect(), other)
}

/// What everybody is, by handle.
pub(super) fn kinds_of(basis: &Basis) -> BTreeMap<&str, ContributorKind> {
    kinds(&basis.read)
}

/// A contributor with their index, and what is needed beyond what is shown.
pub(super) struct Standing {
    pub scored: ScoredContributor,
    /// Their own index.
    pub own: ByVersion,
}

/// Sums of one contributor.
#[derive(Default)]
struct Sums<'a> {
    own: ByVersion,
    from_agents: ByVersion,
    credits: i64,
    roles: PerRole<RoleScore>,
    agents: BTreeMap<&'a str, (i64, ByVersion)>,
}

/// Records by handle, with whose each other name is.
struct Records<'a> {
    by_handle: BTreeMap<&'a str, &'a ContributorRecord>,
    aliases: BTreeMap<&'a str, &'a str>,
}

impl<'a> Records<'a> {
    fn of(contributors: &'a [ContributorRecord]) -> Self {
        let by_handle = contributors.iter().map(|record| (record.handle.as_str(), record)).collect();
        let of_record = |record: &'a ContributorRecord| {
            record.aliases.iter().map(|alias| (alias.as_str(), record.handle.as_str()))
        };
        Self { by_handle, aliases: contributors.iter().flat_map(of_record).collect() }
    }

    fn get(&self, handle: &str) -> Option<&'a ContributorRecord> {
        self.by_handle.get(handle).copied()
    }

    fn name(&self, handle: &str) -> String {
        self.get(handle).map_or_else(|| handle.to_owned(), |record| record.name.clone())
    }

    /// For whom somebody works: whoever the decided name belongs to by now.
    fn principal(&self, handle: &str, now: DateTime<Utc>) -> Option<&'a str> {
        let principal = self.get(handle)?.principal_at(now)?;
        Some(self.aliases.get(principal).copied().unwrap_or(principal))
    }
}

/// Everybody, by kind, then handle.
pub(super) fn standings(basis: &Basis) -> Vec<Standing> {
    let kinds = kinds(&basis.read);
    let mut sums: BTreeMap<&str, Sums<'_>> = kinds.keys().map(|handle| (*handle, Sums::default())).collect();
    for earned in basis.earned() {
        add(&mut sums, &earned, governor(&earned, &kinds), basis.version);
    }
    let records = Records::of(&basis.read.contributors);
    for record in &basis.read.contributors {
        // An agent stands beneath whoever it works for now, even where it earned nothing yet.
        if record.kind == ContributorKind::Agent
            && let Some(principal) = records.principal(&record.handle, basis.now)
            && kinds.get(principal) == Some(&ContributorKind::Person)
        {
            sums.entry(principal).or_default().agents.entry(&record.handle).or_default();
        }
    }
    let mut standings: Vec<Standing> = sums
        .into_iter()
        .map(|(handle, sums)| {
            let kind = kinds.get(handle).copied().unwrap_or(ContributorKind::Person);
            standing(handle, kind, sums, &records, basis)
        })
        .collect();
    rank(&mut standings);
    standings
}

fn add<'a>(
    sums: &mut BTreeMap<&'a str, Sums<'a>>,
    earned: &Earned<'a>,
    governor: Option<&'a str>,
    version: IndexVersion,
) {
    let own = sums.entry(earned.contributor).or_default();
    own.own += earned.ci;
    own.credits += earned.credits;
    let role = own.roles.get_mut(earned.role);
    role.credits += earned.credits;
    role.own = role.own + earned.ci.get(version);
    role.ci = role.ci + earned.ci.get(version);
    let Some(principal) = governor.filter(|governor| *governor != earned.contributor) else { return };
    let person = sums.entry(principal).or_default();
    person.from_agents += earned.ci;
    let role = person.roles.get_mut(earned.role);
    role.agent_credits += earned.credits;
    role.ci = role.ci + earned.ci.get(version);
    let agent = person.agents.entry(earned.contributor).or_default();
    agent.0 += earned.credits;
    agent.1 += earned.ci;
}

fn standing(
    handle: &str,
    kind: ContributorKind,
    sums: Sums<'_>,
    records: &Records<'_>,
    basis: &Basis,
) -> Standing {
    let version = basis.version;
    let record = records.get(handle);
    let mut agents: Vec<AgentScore> = sums
        .agents
        .into_iter()
        .map(|(agent, (credits, ci))| AgentScore {
            handle: agent.to_owned(),
            name: records.name(agent),
            current: records.principal(agent, basis.now) == Some(handle),
            credits,
            ci,
            score: ci.get(version),
        })
        .collect();
    agents.sort_by(|one, other| other.score.cmp(&one.score).then_with(|| one.handle.cmp(&other.handle)));
    let mut ci = sums.own;
    ci += sums.from_agents;
    let score = ci.get(version);
    let scored = ScoredContributor {
        handle: handle.to_owned(),
        name: records.name(handle),
        kind,
        kind_decided: record.is_some_and(|record| record.kind_decided),
        principal: records.principal(handle, basis.now).map(str::to_owned),
        aliases: record.map_or_else(Vec::new, |record| record.aliases.clone()),
        rank: 0,
        ci,
        score,
        own: sums.own.get(version),
        from_agents: sums.from_agents.get(version),
        share: Score::ZERO,
        governance_ci: if kind == ContributorKind::Person { score } else { Index::ZERO },
        governance_share: Score::ZERO,
        credits: sums.credits,
        roles: sums.roles,
        agents,
        first_at: record.and_then(|record| record.first_at),
        last_at: record.and_then(|record| record.last_at),
    };
    Standing { scored, own: sums.own }
}

/// Gives places and shares within each kind, and leaves them by kind, then handle.
fn rank(standings: &mut [Standing]) {
    let governance: Index = standings.iter().map(|standing| standing.scored.governance_ci).sum();
    standings.sort_by(|one, other| {
        let (one, other) = (&one.scored, &other.scored);
        (one.kind, other.score, &one.handle).cmp(&(other.kind, one.score, &other.handle))
    });
    for kind in standings.chunk_by_mut(|one, other| one.scored.kind == other.scored.kind) {
        let total: Index = kind.iter().map(|standing| standing.scored.score).sum();
        let mut last = (Index::ZERO, 0);
        for (at, standing) in (1..).zip(kind.iter_mut()) {
            let scored = &mut standing.scored;
            if at == 1 || scored.score != last.0 {
                last = (scored.score, at);
            }
            scored.rank = last.1;
            scored.share = scored.score.part_of(total);
            scored.governance_share = scored.governance_ci.part_of(governance);
        }
    }
    standings.sort_by(|one, other| {
        (one.scored.kind, &one.scored.handle).cmp(&(other.scored.kind, &other.scored.handle))
    });
}

/// The months of a person or anybody else: their own, and those of agents while they worked for them.
pub(super) fn months(basis: &Basis, handle: &str) -> BTreeMap<i64, (ByVersion, ByVersion, PerRole<i64>)> {
    let kinds = kinds(&basis.read);
    let mut months: BTreeMap<i64, (ByVersion, ByVersion, PerRole<i64>)> = BTreeMap::new();
    for earned in basis.earned() {
        if earned.contributor == handle {
            let month = months.entry(earned.month).or_default();
            month.0 += earned.ci;
            *month.2.get_mut(earned.role) += earned.credits;
        } else if governor(&earned, &kinds) == Some(handle) {
            months.entry(earned.month).or_default().1 += earned.ci;
        }
    }
    months
}
