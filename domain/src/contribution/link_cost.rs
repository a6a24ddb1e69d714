//! How the cost of a link is known: what was filed beside what its changes propose. Both are kept.

use super::cost::{CostEvidence, CostModel, CostProposal};
use crate::money::{Amount, Score};
use serde::{Deserialize, Serialize};

/// What a ref of a receipt or invoice begins with.
const RECEIPTS: [&str; 2] = ["receipt:", "invoice:"];

/// What the changes that a link names were proposed to have cost, when it was filed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProposedCost {
    /// The sum over the changes.
    #[cfg_attr(feature = "openapi", schema(example = 1.7))]
    pub cost: Amount,
    /// How sure that is, from 0 to 1.
    #[cfg_attr(feature = "openapi", schema(example = 0.75))]
    pub confidence: Score,
    /// The model's name and version.
    #[cfg_attr(feature = "openapi", schema(example = "commit-cost-v2"))]
    pub model: String,
    /// SHA-256 of the model's canonical JSON.
    pub model_hash: String,
    /// How many changes.
    #[cfg_attr(feature = "openapi", schema(example = 2))]
    pub changes: i64,
}

/// How the cost of a link is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinkCost {
    /// By what the cost that was filed is known.
    pub evidence: CostEvidence,
    /// How sure that is, from 0 to 1.
    #[cfg_attr(feature = "openapi", schema(example = 0.4))]
    pub confidence: Score,
    /// The receipt or invoice that the refs name.
    pub receipt: Option<String>,
    /// What the changes were proposed to have cost; null where the refs led to none.
    pub proposed: Option<ProposedCost>,
}

/// How the cost that was filed is known: by a receipt or invoice among the refs; by the shape of the changes, where it is
/// what they propose; else it is a number that somebody submitted. None where there is neither receipt nor proposal.
pub fn link_cost(filed: Amount, refs: &[String], proposal: Option<&CostProposal>) -> Option<LinkCost> {
    let is_receipt = |text: &&String| {
        RECEIPTS.iter().any(|prefix| {
            text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
                && text.len() > prefix.len()
        })
    };
    let receipt = refs.iter().find(is_receipt).cloned();
    if receipt.is_none() && proposal.is_none() {
        return None;
    }
    let model = CostModel::in_force();
    let evidence = match (&receipt, proposal) {
        (Some(_), _) => CostEvidence::Receipt,
        // Of several changes, as it is known of the least sure.
        (None, Some(proposal)) if proposal.cost == filed => {
            let known = proposal.parts.iter().map(|part| part.estimate.evidence);
            known.max().unwrap_or(CostEvidence::FullShape)
        }
        (None, _) => CostEvidence::Submitted,
    };
    let confidence = match (evidence, proposal) {
        // Of several changes, as sure as they are together.
        (CostEvidence::FullShape | CostEvidence::PartialShape, Some(proposal)) => proposal.confidence,
        _ => model.confidence.of(evidence),
    };
    let proposed = proposal.map(|proposal| ProposedCost {
        cost: proposal.cost,
        confidence: proposal.confidence,
        model: proposal.model.clone(),
        model_hash: proposal.model_hash.clone(),
        changes: i64::try_from(proposal.parts.len()).unwrap_or(i64::MAX),
    });
    Some(LinkCost { evidence, confidence, receipt, proposed })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Amount {
        serde_json::from_str(text).unwrap()
    }

    fn proposal(cost: &str) -> CostProposal {
        CostProposal {
            cost: amount(cost),
            confidence: Score::from_micros(750_000),
            model: "commit-cost-v2".into(),
            model_hash: "sha256:0".into(),
            parts: Vec::new(),
        }
    }

    #[test]
    fn a_receipt_is_surest_then_what_the_changes_propose_then_a_number() {
        let refs = |refs: &[&str]| refs.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let known = |filed: &str, named: &[&str], proposed: Option<&str>| {
            let proposed = proposed.map(proposal);
            let cost = link_cost(amount(filed), &refs(named), proposed.as_ref())?;
            Some((
                cost.evidence,
                cost.confidence.to_string(),
                cost.proposed.map(|proposed| proposed.cost.to_string()),
            ))
        };
        let one = || Some("1.7".to_owned());
        assert_eq!(
            known("1.7", &["PR#1"], Some("1.7")),
            Some((CostEvidence::FullShape, "0.75".into(), one()))
        );
        assert_eq!(
            known("2", &["PR#1"], Some("1.7")),
            Some((CostEvidence::Submitted, "0.4".into(), one())),
            "both are kept"
        );
        assert_eq!(
            known("2", &["Invoice:7", "PR#1"], Some("1.7")),
            Some((CostEvidence::Receipt, "1.0".into(), one()))
        );
        assert_eq!(known("2", &["receipt:7"], None), Some((CostEvidence::Receipt, "1.0".into(), None)));
        assert_eq!(known("2", &["PR#1", "receipt:"], None), None);
    }
}
