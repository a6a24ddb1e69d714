//! Flags: somebody says that something looks wrong, with the weight that they have earned.

use super::{FlagStatus, Standing, claim_slugs, read_reason};
use crate::error::Error;
use crate::id::{FlagId, LinkId, RunId, UnitId};
use crate::input::{Errors, Fields, Node, word};
use crate::ledger::Actor;
use crate::link::{MAX_NAME, MAX_REF};
use crate::money::{Score, Weight};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What can be flagged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Flaggable {
    /// A merged change.
    Unit,
    /// A claim, by its slug.
    Claim,
    /// A lineage link.
    Link,
    /// A run of a gate, with its verdict.
    GateRun,
}

impl Flaggable {
    /// All, in order.
    pub const ALL: [Self; 4] = [Self::Unit, Self::Claim, Self::Link, Self::GateRun];
    /// The names as they are sent, in order.
    pub const NAMES: [&'static str; 4] = ["unit", "claim", "link", "gate_run"];

    /// The name as it is sent and kept.
    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The name for a reader.
    pub const fn label(self) -> &'static str {
        ["merged change", "claim", "lineage link", "run of a gate"][self as usize]
    }

    /// The kind of a name as it is sent or kept.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What a flag is about: a kind, and the id or slug of one of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FlagSubject {
    /// Its kind.
    pub kind: Flaggable,
    /// Its id, or a claim's slug.
    pub id: String,
}

impl FlagSubject {
    /// The subject of a text as it was sent; what is wrong with one that names none.
    pub fn read(kind: Flaggable, text: &str) -> Result<Self, &'static str> {
        let id = match kind {
            Flaggable::Unit => text
                .parse::<UnitId>()
                .map(String::from)
                .map_err(|_| "must be the id of a merged change, such as unt_01h455vb4pex5vsknk084sn02q"),
            Flaggable::Link => text
                .parse::<LinkId>()
                .map(String::from)
                .map_err(|_| "must be the id of a lineage link, such as lnk_01h455vb4pex5vsknk084sn02q"),
            Flaggable::GateRun => text
                .parse::<RunId>()
                .map(String::from)
                .map_err(|_| "must be the id of a run of a gate, such as run_01h455vb4pex5vsknk084sn02q"),
            Flaggable::Claim => claim_slugs(text).into_iter().next().ok_or("must be the slug of a claim"),
        };
        id.map(|id| Self { kind, id })
    }

    /// The subject as it is kept: a claim may be called like anything.
    pub fn key(&self) -> String {
        format!("{}:{}", self.kind.name(), self.id)
    }
}

/// A flag as a sender raises it, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewFlag {
    /// What kind of thing is flagged.
    pub subject_kind: Flaggable,
    /// Its id, or a claim's slug.
    #[cfg_attr(
        feature = "openapi",
        schema(example = "unt_01h455vb4pex5vsknk084sn02q", min_length = 1, max_length = 500)
    )]
    pub subject: String,
    /// What else the subject may be read as, where nothing is called as it stands.
    #[serde(skip)]
    pub otherwise: Option<String>,
    /// Who flags it: the handle of a contributor, or a name of theirs.
    #[cfg_attr(feature = "openapi", schema(example = "rita", min_length = 1, max_length = 200))]
    pub contributor: String,
    /// What looks wrong.
    #[cfg_attr(
        feature = "openapi",
        schema(example = "The source says the opposite.", min_length = 1, max_length = 10_000)
    )]
    pub reason: String,
}

/// A withdrawal as a sender sends it, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewWithdrawal {
    /// Who withdraws it: whoever raised it, or for whom they work.
    #[cfg_attr(feature = "openapi", schema(example = "rita", min_length = 1, max_length = 200))]
    pub contributor: String,
    /// Why.
    #[cfg_attr(
        feature = "openapi",
        schema(example = "I misread the source.", min_length = 1, max_length = 10_000)
    )]
    pub reason: String,
}

/// How a flag came to be withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Withdrawal {
    /// By whom.
    pub contributor: String,
    /// Why.
    pub reason: String,
    /// Who sent it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "key:ci"))]
    pub actor: Actor,
    /// When.
    pub at: DateTime<Utc>,
}

