//! What people decide about a contributor: a merge patch, read and checked against everybody there is.

use super::everybody::{Decisions, Everybody, decision};
use super::people::{ContributorKind, MAX_HANDLE, handle_of};
use super::records::PrincipalDecision;
use crate::error::Error;
use crate::input::{Errors, Fields, Node, list, text, word};
use crate::link::MAX_NAME;
use crate::registry::Precondition;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::BTreeSet;

/// Aliases that somebody may have.
const MAX_ALIASES: usize = 200;
/// Characters that a reason may have.
const MAX_REASON: usize = 1_000;

/// New values for some of what was decided of a contributor. The outer option is whether it is named, the inner whether
/// it is null.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ContributorPatch {
    /// What they are; null leaves it to what it looks like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Option<ContributorKind>>,
    /// Their name; null leaves it to what history writes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Option<String>>,
    /// For whom they work; null ends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<Option<String>>,
    /// From when on they do; now where it is absent. Only the first decision about it may lie in the past.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal_from: Option<DateTime<Utc>>,
    /// All handles that are theirs too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aliases: Option<BTreeSet<String>>,
    /// All handles that are not theirs, whatever the machine proposes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dismissed: Option<BTreeSet<String>>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A decision about a contributor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContributorEdit {
    /// Whose.
    pub handle: String,
    /// What is decided.
    #[serde(flatten)]
    pub patch: ContributorPatch,
    /// Which versions it may be made to.
    #[serde(skip)]
    pub precondition: Precondition,
    /// When it is made.
    #[serde(skip)]
    pub at: DateTime<Utc>,
    /// The version that it made, once it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// What a decision comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// Whose, where an alias was named.
    pub handle: String,
    /// All that is decided of them now.
    pub decisions: Decisions,
    /// The last decision about their principal before this one.
    pub principal_before: Option<PrincipalDecision>,
    /// Whether credits follow from it.
    pub credits_change: bool,
}

impl ContributorPatch {
    /// Reads `kind`, `name`, `principal`, `principal_from`, `aliases`, `dismissed` and `reason`.
    pub fn read(node: &Node, now: DateTime<Utc>) -> Result<Self, Error> {
        const KNOWN: [&str; 7] =
            ["kind", "name", "principal", "principal_from", "aliases", "dismissed", "reason"];
        let mut errors = Errors::default();
        let read = Fields::open(node, "", &KNOWN, &mut errors).map(|fields| {
            let errors = &mut errors;
            let named = |name: &str| fields.find(name);
            Self {
                kind: named("kind").map(|node| match node {
                    Node::Null => None,
                    node => {
                        word(node, "kind", &ContributorKind::NAMES, errors).and_then(ContributorKind::named)
                    }
                }),
                name: named("name").map(|node| match node {
                    Node::Null => None,
                    node => text(node, "name", MAX_NAME, errors),
                }),
                principal: named("principal").map(|node| match node {
                    Node::Null => None,
                    node => handle(node, "principal", errors),
                }),
                principal_from: fields.optional("principal_from").and_then(|node| time(node, now, errors)),
                aliases: named("aliases").map(|node| handles(node, "aliases", errors)),
                dismissed: named("dismissed").map(|node| handles(node, "dismissed", errors)),
                reason: fields.optional_text("reason", MAX_REASON, errors),
            }
        });
        if let Some(read) = &read
            && read.principal_from.is_some()
            && read.principal.is_none()
        {
            errors.add(
                "principal_from",
                "says from when on a principal holds; name the principal too, or null",
            );
        }
        errors.finish(read)
    }
}

fn handle(node: &Node, path: &str, errors: &mut Errors) -> Option<String> {
    let text = text(node, path, MAX_HANDLE, errors)?;
    if handle_of(&text).as_deref() != Some(&*text) {
        let near = handle_of(&text).map(|handle| format!(", such as {handle}")).unwrap_or_default();
        errors.add(path, format!("must be a handle: lower-case letters, digits, ., _ and -{near}"));
        return None;
    }
    Some(text)
}

fn handles(node: &Node, path: &str, errors: &mut Errors) -> BTreeSet<String> {
    if *node == Node::Null {
        return BTreeSet::new();
    }
    let items = list(node, path, MAX_ALIASES, errors).unwrap_or_default();
    items.iter().enumerate().filter_map(|(at, item)| handle(item, &format!("{path}[{at}]"), errors)).collect()
}

