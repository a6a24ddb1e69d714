//! Who proposed a change, and what a name stands for.

use super::credit::Provenance;
use super::paths;
use super::people::{ContributorKind, People, handle_of};
use super::policy::{ContributionPolicy, NameRule};
use super::unit::{ReadUnit, Signature};

/// Keys of trailers that name those who wrote a part of a squashed change.
const CO_AUTHORS: [&str; 2] = ["co-authored-by", "co-committed-by"];
/// First parts of branches behind which the contributor's name stands.
const CONTRIBUTIONS: [&str; 2] = ["contrib", "contributor"];

/// Somebody whom a change names, and who may be credited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// Whose name it is.
    pub contributor: String,
    /// The name as a handle.
    pub named_as: String,
    /// The name as it stands there.
    pub name: String,
    /// How it is known.
    pub provenance: Provenance,
    /// Whether it is named as an agent.
    pub agent: bool,
}

/// What names stand for: by what people decided, and by a policy.
#[derive(Clone, Copy)]
pub(super) struct Register<'a> {
    pub people: &'a People,
    pub policy: &'a ContributionPolicy,
}

impl<'a> Register<'a> {
    /// Whoever a name stands for; nobody where it is a tool's.
    pub fn named(&self, name: &str, provenance: Provenance, agent: bool) -> Option<Named> {
        let named_as = handle_of(name)?;
        let contributor = self.people.resolve(&named_as).to_owned();
        let credited = !self.is_tool(&contributor);
        credited.then(|| Named { contributor, named_as, name: name.trim().to_owned(), provenance, agent })
    }

    /// Whoever signed, by name, else by what stands before the `@`.
    pub fn signed(&self, signature: &Signature, provenance: Provenance) -> Option<Named> {
        let local = || signature.email.split('@').next().unwrap_or_default();
        let name = if handle_of(&signature.name).is_some() { &signature.name } else { local() };
        self.named(name, provenance, false)
    }

    /// Whether a contributor is a tool: its name is one of the policy's, or goes on behind one with no letter
    /// (`claude-opus-4.6`, but not `claudette`). Nobody is whom somebody decided about.
    fn is_tool(&self, contributor: &str) -> bool {
        let begins = |tool: &String| {
            contributor.strip_prefix(tool.as_str()).is_some_and(|rest| {
                tool.ends_with('-') || !rest.starts_with(|next: char| next.is_alphabetic())
            })
        };
        !self.people.kinds.contains_key(contributor) && self.policy.names.tools.iter().any(begins)
    }

    /// Whether somebody is infrastructure: as people decided, else by the policy's names. A name that people gave to
    /// another contributor is that one's, whatever it looks like.
    pub fn is_infrastructure(&self, named: &Named) -> bool {
        match self.people.kinds.get(&named.contributor) {
            Some(kind) => *kind == ContributorKind::Infrastructure,
            None => {
                let own = named.contributor == named.named_as;
                let name = if own { named.name.as_str() } else { &named.contributor };
                let mut patterns = self.policy.names.infrastructure.iter();
                patterns.any(|pattern| is_meant(pattern, name, &named.contributor))
            }
        }
    }

    /// Whether somebody decided anything about a contributor.
    fn is_known(&self, contributor: &str) -> bool {
        let people = self.people;
        people.kinds.contains_key(contributor)
            || people.principals.contains_key(contributor)
            || people.aliases.values().chain(people.known_names.values()).any(|known| known == contributor)
    }

