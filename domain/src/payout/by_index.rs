//! Sharing a pool by the Contribution Index earned in what a link names.

use super::share::{Shared, explain_share, shown_weight};
use super::{
    Contributions, ExplainedPart, Explanation, IndexPolicy, PaidCredit, PartKind, PayoutPreview, PayoutRow,
    PolicyWeights, Pool,
};
use crate::allocate::allocate;
use crate::contribution::{Credit, Role};
use crate::decimal::MICROS_PER_UNIT;
use crate::id::UnitId;
use crate::link::LinkRecord;
use crate::money::{Energy, Factor};
use std::collections::BTreeMap;

/// Parts of twenty-four places in a weight's millionth.
const PARTS_PER_MICRO: u128 = 1_000_000_000_000_000_000;

/// The preview: a row for each (role, whoever is paid), by role, then name.
pub(super) fn preview(
    policy: &IndexPolicy,
    record: &LinkRecord,
    pool: &Pool,
    contributions: &Contributions,
    pay_principals: bool,
) -> PayoutPreview {
    let mut rows: BTreeMap<(Role, &str), Vec<&PaidCredit>> = BTreeMap::new();
    for paid in counted(&contributions.credits) {
        let credit = &paid.credit;
        let payee = credit.principal.as_ref().filter(|_| pay_principals).unwrap_or(&credit.contributor);
        rows.entry((credit.role, payee)).or_default().push(paid);
    }
    let each = |role: Role| u128::from(policy.weights().get(role).micros().unsigned_abs()) * PARTS_PER_MICRO;
    let weights = rows.iter().map(|((role, _), credits)| each(*role) * credits.len() as u128).collect();
    let shared = Shared::of(pool, weights);
    let payouts = rows.iter().enumerate().map(|(at, ((role, payee), credits))| PayoutRow {
        role: (*role).into(),
        contributor: (*payee).to_owned(),
        amount: shared.amount(at),
        energy_units: Energy::from_micros(credits.len() as i64 * MICROS_PER_UNIT),
        effective_weight: shared.share(at),
        explanation: Explanation {
            stage_weight: *policy.weights().get(*role),
            energy_factor: Factor::from_parts(credits.len() as i128 * ONE),
            score: Factor::from_parts(ONE),
            parts: parts(credits, each(*role), &shared, at),
            ..explain_share(&shared, at)
        },
    });
    let payouts: Vec<PayoutRow> = payouts.collect();
    let drawn_on = contributions.drawn_on(pay_principals, !payouts.is_empty());
    PayoutPreview {
        drawn_on: Some(drawn_on),
        ..shared.answer(
            (&policy.name, policy.hash()),
            record,
            PolicyWeights::Roles(*policy.weights()),
            payouts,
        )
    }
}

/// One, to twelve places.
const ONE: i128 = 1_000_000_000_000;

/// The credits that pay, each once, by role, contributor, change, then claim: those that count and have not ended. Where
/// a policy counts a role once per change, the credit that counts may be for another claim than the one that the link
/// names; what is named then stands for it.
fn counted(credits: &[PaidCredit]) -> Vec<&PaidCredit> {
    let mut live: Vec<&PaidCredit> = credits.iter().filter(|paid| paid.credit.ended_at.is_none()).collect();
    let order = |credit: &Credit| {
        (credit.role, credit.contributor.clone(), credit.unit, !credit.counted, credit.claim.clone())
    };
    live.sort_by_cached_key(|paid| (order(&paid.credit), paid.reference.clone()));
    live.dedup_by(|next, before| order(&next.credit) == order(&before.credit));
    let group = |credit: &Credit| -> (Role, String, UnitId) {
        (credit.role, credit.contributor.clone(), credit.unit)
    };
    let mut last = None;
    live.retain(|paid| {
        let group = Some(group(&paid.credit));
        let first = last != group;
        last = group;
        paid.credit.counted || first
    });
    live
}

fn parts(credits: &[&PaidCredit], each: u128, shared: &Shared<'_>, at: usize) -> Vec<ExplainedPart> {
    let amounts = allocate(shared.units(at), &vec![1; credits.len()]);
    let part = |(paid, units): (&&PaidCredit, u64)| ExplainedPart {
        kind: PartKind::Credit,
        reference: Some(paid.reference.clone()),
        unit: Some(paid.credit.unit),
        title: Some(paid.title.clone()),
        claim: paid.credit.claim.clone(),
        earned_by: paid.credit.contributor.clone(),
        provenance: Some(paid.credit.provenance),
        confidence: Some(paid.credit.confidence),
        cost: None,
        coherence: None,
        weight: shown_weight(each),
        amount: shared.pool().amount_of(units),
    };
    credits.iter().zip(amounts).map(part).collect()
}