fn time(node: &Node, now: DateTime<Utc>, errors: &mut Errors) -> Option<DateTime<Utc>> {
    let path = "principal_from";
    let text = text(node, path, 64, errors)?;
    let Ok(time) = DateTime::parse_from_rfc3339(&text) else {
        errors.add(path, "must be a time with its zone, such as 2026-02-15T00:00:00Z");
        return None;
    };
    let time = time.to_utc();
    let micros = DateTime::from_timestamp_micros(time.timestamp_micros())?;
    match time.timestamp() < 0 || time > now {
        true => {
            errors.add(path, "must be between 1970 and now");
            None
        }
        false => Some(micros),
    }
}

impl ContributorEdit {
    /// What it comes to, or why it cannot be; none where nothing changes by it.
    pub fn decide(&self, everybody: &Everybody, actor: &str) -> Result<Option<Decided>, Error> {
        let handle = everybody.resolve(&self.handle).to_owned();
        // Somebody who works for none of history, as one whose agents do all, is made known by saying what they are.
        if !everybody.knows(&handle) && !matches!(self.patch.kind, Some(Some(_))) {
            return Err(Error::ContributorNotFound);
        }
        let before = everybody.decided.get(&handle).cloned().unwrap_or_default();
        if !self.precondition.allows(before.version) {
            return Err(Error::Stale(before.version));
        }
        let mut after = before.clone();
        let mut errors = Errors::default();
        if let Some(kind) = self.patch.kind {
            after.kind = kind;
        }
        if let Some(name) = &self.patch.name {
            after.name.clone_from(name);
        }
        if let Some(aliases) = &self.patch.aliases {
            check_aliases(everybody, &handle, aliases, &mut errors);
            after.aliases.clone_from(aliases);
        }
        if let Some(dismissed) = &self.patch.dismissed {
            after.dismissed.clone_from(dismissed);
        }
        if let Some(twice) = after.aliases.intersection(&after.dismissed).next() {
            let message = format!("names {twice}, which is in aliases too; leave it out of one of them");
            errors.add("dismissed", message);
        }
        self.decide_principal(everybody, &handle, &mut after, actor, &mut errors);
        let mut then = everybody.clone();
        then.decided.insert(handle.clone(), after.clone());
        self.check_principals(&then, &handle, &mut errors);
        self.check_worker(everybody, &then, &handle, &mut errors);
        errors.finish(Some(()))?;
        if after == before {
            return Ok(None);
        }
        after.version += 1;
        let credits_change = (&after.kind, &after.name, &after.principals, &after.aliases)
            != (&before.kind, &before.name, &before.principals, &before.aliases);
        let principal_before = before.principals.last().cloned();
        Ok(Some(Decided { handle, decisions: after, principal_before, credits_change }))
    }

    fn decide_principal(
        &self,
        everybody: &Everybody,
        handle: &str,
        after: &mut Decisions,
        actor: &str,
        errors: &mut Errors,
    ) {
        let Some(principal) = &self.patch.principal else { return };
        let principal = principal.as_deref().map(|named| everybody.resolve(named).to_owned());
        let from = self.patch.principal_from.unwrap_or(self.at);
        let same = after.principal().map(|named| everybody.resolve(named)) == principal.as_deref();
        // The same said again is no decision, unless it is to hold from another time on.
        if same && (self.patch.principal_from.is_none() || after.principals.is_empty()) {
            return;
        }
        if let Some(last) = after.principals.last() {
            if same && last.period.from == from {
                return;
            }
            // Only what nobody decided before may be told of the past: there is no record yet that it would rewrite.
            if from < self.at.max(last.period.from) {
                let message = format!(
                    "must be left out: it was decided at {} already for whom {handle} works, and whatever is decided \
                     later holds from when it is decided, so that the past is not rewritten",
                    last.decided_at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
                );
                errors.add("principal_from", message);
                return;
            }
        }
        if let Some(named) = &principal {
            if named == handle {
                errors.add("principal", "must be somebody else; null where they work for nobody");
                return;
            }
            if !everybody.knows(named) {
                let message = format!(
                    "names {named}, whom nobody knows; correct it, or make them known first by PATCH \
                     /api/contributors/{named} with {{\"kind\": \"person\"}}"
                );
                errors.add("principal", message);
                return;
            }
        }
        let by = actor.to_owned();
        after.principals.push(decision(principal, from, self.patch.reason.clone(), by, self.at));
    }

