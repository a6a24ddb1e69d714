//! From a change to the credits that it earns.
//!
//! Desired properties:
//! - only knowledge earns; a change of the pipeline or of anything else has no credits;
//! - `(contributor, role, unit, claim)` is unique, whatever names a contributor goes by;
//! - nobody is credited for reviewing what they proposed or wrote themselves; tools are credited for nothing;
//! - what a piece of knowledge says of itself comes before what trailers say, and that before what can be concluded;
//! - the same unit, people, policy and weights give the same credits in the same order.

mod challenger;
mod extractor;
mod reviewer;
mod sourcer;
mod synthesizer;

use super::classify::classify;
use super::credit::{Credit, Provenance};
use super::knowledge::{Citation, KnowledgeKind, ObjectChange, ObjectState, renamed};
use super::people::{ContributorKind, People};
use super::policy::{ContributionPolicy, Counting};
use super::proposer::{Named, Register};
use super::role::Role;
use super::unit::{ChangeKind, ReadUnit, UnitClass};
use super::weights::WeightSet;
use crate::decimal::MICROS_PER_UNIT;
use crate::money::{Score, Weight};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A credit before it is known whose it is by now and whether it counts.
#[derive(Debug, Clone)]
struct Draft {
    role: Role,
    claim: Option<String>,
    named: Named,
}

/// A piece of knowledge that a change adds or changes.
#[derive(Clone, Copy)]
struct Piece<'a> {
    kind: KnowledgeKind,
    path: &'a str,
    /// What was said before. A piece that was moved said what it said at its old place.
    before: Option<&'a ObjectState>,
    after: &'a ObjectState,
}

impl<'a> Piece<'a> {
    fn is_added(&self) -> bool {
        self.before.is_none()
    }

    /// Whether the piece itself names anybody in a role.
    fn attributes(&self, role: Role) -> bool {
        self.after.attribution.iter().any(|entry| entry.role == role)
    }

    /// Whether the change adds anybody in a role to what the piece says.
    fn newly_attributes(&self, role: Role) -> bool {
        self.new_attributions(role).next().is_some()
    }

    fn new_attributions(&self, role: Role) -> impl Iterator<Item = &'a super::Attribution> + use<'a> {
        let before = self.before;
        let is_new = move |entry: &&super::Attribution| {
            !before.is_some_and(|before| {
                before.attribution.iter().any(|old| old.role == role && old.handle == entry.handle)
            })
        };
        self.after.attribution.iter().filter(move |entry| entry.role == role).filter(is_new)
    }

    /// Citations that the change adds.
    fn new_citations(&self) -> impl Iterator<Item = &'a Citation> + use<'a> {
        let before = self.before;
        let is_new = move |citation: &&Citation| {
            !before.is_some_and(|before| {
                before.citations.iter().any(|old| (old.kind, &old.slug) == (citation.kind, &citation.slug))
            })
        };
        self.after.citations.iter().filter(is_new)
    }
}

/// A change with what its names stand for.
struct Reading<'a> {
    unit: &'a ReadUnit,
    register: Register<'a>,
    pieces: Vec<Piece<'a>>,
    proposer: Option<Named>,
}

impl<'a> Reading<'a> {
    fn new(unit: &'a ReadUnit, people: &'a People, policy: &'a ContributionPolicy) -> Self {
        let register = Register { people, policy };
        Self { unit, register, pieces: pieces(&unit.objects), proposer: register.proposer(unit) }
    }

