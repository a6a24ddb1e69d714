//! What imported history a link's refs lead to, as payout policies draw on it.

use super::{DrawnOn, PaidRef};
use crate::contribution::{Credit, RefStatus, UnitCard};
use std::collections::BTreeMap;

/// A credit in a change or claim that a link names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidCredit {
    /// The ref that led to it.
    pub reference: String,
    /// The change's title.
    pub title: String,
    /// The credit.
    pub credit: Credit,
}

/// A change that a link names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidChange {
    /// The ref that led to it.
    pub reference: String,
    /// The change.
    pub card: UnitCard,
}

/// All that the refs of a link lead to. The same credit or change may stand in it several times, in any order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contributions {
    /// Credits of the changes and claims.
    pub credits: Vec<PaidCredit>,
    /// The changes.
    pub changes: Vec<PaidChange>,
    /// What each ref came to, in the link's order.
    pub refs: Vec<PaidRef>,
    /// Handles of those who invested, by their names as the link has them, where they are known from history.
    pub handles: BTreeMap<String, String>,
}

impl Contributions {
    /// What is said of them beside the rows; `paid` tells whether there are any.
    pub(super) fn drawn_on(&self, pay_principals: bool, paid: bool) -> DrawnOn {
        let message = (!paid).then(|| self.nobody());
        DrawnOn { refs: self.refs.clone(), pay_principals, message }
    }

    /// Why nobody is paid.
    fn nobody(&self) -> String {
        let count = |status| self.refs.iter().filter(|known| known.status == status).count();
        let resolved = count(RefStatus::Resolved);
        match (self.refs.len(), resolved) {
            (0, _) => {
                "The link has no implementation refs: name the changes or claims that it is made of, such as \
                       commit:0a1b2c3, PR#12 or claim:its-name."
                    .to_owned()
            }
            (1, 0) => {
                "The link's implementation ref leads to no imported change or claim; it says why.".to_owned()
            }
            (refs, 0) => format!(
                "None of the link's {refs} implementation refs leads to an imported change or claim; each says why."
            ),
            (refs, resolved) => format!(
                "Of the link's {refs} implementation refs {resolved} lead to what was imported, but nothing there counts: \
                 nobody is credited, or the changes were reverted or rolled back."
            ),
        }
    }
}
