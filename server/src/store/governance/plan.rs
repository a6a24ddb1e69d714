//! What a batch comes to in governance: each operation decided in memory, then every table written once.

use super::super::connection::Sql;
use super::super::prepare::{JsonRows, ledger_row, to_json};
use super::super::rows::day_number;
use super::known::KnownGovernance;
use super::rows::{flag_row, use_row};
use super::statements::{
    ADD_SUBJECTS, ADD_USE_DAYS, INSERT_DECISIONS, INSERT_FLAGS, INSERT_USES, UPDATE_FLAGS, WEIGH_FLAGS,
};
use domain::{
    error::Error,
    event::UsageEvent,
    governance::{AutonomyDecision, ClaimUse, Flag, Withdrawal},
    id::FlagId,
    ledger::Change,
    money::Weight,
    store::{Made, Write},
};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// What flags of a subject come to more by a batch.
#[derive(Debug)]
struct SubjectMore {
    kind: &'static str,
    weight: i64,
    active: i64,
    flags: i64,
    newest: FlagId,
}

/// What is to be written. Ordered, so that servers that touch the same rows do so in one order.
#[derive(Debug, Default)]
pub struct GovernancePlan {
    known: KnownGovernance,
    subjects: BTreeMap<String, SubjectMore>,
    new_flags: BTreeSet<FlagId>,
    withdrawn: BTreeSet<FlagId>,
    decisions: JsonRows,
    uses: JsonRows,
    use_days: BTreeMap<(i64, String), i64>,
}

/// Whether a change is decided here.
pub const fn is_of_governance(change: &Change) -> bool {
    matches!(
        change,
        Change::RaiseFlag { .. }
            | Change::WithdrawFlag { .. }
            | Change::DecideAutonomy { .. }
            | Change::UseClaim { .. }
    )
}

impl GovernancePlan {
    /// A batch of which nothing is decided.
    pub fn new(known: KnownGovernance) -> Self {
        Self { known, ..Self::default() }
    }

    /// Decides a change: what it made, its ledger entry unless nothing was changed by it, and whether it had been
    /// made before.
    pub fn decide(&mut self, write: &Write) -> Result<(Made, Option<String>, bool), Error> {
        let mut done = (true, false);
        let made = match &write.change {
            Change::RaiseFlag { flag } => self.raise(flag)?,
            Change::WithdrawFlag { flag_id, withdrawal } => self.withdraw(*flag_id, withdrawal)?,
            Change::DecideAutonomy { decision } => self.decide_autonomy(decision)?,
            Change::UseClaim { claim_use } => {
                let (made, replayed) = self.use_claim(claim_use, write.captured_at_given)?;
                done = (made.counted && !replayed, replayed);
                Made::ClaimUse(made)
            }
            _ => return Err(Error::Store("a change that is none of governance".into())),
        };
        let entry = done.0.then(|| ledger_row(write)).transpose()?;
        Ok((made, entry, done.1))
    }

    fn raise(&mut self, flag: &Flag) -> Result<Made, Error> {
        let key = (flag.about().key(), flag.contributor.clone());
        if let Some(id) = self.known.standing.get(&key) {
            return Err(Error::FlaggedAlready { contributor: key.1, id: *id });
        }
        self.add(flag, flag.adds(), 1);
        self.known.standing.insert(key, flag.id);
        self.known.flags.insert(flag.id, flag.clone());
        self.new_flags.insert(flag.id);
        Ok(Made::Flag(flag.clone()))
    }

    fn withdraw(&mut self, id: FlagId, withdrawal: &Withdrawal) -> Result<Made, Error> {
        let flag = self.known.flags.get(&id).ok_or(Error::FlagNotFound)?;
        let weight = flag.adds();
        let flag = flag.clone().withdrawn(withdrawal.clone())?;
        self.add(&flag, Weight::from_micros(-weight.micros()), -1);
        self.known.standing.remove(&(flag.about().key(), flag.contributor.clone()));
        self.known.flags.insert(id, flag.clone());
        self.withdrawn.insert(id);
        Ok(Made::Flag(flag))
    }

