//! Lineage links: one chain of work, binding an idea, a spec and implementation refs to those who did it.

use crate::contribution::LinkCost;
use crate::error::Error;
use crate::id::LinkId;
use crate::input::{Errors, Fields, Node, Range, list, number, text, word};
use crate::money::{Amount, Energy, Ratio, Score};
use crate::origin::Origin;
use crate::stage::{PerStage, Stage};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Characters that an id, a contributor, a source or a metric may have.
pub const MAX_NAME: usize = 200;
/// Characters that an implementation ref may have: room for an address.
pub const MAX_REF: usize = 500;
/// Implementation refs, and investments, that one link may have.
pub const MAX_ITEMS: usize = 1_000;

/// Who holds which role; absent roles are null.
pub type Contributors = PerStage<Option<String>>;

/// Energy that a contributor put into a stage, and how good the work was, by the sender's own account.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Investment {
    /// The stage it went into.
    pub stage: Stage,
    /// Whose it is.
    #[cfg_attr(feature = "openapi", schema(example = "rita", min_length = 1, max_length = 200))]
    pub contributor: String,
    /// How much: above 0, at most 1,000,000,000, kept to six places.
    #[cfg_attr(feature = "openapi", schema(example = 3.0, exclusive_minimum = 0, maximum = 1_000_000_000))]
    pub energy_units: Energy,
    /// How well it fits together, 0 to 1.
    #[cfg_attr(
        feature = "openapi",
        schema(required = false, default = 0.5, example = 0.9, minimum = 0, maximum = 1)
    )]
    pub coherence_score: Score,
    /// How aware it is of what is around it, 0 to 1.
    #[cfg_attr(
        feature = "openapi",
        schema(required = false, default = 0.5, example = 0.8, minimum = 0, maximum = 1)
    )]
    pub awareness_score: Score,
    /// How much it rubs, 0 to 1; lower is better.
    #[cfg_attr(
        feature = "openapi",
        schema(required = false, default = 0.5, example = 0.1, minimum = 0, maximum = 1)
    )]
    pub friction_score: Score,
}

/// A link as a sender files it, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewLink {
    /// The idea it began with.
    #[cfg_attr(
        feature = "openapi",
        schema(example = "oss-interface-alignment", min_length = 1, max_length = 200)
    )]
    pub idea_id: String,
    /// The spec it was built to.
    #[cfg_attr(
        feature = "openapi",
        schema(example = "048-value-lineage-and-payout-attribution", min_length = 1, max_length = 200)
    )]
    pub spec_id: String,
    /// Where the work can be found: pull requests, commits. Empty when absent.
    #[cfg_attr(
        feature = "openapi",
        schema(required = false, max_items = 1000, example = json!(["PR#26", "commit:e616516"]))
    )]
    pub implementation_refs: Vec<String>,
    /// Who holds which role; a role may be absent or null.
    pub contributors: Contributors,
    /// Energy put in, stage by stage. Empty when absent.
    #[cfg_attr(feature = "openapi", schema(required = false, max_items = 1000))]
    pub investments: Vec<Investment>,
    /// What it cost, in the same unit as the value of its events; kept to six places.
    #[cfg_attr(feature = "openapi", schema(example = 120.0, minimum = 0, maximum = 1_000_000_000_000_i64))]
    pub estimated_cost: Amount,
}

/// A link as it is kept and answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LineageLink {
    /// Its id, `lnk_…`.
    pub id: LinkId,
    /// The idea it began with.
    #[cfg_attr(feature = "openapi", schema(example = "oss-interface-alignment"))]
    pub idea_id: String,
    /// The spec it was built to.
    #[cfg_attr(feature = "openapi", schema(example = "048-value-lineage-and-payout-attribution"))]
    pub spec_id: String,
    /// Where the work can be found: pull requests, commits.
    #[cfg_attr(feature = "openapi", schema(example = json!(["PR#26", "commit:e616516"])))]
    pub implementation_refs: Vec<String>,
    /// Who holds which role; null where nobody does.
    pub contributors: Contributors,
    /// Energy put in, stage by stage, in the order it was sent.
    pub investments: Vec<Investment>,
    /// What it cost, kept to six places.
    #[cfg_attr(feature = "openapi", schema(example = 120.0))]
    pub estimated_cost: Amount,
    /// How that is known, where the refs name a receipt or imported changes: absent else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<LinkCost>,
    /// Where it comes from: `work`, or a `gate` that tried this deployment.
    #[serde(default)]
    pub origin: Origin,
    /// When it was filed.
    pub created_at: DateTime<Utc>,
    /// When it was last touched: filed, or given an event.
    pub updated_at: DateTime<Utc>,
}

/// Running totals of a link's events, kept in each event's own transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LinkTotals {
    /// The sum of the values of its events.
    pub measured_value_total: Amount,
    /// How many events it has.
    pub event_count: i64,
    /// How many sources they came from.
    pub source_count: i64,
    /// How many metrics they measured.
    pub metric_count: i64,
}

/// A link with its totals: one row of the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkRecord {
    /// The link.
    pub link: LineageLink,
    /// What its events add up to.
    pub totals: LinkTotals,
}