    /// Whoever anybody works for must be able to answer for them.
    fn check_principals(&self, then: &Everybody, handle: &str, errors: &mut Errors) {
        let kind = then.kind_of(handle);
        let program = matches!(kind, ContributorKind::Agent | ContributorKind::Infrastructure);
        let mut workers = then.agents_of(handle).filter(|worker| then.resolve(worker) != handle);
        if program && let Some(worker) = workers.next() {
            let field = if self.patch.kind.is_some() { "kind" } else { "aliases" };
            let message = format!(
                "would make {handle} {}, for whom {worker} works; end that first by PATCH \
                 /api/contributors/{worker} with {{\"principal\": null}}",
                a(kind)
            );
            errors.add(field, message);
        }
        let Some(principal) = then.decided.get(handle).and_then(Decisions::principal) else { return };
        let field = if self.patch.principal.is_some() { "principal" } else { "aliases" };
        let principal = then.resolve(principal);
        let kind = then.kind_of(principal);
        if principal == handle {
            errors.add(
                field,
                format!("would make {handle} work for themselves; end their principal first, with null"),
            );
        } else if matches!(kind, ContributorKind::Agent | ContributorKind::Infrastructure) {
            let message = format!(
                "names {principal}, who is {} and answers for nobody; name a person, or say that they are one by PATCH \
                 /api/contributors/{principal} with {{\"kind\": \"person\"}}",
                a(kind)
            );
            errors.add(field, message);
        } else if circle(then, handle) {
            let message = format!(
                "names {principal}, who works for {handle} already; end that first, with a principal of null"
            );
            errors.add(field, message);
        }
    }

    /// Only agents work for somebody: governance counts what nobody else did for a principal. What was decided before
    /// that was so stays, and can be ended.
    fn check_worker(&self, before: &Everybody, then: &Everybody, handle: &str, errors: &mut Errors) {
        let Some(principal) = then.decided.get(handle).and_then(Decisions::principal) else { return };
        let kind = then.kind_of(handle);
        let named = matches!(self.patch.principal, Some(Some(_)));
        if kind == ContributorKind::Agent || !named && before.kind_of(handle) != ContributorKind::Agent {
            return;
        }
        let principal = then.resolve(principal);
        let (field, message) = if named {
            let message = format!(
                "is for agents, and {handle} is {}; if they are an agent, say so too by PATCH \
                 /api/contributors/{handle} with {{\"kind\": \"agent\", \"principal\": \"{principal}\"}}",
                a(kind)
            );
            ("principal", message)
        } else {
            let message = format!(
                "would make {handle}, who works for {principal}, {}; only agents work for somebody: end that too, \
                 with a principal of null",
                a(kind)
            );
            (if self.patch.kind.is_some() { "kind" } else { "aliases" }, message)
        };
        errors.add(field, message);
    }
}

const fn a(kind: ContributorKind) -> &'static str {
    match kind {
        ContributorKind::Person => "a person",
        ContributorKind::Agent => "an agent",
        ContributorKind::External => "an external author",
        ContributorKind::Infrastructure => "infrastructure",
    }
}

/// Whether following principals leads back to where it began.
fn circle(everybody: &Everybody, handle: &str) -> bool {
    let mut met = BTreeSet::from([handle]);
    let mut at = handle;
    while let Some(next) = everybody.decided.get(at).and_then(Decisions::principal) {
        at = everybody.resolve(next);
        if !met.insert(at) {
            return true;
        }
    }
    false
}

fn check_aliases(everybody: &Everybody, handle: &str, aliases: &BTreeSet<String>, errors: &mut Errors) {
    for alias in aliases {
        if alias == handle {
            errors.add("aliases", format!("names {alias} itself; leave it out"));
        }
        if let Some(owner) = everybody.target_of(alias).filter(|owner| *owner != handle) {
            let message = format!(
                "names {alias}, which is an alias of {owner}; take it from there first by PATCH /api/contributors/{owner}"
            );
            errors.add("aliases", message);
        }
        let works_for = everybody.decided.get(alias).and_then(Decisions::principal);
        if works_for.is_some_and(|principal| everybody.resolve(principal) == handle) {
            let message = format!(
                "names {alias}, who works for {handle} and whose credits count for them already; end that first by \
                 PATCH /api/contributors/{alias} with {{\"principal\": null}}, if they really are one"
            );
            errors.add("aliases", message);
        }
        let own = everybody.decided.get(alias).map(|decided| &decided.aliases);
        if let Some(own) = own.filter(|own| !own.is_empty()) {
            let names: Vec<&str> = own.iter().map(String::as_str).collect();
            let message = format!(
                "names {alias}, which has aliases of its own ({}); take these from it first by PATCH \
                 /api/contributors/{alias} with {{\"aliases\": []}}, and name them here",
                names.join(", ")
            );
            errors.add("aliases", message);
        }
    }
}