    fn policy(&self) -> &'a ContributionPolicy {
        self.register.policy
    }

    /// Whom a piece's own block names in a role, where the change adds them.
    fn attributed(&self, piece: &Piece<'a>, role: Role) -> impl Iterator<Item = Named> + use<'a> {
        let (register, before) = (self.register, piece.before);
        // Somebody who was named before under another of their names is not new.
        let is_old = move |entry: &super::Attribution| {
            let who = register.people.resolve(&entry.handle);
            before.is_some_and(|before| {
                let mut old = before.attribution.iter().filter(|old| old.role == role);
                old.any(|old| register.people.resolve(&old.handle) == who)
            })
        };
        piece.new_attributions(role).filter(move |entry| !is_old(entry)).filter_map(move |entry| {
            register.named(&entry.handle, Provenance::AttributionBlock, entry.agent_id.is_some())
        })
    }

    /// What somebody seems to be where the change names them so.
    fn kind_of(&self, named: &Named) -> ContributorKind {
        let is_agent = || {
            named.agent || self.register.agents(self.unit).any(|agent| agent.contributor == named.contributor)
        };
        if self.register.is_infrastructure(named) {
            ContributorKind::Infrastructure
        } else if is_agent() {
            ContributorKind::Agent
        } else if named.provenance == Provenance::SourceText {
            ContributorKind::External
        } else {
            ContributorKind::Person
        }
    }

    /// The credits of a role that pieces' own blocks give.
    fn by_block(&self, role: Role) -> Vec<Draft> {
        let of_piece = |piece: &Piece<'a>| {
            let claim = Some(piece.path.to_owned());
            self.attributed(piece, role).map(move |named| Draft { role, claim: claim.clone(), named })
        };
        self.pieces.iter().flat_map(of_piece).collect()
    }

    /// The proposer's credit of a role for a piece, by a structural test.
    fn to_proposer(&self, role: Role, claim: &str) -> Option<Draft> {
        let named = Named { provenance: Provenance::StructuralTest, ..self.proposer.clone()? };
        Some(Draft { role, claim: Some(claim.to_owned()), named })
    }

    /// Every credit that any rule gives, equal ones as well.
    fn drafts(&self) -> Vec<Draft> {
        let mut drafts = challenger::challengers(self);
        drafts.extend(synthesizer::synthesizers(self));
        drafts.extend(sourcer::sourcers(self));
        drafts.extend(extractor::extractors(self));
        let reviewers = reviewer::reviewers(self, &drafts);
        drafts.extend(reviewers);
        drafts
    }
}

/// The pieces that are there after a change. One that is removed here and added there was moved, and is not new, whether it
/// kept its name or only what it says.
fn pieces(objects: &[ObjectChange]) -> Vec<Piece<'_>> {
    let removed: BTreeMap<(KnowledgeKind, &str), &ObjectState> = objects
        .iter()
        .filter(|object| object.change == ChangeKind::Removed)
        .filter_map(|object| Some(((object.kind, object.slug.as_str()), object.before.as_ref()?)))
        .collect();
    let renamed = renamed(objects);
    let piece = |object| piece(object, objects, &removed, &renamed);
    objects.iter().filter_map(piece).collect()
}

fn piece<'a>(
    object: &'a ObjectChange,
    objects: &'a [ObjectChange],
    removed: &BTreeMap<(KnowledgeKind, &str), &'a ObjectState>,
    renamed: &BTreeMap<&str, &str>,
) -> Option<Piece<'a>> {
    let moved = || removed.get(&(object.kind, object.slug.as_str())).copied();
    let by_another_name = || {
        let path = renamed.get(object.path.as_str())?;
        objects.iter().find(|other| other.path == **path)?.before.as_ref()
    };
    let before = object.before.as_ref().or_else(moved).or_else(by_another_name);
    Some(Piece { kind: object.kind, path: &object.path, before, after: object.after.as_ref()? })
}

/// The credits of a change, by role, contributor, the surest first, then claim.
///
/// None has ended and none has an outcome yet: whoever keeps them knows what became of the change.
pub fn derive(
    unit: &ReadUnit,
    people: &People,
    policy: &ContributionPolicy,
    weights: &WeightSet,
) -> Vec<Credit> {
    if !is_knowledge(unit, policy) {
        return Vec::new();
    }
    let id = unit.id();
    let confidence = |provenance| policy.confidence.get(&provenance).copied().unwrap_or(Score::ZERO);
    let mut drafts = surest(Reading::new(unit, people, policy).drafts(), confidence);
    drafts.sort_by(|one, other| {
        let key = |draft: &Draft| (draft.role, draft.named.contributor.clone());
        let sure = |draft: &Draft| (Reverse(confidence(draft.named.provenance)), draft.claim.clone());
        key(one).cmp(&key(other)).then_with(|| sure(one).cmp(&sure(other)))
    });
    let mut counted = BTreeSet::new();
    let credit = |draft: Draft| {
        let is_first = counted.insert((draft.role, draft.named.contributor.clone()));
        let principal = people.principal_at(&draft.named.contributor, unit.merged_at);
        Credit {
            principal: principal.filter(|principal| *principal != draft.named.contributor).map(str::to_owned),
            contributor: draft.named.contributor,
            named_as: draft.named.named_as,
            role: draft.role,
            unit: id,
            claim: draft.claim,
            counted: is_first || policy.counting == Counting::PerClaim,
            weight_set: weights.name.clone(),
            weight: *weights.weights.get(draft.role),
            provenance: draft.named.provenance,
            confidence: confidence(draft.named.provenance),
            earned_at: unit.merged_at,
            ended_at: None,
            outcome: Weight::from_micros(MICROS_PER_UNIT),
        }
    };
    drafts.into_iter().map(credit).collect()
}