impl LinkRecord {
    /// Value over cost.
    pub fn roi_ratio(&self) -> Ratio {
        Ratio::of(self.totals.measured_value_total, self.link.estimated_cost)
    }
}

impl LineageLink {
    /// Whether anybody is named on it, as contributor or by an investment.
    pub fn names_somebody(&self) -> bool {
        names_somebody(&self.contributors, &self.investments)
    }
}

/// Whether anybody is named, as contributor or by an investment.
pub fn names_somebody(contributors: &Contributors, investments: &[Investment]) -> bool {
    !investments.is_empty() || Stage::ALL.iter().any(|&stage| contributors.get(stage).is_some())
}

/// What a link says of people, and nothing else of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkPeople {
    /// Its id.
    pub id: LinkId,
    /// The idea it began with.
    pub idea_id: String,
    /// Who holds which role.
    pub contributors: Contributors,
    /// Energy put in, stage by stage.
    pub investments: Vec<Investment>,
}

impl NewLink {
    /// Checks what was sent, naming every wrong field.
    pub fn read(node: &Node) -> Result<Self, Error> {
        const KNOWN: [&str; 6] =
            ["idea_id", "spec_id", "implementation_refs", "contributors", "investments", "estimated_cost"];
        let mut errors = Errors::default();
        let errors_ref = &mut errors;
        let link = Fields::open(node, "", &KNOWN, errors_ref).and_then(|fields| {
            let idea_id = fields.text("idea_id", MAX_NAME, errors_ref);
            let spec_id = fields.text("spec_id", MAX_NAME, errors_ref);
            let implementation_refs = read_refs(&fields, errors_ref);
            let contributors = read_contributors(&fields, errors_ref);
            let investments = read_investments(&fields, errors_ref);
            let estimated_cost =
                fields.number("estimated_cost", Range::UpTo(Amount::MAX.micros()), errors_ref);
            Some(Self {
                idea_id: idea_id?,
                spec_id: spec_id?,
                implementation_refs: implementation_refs?,
                contributors: contributors?,
                investments: investments?,
                estimated_cost: Amount::from_micros(estimated_cost?),
            })
        });
        errors.finish(link)
    }

    /// The link as kept, with the id, origin and time given to it.
    pub fn filed(self, id: LinkId, origin: Origin, at: DateTime<Utc>) -> LineageLink {
        LineageLink {
            id,
            idea_id: self.idea_id,
            spec_id: self.spec_id,
            implementation_refs: self.implementation_refs,
            contributors: self.contributors,
            investments: self.investments,
            estimated_cost: self.estimated_cost,
            cost: None,
            origin,
            created_at: at,
            updated_at: at,
        }
    }
}

fn read_refs(fields: &Fields<'_>, errors: &mut Errors) -> Option<Vec<String>> {
    let path = fields.path("implementation_refs");
    let Some(node) = fields.find("implementation_refs") else { return Some(Vec::new()) };
    let items = list(node, &path, MAX_ITEMS, errors)?;
    let read =
        items.iter().enumerate().map(|(at, item)| text(item, &format!("{path}[{at}]"), MAX_REF, errors));
    // Collected before judged, so that every wrong ref is named.
    read.collect::<Vec<_>>().into_iter().collect()
}

fn read_contributors(fields: &Fields<'_>, errors: &mut Errors) -> Option<Contributors> {
    let node = fields.required("contributors", errors)?;
    let roles = Fields::open(node, &fields.path("contributors"), &Stage::NAMES, errors)?;
    Some(PerStage::from_fn(|stage| roles.optional_text(stage.name(), MAX_NAME, errors)))
}

fn read_investments(fields: &Fields<'_>, errors: &mut Errors) -> Option<Vec<Investment>> {
    let path = fields.path("investments");
    let Some(node) = fields.find("investments") else { return Some(Vec::new()) };
    let items = list(node, &path, MAX_ITEMS, errors)?;
    let read =
        items.iter().enumerate().map(|(at, item)| read_investment(item, &format!("{path}[{at}]"), errors));
    read.collect::<Vec<_>>().into_iter().collect()
}

fn read_investment(node: &Node, path: &str, errors: &mut Errors) -> Option<Investment> {
    const KNOWN: [&str; 6] =
        ["stage", "contributor", "energy_units", "coherence_score", "awareness_score", "friction_score"];
    let fields = Fields::open(node, path, &KNOWN, errors)?;
    let stage = fields
        .required("stage", errors)
        .and_then(|node| word(node, &fields.path("stage"), &Stage::NAMES, errors))
        .and_then(Stage::named);
    let contributor = fields.text("contributor", MAX_NAME, errors);
    let energy = fields.number("energy_units", Range::PositiveUpTo(Energy::MAX.micros()), errors);
    let mut score = |name| match fields.optional(name) {
        None => Some(Score::HALF),
        Some(node) => {
            let range = Range::UpTo(Score::ONE.micros());
            number(node, &fields.path(name), range, errors).map(Score::from_micros)
        }
    };
    let coherence_score = score("coherence_score");
    let awareness_score = score("awareness_score");
    let friction_score = score("friction_score");
    Some(Investment {
        stage: stage?,
        contributor: contributor?,
        energy_units: Energy::from_micros(energy?),
        coherence_score: coherence_score?,
        awareness_score: awareness_score?,
        friction_score: friction_score?,
    })
}
