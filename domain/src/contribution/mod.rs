//! The Contribution Index: who made us better, and by how much.
//!
//! Desired properties:
//! - what git says ([`ReadUnit`]) is kept apart from what follows of it ([`Credit`]): scoring again reads no git;
//! - credits follow from units, people and a policy alone: the same three give the same credits, in the same order;
//! - what a person decides (kinds, principals, aliases, vetoes) is a fact on record and survives dropping all that is
//!   derived;
//! - no float: weights, factors and indices are whole millionths.

mod classify;
mod cost;
mod credit;
mod decay;
mod decide;
mod derive;
mod everybody;
mod index;
mod knowledge;
mod link_cost;
mod outcome;
mod paths;
mod people;
mod policy;
mod proposer;
mod query;
mod records;
mod reference;
mod role;
mod store;
mod unit;
mod uses;
mod weights;

pub use classify::classify;
pub use cost::{
    CostBasis, CostConfidence, CostEstimate, CostEvidence, CostModel, CostPart, CostProposal,
    DEFAULT_COST_MODEL,
};
pub use credit::{Credit, CreditTotal, Provenance};
pub use decay::{PARTS as DECAY_PARTS, decay};
pub use decide::{ContributorEdit, ContributorPatch, Decided};
pub use derive::{Sighting, assumed_kind, derive, sightings};
pub use everybody::{Decisions, Everybody, Seen};
pub use index::{ByVersion, Earned, GovernanceShare, earned, governance_share, governor, governor_of, kinds};
pub use knowledge::{
    Attribution, Citation, CitationKind, KnowledgeKind, KnowledgeObject, ObjectChange, ObjectState, Target,
    renamed,
};
pub use link_cost::{LinkCost, ProposedCost, link_cost};
pub use outcome::{
    ChallengeFate, CitingPiece, CreditOutcome, ExplainedOutcome, Maker, OutcomeReason, OutcomeTerm,
    PieceFate, PieceOutcome, PieceState, outcome,
};
pub use paths::{any_matches, matches};
pub use people::{ContributorKind, MAX_HANDLE, People, PrincipalPeriod, handle_of};
pub use policy::{
    ContributionPolicy, Counting, DEFAULT_POLICY, NameRule, Names, Outcome, Paths, ProposerRule, Rules, Usage,
};
pub use proposer::proposer;
pub use query::{
    ContributorQuery, ContributorSort, CreditQuery, ImportQuery, IndexVersion, UnitQuery, month_name,
    month_of, weights,
};
pub use records::{
    ADDRESS_OF, CitationEdge, ClaimUses, ContributorRecord, CreditEntry, CreditedObject, ImportCounts,
    ImportIssue, ImportRun, ImportStatus, IssueCount, MergeProposal, PrincipalDecision, Repository,
    ScoreBasis, TrackRecord, UnitCard, UnitDetail, UsedRole,
};
pub use reference::{RefStatus, Reference, slug_as_is};
pub use role::{PerRole, Role};
pub use store::{ContributionStore, Rebuilt, UnitBatch, UnitReference};
pub use unit::{
    ChangeKind, MergeKind, PathChange, ReadUnit, Reverted, RevertedNumber, Signature, Trailer, UnitClass,
    unit_id,
};
pub use uses::{FadedUses, Holder, Usages, faded_uses};
pub use weights::{DEFAULT_WEIGHTS, WeightSet};