    fn trailers(
        self,
        unit: &'a ReadUnit,
        keys: &'a [String],
        agent: bool,
    ) -> impl Iterator<Item = Named> + 'a {
        let of_key = unit.trailers.iter().filter(|trailer| keys.contains(&trailer.key));
        of_key.filter_map(move |trailer| self.named(&trailer.name, Provenance::Trailer, agent))
    }

    /// Those who review trailers name.
    pub fn reviewers(self, unit: &'a ReadUnit) -> impl Iterator<Item = Named> + 'a {
        self.trailers(unit, &self.policy.names.reviewer_trailers, false)
    }

    /// Agents that trailers name.
    pub fn agents(self, unit: &'a ReadUnit) -> impl Iterator<Item = Named> + 'a {
        self.trailers(unit, &self.policy.names.agent_trailers, true)
    }

    fn co_authors(self, unit: &'a ReadUnit) -> impl Iterator<Item = Named> + 'a {
        let of_key = unit.trailers.iter().filter(|trailer| CO_AUTHORS.contains(&trailer.key.as_str()));
        of_key.filter_map(move |trailer| self.named(&trailer.name, Provenance::Trailer, false))
    }

    /// Whoever proposed a change. In this order:
    /// 1. a trailer that names the proposer;
    /// 2. a trailer that names an agent; but where the title's label is another's who is known, or the trailer only
    ///    names who merged it, the label's;
    /// 3. the label of the title;
    /// 4. the name that the branch begins with;
    /// 5. the author; but where that is infrastructure or a tool, a co-author who is neither.
    pub fn proposer(self, unit: &'a ReadUnit) -> Option<Named> {
        if let Some(named) = self.trailers(unit, &self.policy.names.proposer_trailers, false).next() {
            return Some(named);
        }
        let label = self.label(unit);
        let agents: Vec<Named> = self.agents(unit).collect();
        if let Some(first) = agents.first() {
            let Some(label) = label else { return Some(first.clone()) };
            if let Some(agreed) = agents.iter().find(|agent| agent.contributor == label.contributor) {
                return Some(agreed.clone());
            }
            let merged = self.signed(&unit.merger, Provenance::MergerProxy);
            let only_merged = merged.is_some_and(|merger| merger.contributor == first.contributor);
            let known =
                self.is_known(&label.contributor) || self.is_named_elsewhere(unit, &label.contributor);
            return Some(if only_merged || known { label } else { first.clone() });
        }
        label.or_else(|| self.branch(unit)).or_else(|| self.author(unit))
    }

    fn author(self, unit: &'a ReadUnit) -> Option<Named> {
        let author = self.signed(&unit.author, Provenance::Author);
        let works = |named: &Named| !self.is_infrastructure(named);
        author.clone().filter(works).or_else(|| self.co_authors(unit).find(works)).or(author)
    }

    fn label(self, unit: &ReadUnit) -> Option<Named> {
        let named = self.named(unit.label.as_deref()?, Provenance::TitleLabel, false)?;
        self.allowed(self.policy.rules.proposer_label, unit, named, Provenance::TitleLabel)
    }

    fn branch(self, unit: &ReadUnit) -> Option<Named> {
        let mut parts = unit.branch.as_deref()?.split('/').filter(|part| !part.is_empty());
        let (first, second) = (parts.next()?, parts.next()?);
        let rule = self.policy.rules.proposer_branch;
        if CONTRIBUTIONS.contains(&first) && parts.next().is_some() {
            let named = self.named(second, Provenance::BranchName, false);
            return named.filter(|_| rule != NameRule::Off);
        }
        let named = self.named(first, Provenance::BranchName, false)?;
        self.allowed(rule, unit, named, Provenance::BranchName)
    }

    fn allowed(self, rule: NameRule, unit: &ReadUnit, named: Named, by: Provenance) -> Option<Named> {
        let known = || {
            self.is_known(&named.contributor)
                || self.people.aliases.contains_key(&named.named_as)
                || self.is_named_elsewhere(unit, &named.contributor)
                || (by == Provenance::BranchName && self.label_is(unit, &named.contributor))
        };
        let allowed = match rule {
            NameRule::Off => false,
            NameRule::Any => !self.policy.names.no_names.contains(&named.named_as) || known(),
            NameRule::Known => known(),
        };
        allowed.then_some(named)
    }

    fn label_is(self, unit: &ReadUnit, contributor: &str) -> bool {
        unit.label
            .as_deref()
            .and_then(handle_of)
            .is_some_and(|label| self.people.resolve(&label) == contributor)
    }

    /// Whether the author, a trailer or the branch names the contributor as well.
    fn is_named_elsewhere(self, unit: &ReadUnit, contributor: &str) -> bool {
        let is =
            |name: &str| handle_of(name).is_some_and(|handle| self.people.resolve(&handle) == contributor);
        is(&unit.author.name) || unit.trailers.iter().any(|trailer| is(&trailer.name))
    }
}

/// Whether a pattern means somebody. One with signs that no handle has, such as `*[bot]`, is of names as they are written:
/// `trade[bot]` is a program, and Trade-Bot may be anybody's name. Any other is of handles as well.
fn is_meant(pattern: &str, name: &str, handle: &str) -> bool {
    if paths::name_matches(&pattern.to_lowercase(), &name.to_lowercase()) {
        return true;
    }
    let is_plain = |it: char| it.is_alphanumeric() || matches!(it, '*' | '-' | '_' | '.' | ' ');
    let as_handle = |part: &str| part.trim().to_lowercase().replace(' ', "-");
    pattern.chars().all(is_plain) && paths::name_matches(&as_handle(pattern), handle)
}

/// Whoever proposed a change, by their handle, and how that is known. None where only tools are named.
pub fn proposer(
    unit: &ReadUnit,
    people: &People,
    policy: &ContributionPolicy,
) -> Option<(String, Provenance)> {
    let named = Register { people, policy }.proposer(unit)?;
    Some((named.contributor, named.provenance))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_means_names_as_they_are_written_or_handles() {
        for (pattern, name, meant) in [
            ("*[bot]", "dependabot[bot]", true),
            ("*[bot]", "Renovate[Bot]", true),
            ("*[bot]", "trade-bot", false),
            ("*[bot]", "Trade Bot", false),
            ("github", "GitHub", true),
            ("github", "github-fan", false),
            ("Auto Fix", "Auto-Fix", true),
            ("Auto Fix", "auto fix", true),
            ("team-*", "Team Pipeline", true),
            ("team-*", "teamster", false),
        ] {
            let handle = handle_of(name).unwrap();
            assert_eq!(is_meant(pattern, name, &handle), meant, "{pattern} and {name}");
        }
    }
}