    /// Adds to what flags of a subject come to; `active` is 1 for one that is raised, else -1.
    fn add(&mut self, flag: &Flag, weight: Weight, active: i64) {
        let more = self.subjects.entry(flag.about().key()).or_insert_with(|| SubjectMore {
            kind: flag.subject_kind.name(),
            weight: 0,
            active: 0,
            flags: 0,
            newest: flag.id,
        });
        more.weight += weight.micros();
        more.active += active;
        more.flags += active.max(0);
        more.newest = more.newest.max(flag.id);
    }

    fn decide_autonomy(&mut self, decision: &AutonomyDecision) -> Result<Made, Error> {
        let at = decision.at.timestamp_micros();
        self.decisions.push(&json!([decision.id, decision.agent, at, to_json(decision)?]).to_string());
        Ok(Made::Autonomy(decision.clone()))
    }

    /// Counts a use, unless its session used the claim that day already; and whether it was sent before.
    fn use_claim(&mut self, one: &ClaimUse, captured_at_given: bool) -> Result<(ClaimUse, bool), Error> {
        let own_id = one.external_id.clone().map(|external_id| (one.claim.clone(), external_id));
        if let Some(own_id) = &own_id
            && let Some(kept) = self.known.use_ids.get(own_id)
        {
            return match one.repeats(kept, captured_at_given) {
                true => Ok((ClaimUse { uses_that_day: self.uses_on_day_of(kept), ..kept.clone() }, true)),
                false => Err(Error::UseIdReused(own_id.1.clone())),
            };
        }
        let counted = self.count(one, None);
        if let (true, Some(own_id)) = (counted, own_id) {
            self.known.use_ids.insert(own_id, one.clone());
        }
        Ok((ClaimUse { counted, uses_that_day: self.uses_on_day_of(one), ..one.clone() }, false))
    }

    /// Counts the uses that an event on a link tells of, if it does.
    pub fn append_event(&mut self, event: &UsageEvent) {
        let Some(claims) = self.known.claims_of.get(&event.lineage_id) else { return };
        if !self.known.metrics.contains(&event.metric) {
            return;
        }
        for claim in claims.clone() {
            let (one, id) = ClaimUse::of_event(claim, event);
            self.count(&one, Some(&id.to_string()));
        }
    }

    fn count(&mut self, one: &ClaimUse, event: Option<&str>) -> bool {
        if !self.known.uses.insert(one.key()) {
            return false;
        }
        self.uses.push(&use_row(one, event));
        *self.known.use_days.entry((one.claim.clone(), one.day)).or_default() += 1;
        *self.use_days.entry((day_number(one.captured_at), one.claim.clone())).or_default() += 1;
        true
    }

    fn uses_on_day_of(&self, one: &ClaimUse) -> i64 {
        self.known.use_days.get(&(one.claim.clone(), one.day)).copied().unwrap_or_default()
    }

    /// Every statement with its rows.
    pub fn tables(&mut self) -> Result<Vec<(Sql, JsonRows)>, Error> {
        let subjects: JsonRows = self
            .subjects
            .iter()
            .map(|(key, more)| json!([key, more.kind, more.weight, more.active, more.flags, more.newest]))
            .collect();
        let weighed: JsonRows = self.subjects.keys().map(|key| json!([key])).collect();
        let (mut inserted, mut updated) = (JsonRows::default(), JsonRows::default());
        for id in self.new_flags.union(&self.withdrawn) {
            let Some(flag) = self.known.flags.get(id) else { continue };
            let rows = if self.new_flags.contains(id) { &mut inserted } else { &mut updated };
            rows.push(&flag_row(flag)?);
        }
        let days: JsonRows =
            self.use_days.iter().map(|((day, slug), sessions)| json!([day, slug, sessions])).collect();
        Ok(vec![
            (ADD_SUBJECTS, subjects),
            (INSERT_FLAGS, inserted),
            (UPDATE_FLAGS, updated),
            (WEIGH_FLAGS, weighed),
            (INSERT_DECISIONS, std::mem::take(&mut self.decisions)),
            (INSERT_USES, std::mem::take(&mut self.uses)),
            (ADD_USE_DAYS, days),
        ])
    }
}
