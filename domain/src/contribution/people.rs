//! Contributors: what they are, which names are theirs, and for whom agents work.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a contributor is. Kept apart from the principal: an agent without one is still an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ContributorKind {
    /// Somebody who takes part.
    Person,
    /// A program that makes knowledge, for a principal or for itself.
    Agent,
    /// An author whose work is drawn on, and who takes no part.
    External,
    /// A program that keeps things running; never counts toward governance.
    Infrastructure,
}

impl ContributorKind {
    /// All, in order.
    pub const ALL: [Self; 4] = [Self::Person, Self::Agent, Self::External, Self::Infrastructure];
    /// The names as they are sent, in order.
    pub const NAMES: [&'static str; 4] = ["person", "agent", "external", "infrastructure"];

    /// The name as it is sent.
    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The kind of a name as it is sent.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// From when on an agent works for whom. It lasts until the next one begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PrincipalPeriod {
    /// Whom; none from when on it works for nobody.
    pub principal: Option<String>,
    /// From when on.
    pub from: DateTime<Utc>,
}

/// All that people decided about contributors, as credits need it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct People {
    /// Names that belong to another contributor: the name's handle, then whose it is. Never chained.
    pub aliases: BTreeMap<String, String>,
    /// By contributor: periods, by time.
    pub principals: BTreeMap<String, Vec<PrincipalPeriod>>,
    /// Kinds that were decided.
    pub kinds: BTreeMap<String, ContributorKind>,
    /// What sources may name of those who were decided to be persons or external authors, in small letters: names and
    /// handles, aliases too; then whose it is.
    pub known_names: BTreeMap<String, String>,
}

impl People {
    /// The contributor behind a handle.
    pub fn resolve<'a>(&'a self, handle: &'a str) -> &'a str {
        self.aliases.get(handle).map_or(handle, String::as_str)
    }

    /// For whom a contributor works at a time.
    pub fn principal_at(&self, contributor: &str, at: DateTime<Utc>) -> Option<&str> {
        let periods = self.principals.get(contributor)?;
        let period = periods.iter().rev().find(|period| period.from <= at)?;
        Some(self.resolve(period.principal.as_deref()?))
    }
}

/// Characters that a handle has at the most.
pub const MAX_HANDLE: usize = 100;

/// The handle of a name: letters and digits in lower case, with `.`, `_` and `-` kept and anything else made one `-`.
/// Names are what history keys by: addresses change, and ids of agents are not stable. None where nothing is left.
pub fn handle_of(name: &str) -> Option<String> {
    let mut handle = String::new();
    for character in name.trim().trim_start_matches('@').chars().flat_map(char::to_lowercase) {
        if character.is_alphanumeric() || matches!(character, '.' | '_') {
            handle.push(character);
        } else if !handle.is_empty() && !handle.ends_with('-') {
            handle.push('-');
        }
    }
    let handle: String = handle.trim_matches(['-', '.']).chars().take(MAX_HANDLE).collect();
    Some(handle).filter(|handle| !handle.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_the_same_however_its_name_is_written() {
        for (name, handle) in [
            ("Rio", Some("rio")),
            (" @m3taversal ", Some("m3taversal")),
            ("Auto-Fix", Some("auto-fix")),
            ("Teleo  Agents", Some("teleo-agents")),
            ("dependabot[bot]", Some("dependabot-bot")),
            ("Søren Ø.", Some("søren-ø")),
            ("—", None),
            ("", None),
        ] {
            assert_eq!(handle_of(name).as_deref(), handle, "{name:?}");
        }
    }

    #[test]
    fn a_principal_holds_from_its_day_until_the_next_one() {
        let at = |day: i64| DateTime::from_timestamp(day * 86_400, 0).unwrap();
        let period = |principal: Option<&str>, day| PrincipalPeriod {
            principal: principal.map(str::to_owned),
            from: at(day),
        };
        let mut people = People::default();
        people.aliases.insert("mike".into(), "michael".into());
        people.principals.insert("rio".into(), vec![period(Some("mike"), 10), period(None, 20)]);
        let of = |day| people.principal_at("rio", at(day));
        assert_eq!([of(9), of(10), of(19), of(20)], [None, Some("michael"), Some("michael"), None]);
    }
}
