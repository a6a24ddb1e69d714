//! Vetoes: a merged change is rolled back after the fact. Nothing is blocked: its credits stop counting from then on.

use super::{AutonomyPolicy, Standing, VetoStatus, read_reason};
use crate::contribution::{ContributorKind, ContributorRecord};
use crate::error::Error;
use crate::id::{UnitId, VetoId};
use crate::input::{Errors, Fields, Node};
use crate::ledger::Actor;
use crate::link::MAX_NAME;
use crate::money::Index;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A veto as a sender casts it, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewVeto {
    /// The merged change that is rolled back.
    pub unit: UnitId,
    /// Who rolls it back: the handle of a person, or a name of theirs.
    #[cfg_attr(feature = "openapi", schema(example = "rita", min_length = 1, max_length = 200))]
    pub contributor: String,
    /// Why.
    #[cfg_attr(
        feature = "openapi",
        schema(example = "It rests on a retracted paper.", min_length = 1, max_length = 10_000)
    )]
    pub reason: String,
}

/// The undoing of a veto as a sender sends it, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewUndoing {
    /// Who undoes it: the handle of a person, or a name of theirs.
    #[cfg_attr(feature = "openapi", schema(example = "rita", min_length = 1, max_length = 200))]
    pub contributor: String,
    /// Why.
    #[cfg_attr(
        feature = "openapi",
        schema(example = "The paper was reinstated.", min_length = 1, max_length = 10_000)
    )]
    pub reason: String,
}

/// How a veto came to be undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Undoing {
    /// By whom.
    pub contributor: String,
    /// Why.
    pub reason: String,
    /// Their share of governance CI then.
    pub standing: Standing,
    /// Who sent it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "key:ci"))]
    pub actor: Actor,
    /// When.
    pub at: DateTime<Utc>,
}

/// A veto as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Veto {
    /// Its id, `vto_…`.
    pub id: VetoId,
    /// The merged change that it rolls back.
    pub unit: UnitId,
    /// Who rolled it back, by handle.
    #[cfg_attr(feature = "openapi", schema(example = "rita"))]
    pub contributor: String,
    /// Why.
    pub reason: String,
    /// Their share of governance CI then.
    pub standing: Standing,
    /// Who sent it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "key:ci"))]
    pub actor: Actor,
    /// When: the credits of the change count nothing from then on.
    pub created_at: DateTime<Utc>,
    /// Whether it holds.
    pub status: VetoStatus,
    /// How it was undone; null while it holds.
    pub undone: Option<Undoing>,
}

impl NewVeto {
    /// Checks what was sent, naming every wrong field. Whether it is known here is looked for elsewhere.
    pub fn read(node: &Node) -> Result<Self, Error> {
        let mut errors = Errors::default();
        let errors_ref = &mut errors;
        let veto =
            Fields::open(node, "", &["unit", "contributor", "reason"], errors_ref).and_then(|fields| {
                let unit = fields.text("unit", MAX_NAME, errors_ref).and_then(|text| {
                    let message = "must be the id of a merged change, such as unt_01h455vb4pex5vsknk084sn02q";
                    text.parse().map_err(|_| errors_ref.add(fields.path("unit"), message)).ok()
                });
                let contributor = fields.text("contributor", MAX_NAME, errors_ref);
                let reason = read_reason(&fields, errors_ref);
                Some(Self { unit: unit?, contributor: contributor?, reason: reason? })
            });
        errors.finish(veto)
    }

    /// The veto as kept, by a contributor of this handle and standing.
    pub fn cast(
        self,
        id: VetoId,
        contributor: String,
        standing: Standing,
        actor: Actor,
        at: DateTime<Utc>,
    ) -> Veto {
        Veto {
            id,
            unit: self.unit,
            contributor,
            reason: self.reason,
            standing,
            actor,
            created_at: at,
            status: VetoStatus::Active,
            undone: None,
        }
    }
}

impl NewUndoing {
    /// Checks what was sent, naming every wrong field.
    pub fn read(node: &Node) -> Result<Self, Error> {
        let mut errors = Errors::default();
        let errors_ref = &mut errors;
        let read = Fields::open(node, "", &["contributor", "reason"], errors_ref).and_then(|fields| {
            let contributor = fields.text("contributor", MAX_NAME, errors_ref);
            let reason = read_reason(&fields, errors_ref);
            Some(Self { contributor: contributor?, reason: reason? })
        });
        errors.finish(read)
    }

    /// The undoing as kept, by a contributor of this handle and standing.
    pub fn by(self, contributor: String, standing: Standing, actor: Actor, at: DateTime<Utc>) -> Undoing {
        Undoing { contributor, reason: self.reason, standing, actor, at }
    }
}

impl Veto {
    /// The veto once it is undone, which is once.
    pub fn undone(self, undoing: Undoing) -> Result<Self, Error> {
        match self.status {
            VetoStatus::Undone => Err(Error::VetoUndone),
            VetoStatus::Active => Ok(Self { status: VetoStatus::Undone, undone: Some(undoing), ..self }),
        }
    }
}

/// Whether a contributor may roll changes back, or undo that:
/// 1. only a person: agents flag;
/// 2. only with governance CI above 0;
/// 3. only with the share that the policy asks for.
pub fn may_veto(
    policy: &AutonomyPolicy,
    contributor: &ContributorRecord,
    standing: &Standing,
) -> Result<(), Error> {
    let refuse = |why: String| Err(Error::MayNotVeto { contributor: contributor.handle.clone(), why });
    if contributor.kind != ContributorKind::Person {
        return refuse(format!("only a person may, and this is kept as {}", contributor.kind.name()));
    }
    if standing.ci <= Index::ZERO {
        return refuse(format!("their governance CI by {} is 0; a flag needs none", standing.weight_set));
    }
    if standing.share < policy.veto_minimum_share {
        let (share, least) = (standing.share, policy.veto_minimum_share);
        return refuse(format!(
            "their share of governance CI is {share}, and {} asks for {least}",
            policy.name
        ));
    }
    Ok(())
}
