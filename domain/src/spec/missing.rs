//! What is missing of a spec, and the action that closes it.

use super::SpecCard;
use crate::id::LinkId;
use crate::registry::{SPECS, entry_path};
use serde::{Deserialize, Serialize};

/// Something that a spec should have and has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum MissingKind {
    /// Links name it, but nobody registered it.
    Registration,
    /// It has no link, or a link that names nobody.
    ContributorLinkage,
    /// Neither it nor a link of it says where the work can be found.
    Implementation,
    /// Nothing is named that shows that it works.
    Evidence,
    /// No event was measured on any of its links.
    ValueSignal,
}

impl MissingKind {
    /// What is missing, for a reader.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Registration => "Not registered: only lineage links name it",
            Self::ContributorLinkage => "Missing contributor linkage",
            Self::Implementation => "No implementation: nothing says where the work can be found",
            Self::Evidence => "No evidence: nothing shows that it works",
            Self::ValueSignal => "No value signal: no usage event on any of its links",
        }
    }
}

/// A call of the API that closes a gap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Action {
    /// What to do.
    #[cfg_attr(
        feature = "openapi",
        schema(example = "Submit a change request with contributor attribution")
    )]
    pub label: &'static str,
    /// The method of the call.
    #[cfg_attr(feature = "openapi", schema(example = "POST"))]
    pub method: &'static str,
    /// The path of the call.
    #[cfg_attr(feature = "openapi", schema(example = "/api/governance/change-requests"))]
    pub href: String,
}

/// Something missing, with the action that closes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Missing {
    /// What.
    pub kind: MissingKind,
    /// The same for a reader.
    #[cfg_attr(feature = "openapi", schema(example = "Missing contributor linkage"))]
    pub message: &'static str,
    /// What closes it.
    pub action: Action,
}

/// Where links are filed.
const LINKS: &str = "/api/value-lineage/links";

impl Missing {
    /// Everything that is missing of a spec. `link` is the one of its links to act on; a spec has links or has none as
    /// its card counts them, which may have been read a moment before.
    pub fn of(card: &SpecCard, link: Option<LinkId>) -> Vec<Self> {
        let link = link.filter(|_| card.totals.link_count > 0);
        let with_action = |kind| Self { kind, message: kind.message(), action: action(kind, card, link) };
        card.missing().into_iter().map(with_action).collect()
    }
}

fn action(kind: MissingKind, card: &SpecCard, link: Option<LinkId>) -> Action {
    let post = |label, href: String| Action { label, method: "POST", href };
    let edit = |label| Action { label, method: "PATCH", href: entry_path(SPECS, &card.spec_id) };
    match (kind, link) {
        (MissingKind::Registration, _) => post("Register the spec", SPECS.into()),
        (MissingKind::ContributorLinkage, _) if card.totals.link_count > 0 => post(
            "Submit a change request with contributor attribution",
            "/api/governance/change-requests".into(),
        ),
        (MissingKind::ContributorLinkage, _) => {
            post("File a lineage link that names who did it", LINKS.into())
        }
        // A stub has nothing that could be edited.
        (MissingKind::Implementation | MissingKind::Evidence, _) if !card.registered => {
            post("Register the spec with them", SPECS.into())
        }
        (MissingKind::Implementation, _) => edit("Add implementation_refs"),
        (MissingKind::Evidence, _) => edit("Add evidence_refs"),
        (MissingKind::ValueSignal, Some(link)) => {
            post("Append a usage event", format!("{LINKS}/{link}/usage-events"))
        }
        (MissingKind::ValueSignal, None) => post("File a lineage link to measure value on", LINKS.into()),
    }
}