fn is_knowledge(unit: &ReadUnit, policy: &ContributionPolicy) -> bool {
    classify(unit.paths.iter().map(|path| path.path.as_str()), &policy.paths) == UnitClass::Knowledge
}

/// One draft of each (contributor, role, claim), the surest; and none for the change as a whole beside one for a claim.
fn surest(drafts: Vec<Draft>, confidence: impl Fn(Provenance) -> Score) -> Vec<Draft> {
    let rank = |draft: &Draft| {
        let provenance = draft.named.provenance;
        (Reverse(confidence(provenance)), provenance, draft.named.named_as.clone())
    };
    let mut best: BTreeMap<(Role, String, Option<String>), Draft> = BTreeMap::new();
    for draft in drafts {
        let key = (draft.role, draft.named.contributor.clone(), draft.claim.clone());
        match best.get(&key) {
            Some(other) if rank(other) <= rank(&draft) => {}
            _ => {
                best.insert(key, draft);
            }
        }
    }
    let with_claims: BTreeSet<(Role, String)> = best
        .keys()
        .filter(|(_, _, claim)| claim.is_some())
        .map(|(role, contributor, _)| (*role, contributor.clone()))
        .collect();
    best.retain(|(role, contributor, claim), _| {
        claim.is_some() || !with_claims.contains(&(*role, contributor.clone()))
    });
    best.into_values().collect()
}

/// Somebody whom a change names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// Who, by handle.
    pub contributor: String,
    /// Their name as it stands there.
    pub name: String,
    /// What they seem to be, by this change alone.
    pub kind: ContributorKind,
}

/// How well a name tells who somebody is, the best first: as people write it before as a handle, under the contributor's
/// own name before under an alias, from where it is surest; then the name.
type Spelling = (bool, Provenance, String);

/// Who proposed a change, whatever its class, and whoever is credited for it: each once, by handle.
pub fn sightings(unit: &ReadUnit, people: &People, policy: &ContributionPolicy) -> Vec<Sighting> {
    let reading = Reading::new(unit, people, policy);
    let drafts = if is_knowledge(unit, policy) { reading.drafts() } else { Vec::new() };
    let drafts = drafts.into_iter().map(|draft| draft.named);
    let mut seen: BTreeMap<String, (Vec<ContributorKind>, Spelling)> = BTreeMap::new();
    for named in reading.proposer.iter().cloned().chain(drafts) {
        let kind = reading.kind_of(&named);
        let plain = named.name == named.named_as || named.named_as != named.contributor;
        let spelling = (plain, named.provenance, named.name);
        let (kinds, best) = seen.entry(named.contributor).or_insert_with(|| (Vec::new(), spelling.clone()));
        kinds.push(kind);
        if spelling < *best {
            *best = spelling;
        }
    }
    let sighting =
        |(contributor, (kinds, (_, _, name)))| Sighting { contributor, name, kind: assumed_kind(kinds) };
    seen.into_iter().map(sighting).collect()
}

/// What somebody is assumed to be until a person decides, by all changes that name them, in whatever order:
/// infrastructure where any of their names is, else an agent where any trailer or block says so, else a person where
/// they took part in anything, else an external author.
pub fn assumed_kind(seen: impl IntoIterator<Item = ContributorKind>) -> ContributorKind {
    let strength = |kind: &ContributorKind| match kind {
        ContributorKind::External => 0,
        ContributorKind::Person => 1,
        ContributorKind::Agent => 2,
        ContributorKind::Infrastructure => 3,
    };
    seen.into_iter().max_by_key(strength).unwrap_or(ContributorKind::External)
}