/// A flag as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Flag {
    /// Its id, `flg_…`.
    pub id: FlagId,
    /// What kind of thing is flagged.
    pub subject_kind: Flaggable,
    /// Its id, or a claim's slug.
    #[cfg_attr(feature = "openapi", schema(example = "unt_01h455vb4pex5vsknk084sn02q"))]
    pub subject: String,
    /// Who flagged it, by handle.
    #[cfg_attr(feature = "openapi", schema(example = "rita"))]
    pub contributor: String,
    /// What looks wrong.
    pub reason: String,
    /// How much it weighs: the contributor's share of governance CI when it was raised.
    #[cfg_attr(feature = "openapi", schema(example = 0.25))]
    pub weight: Score,
    /// What that is the share of.
    pub standing: Standing,
    /// Who sent it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "key:ci"))]
    pub actor: Actor,
    /// When it was raised.
    pub created_at: DateTime<Utc>,
    /// Whether it stands.
    pub status: FlagStatus,
    /// How it was withdrawn; null while it stands.
    pub withdrawn: Option<Withdrawal>,
}

/// A flag with what all flags of its subject weigh together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FlagRecord {
    /// The flag.
    #[serde(flatten)]
    pub flag: Flag,
    /// What the standing flags of its subject weigh together.
    #[cfg_attr(feature = "openapi", schema(example = 0.4))]
    pub accumulated_weight: Weight,
}

/// Something that was flagged, with what its flags weigh together: one row of the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FlaggedSubject {
    /// What it is.
    pub subject: FlagSubject,
    /// What its standing flags weigh together.
    pub weight: Weight,
    /// How many stand.
    pub active: i64,
    /// How many were ever raised.
    pub flags: i64,
    /// The newest of them.
    pub newest: FlagId,
}

impl NewFlag {
    /// Checks what was sent, naming every wrong field. Whether it is known here is looked for elsewhere.
    pub fn read(node: &Node) -> Result<Self, Error> {
        const KNOWN: [&str; 4] = ["subject_kind", "subject", "contributor", "reason"];
        let mut errors = Errors::default();
        let errors_ref = &mut errors;
        let flag = Fields::open(node, "", &KNOWN, errors_ref).and_then(|fields| {
            let kind = fields
                .required("subject_kind", errors_ref)
                .and_then(|node| word(node, &fields.path("subject_kind"), &Flaggable::NAMES, errors_ref))
                .and_then(Flaggable::named);
            let subject = fields.text("subject", MAX_REF, errors_ref);
            let subject = kind.zip(subject).and_then(|(kind, text)| {
                let read = FlagSubject::read(kind, &text);
                let otherwise = claim_slugs(&text).into_iter().nth(1).filter(|_| kind == Flaggable::Claim);
                let read = read.map_err(|problem| errors_ref.add(fields.path("subject"), problem)).ok();
                Some((read?, otherwise))
            });
            let contributor = fields.text("contributor", MAX_NAME, errors_ref);
            let reason = read_reason(&fields, errors_ref);
            let (FlagSubject { kind: subject_kind, id: subject }, otherwise) = subject?;
            Some(Self { subject_kind, subject, otherwise, contributor: contributor?, reason: reason? })
        });
        errors.finish(flag)
    }

    /// What it is about.
    pub fn about(&self) -> FlagSubject {
        FlagSubject { kind: self.subject_kind, id: self.subject.clone() }
    }

    /// The flag as kept, of a contributor of this handle and standing.
    pub fn raised(
        self,
        id: FlagId,
        contributor: String,
        standing: Standing,
        actor: Actor,
        at: DateTime<Utc>,
    ) -> Flag {
        Flag {
            id,
            subject_kind: self.subject_kind,
            subject: self.subject,
            contributor,
            reason: self.reason,
            weight: standing.share,
            standing,
            actor,
            created_at: at,
            status: FlagStatus::Active,
            withdrawn: None,
        }
    }
}

impl NewWithdrawal {
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

    /// The withdrawal as kept, by a contributor of this handle.
    pub fn by(self, contributor: String, actor: Actor, at: DateTime<Utc>) -> Withdrawal {
        Withdrawal { contributor, reason: self.reason, actor, at }
    }
}

impl Flag {
    /// What it is about.
    pub fn about(&self) -> FlagSubject {
        FlagSubject { kind: self.subject_kind, id: self.subject.clone() }
    }

    /// What it adds to its subject's accumulated weight.
    pub const fn adds(&self) -> Weight {
        match self.status {
            FlagStatus::Active => Weight::from_micros(self.weight.micros()),
            FlagStatus::Withdrawn => Weight::ZERO,
        }
    }

    /// The flag once it is withdrawn, which is once.
    pub fn withdrawn(self, withdrawal: Withdrawal) -> Result<Self, Error> {
        match self.status {
            FlagStatus::Withdrawn => Err(Error::FlagWithdrawn),
            FlagStatus::Active => {
                Ok(Self { status: FlagStatus::Withdrawn, withdrawn: Some(withdrawal), ..self })
            }
        }
    }
}
