//! Changes, built step by step.

use crate::given::NOW;
use domain::contribution::{
    Attribution, ChangeKind, Citation, CitationKind, ContributionPolicy, Credit, DEFAULT_POLICY,
    DEFAULT_WEIGHTS, KnowledgeKind, MergeKind, ObjectChange, ObjectState, PathChange, People,
    PrincipalPeriod, ReadUnit, Reverted, Role, Signature, Target, Trailer, WeightSet, derive, proposer,
};

/// A change of the tests' repository: written and committed by Mike, merged by Leo, unless said otherwise.
#[derive(Debug, Clone)]
pub struct Change {
    pub unit: ReadUnit,
    pub people: People,
    pub policy: ContributionPolicy,
}

/// Somebody who signs.
pub fn signed(name: &str) -> Signature {
    Signature { name: name.to_owned(), email: format!("{}@example.org", name.to_lowercase()) }
}

/// Rio works for Mike, and Michael is another name of Mike's.
pub fn people() -> People {
    let mut people = People::default();
    let from = NOW - chrono::Days::new(10);
    people.principals.insert("rio".into(), vec![PrincipalPeriod { principal: Some("mike".into()), from }]);
    people.aliases.insert("michael".into(), "mike".into());
    people
}

fn path_of(slug: &str) -> String {
    format!("domains/sea/{slug}.md")
}

impl Change {
    pub fn titled(title: &str) -> Self {
        let label = title.split_once(": ").map(|(label, _)| label.to_lowercase());
        let unit = ReadUnit {
            repository: "codex".into(),
            sha: "0123456789".repeat(4),
            position: 7,
            kind: MergeKind::Merge,
            forge: Some("forgejo".into()),
            number: Some(12),
            branch: None,
            title: title.to_owned(),
            label: label.filter(|label| !label.contains(' ')),
            author: signed("Mike"),
            merger: signed("Leo"),
            merged_at: NOW,
            trailers: Vec::new(),
            reverts: Vec::new(),
            reverted: Reverted::default(),
            paths: Vec::new(),
            lines_added: 10,
            lines_removed: 2,
            lines_partial: false,
            objects: Vec::new(),
        };
        let policy = ContributionPolicy::named(DEFAULT_POLICY).unwrap().clone();
        Self { unit, people: People::default(), policy }
    }

    pub fn known(mut self, people: People) -> Self {
        self.people = people;
        self
    }

    pub fn under(&self, change: impl FnOnce(&mut ContributionPolicy)) -> Self {
        let mut other = self.clone();
        change(&mut other.policy);
        other
    }

    pub fn of_software(mut self) -> Self {
        self.policy = ContributionPolicy::named("software-project-v1").unwrap().clone();
        self
    }

    pub fn by(mut self, author: &str) -> Self {
        self.unit.author = signed(author);
        self
    }

    pub fn merged_by(mut self, merger: &str) -> Self {
        self.unit.merger = signed(merger);
        self
    }

    pub fn direct(mut self) -> Self {
        self.unit.kind = MergeKind::Direct;
        self
    }

    pub fn on_branch(mut self, branch: &str) -> Self {
        self.unit.branch = Some(branch.to_owned());
        self
    }

    pub fn saying(mut self, key: &str, name: &str) -> Self {
        self.unit.trailers.push(Trailer { key: key.into(), name: name.into(), bracket: None });
        self
    }

    pub fn touching(mut self, path: &str) -> Self {
        self.unit.paths.push(PathChange { path: path.to_owned(), change: ChangeKind::Changed });
        self
    }

    fn object(
        self,
        slug: &str,
        kind: KnowledgeKind,
        change: ChangeKind,
        states: [Option<ObjectState>; 2],
    ) -> Self {
        let path = path_of(slug);
        let mut this = self.touching(&path);
        let [before, after] = states;
        let slug = slug.rsplit('/').next().unwrap().to_owned();
        this.unit.objects.push(ObjectChange { kind, path, slug, change, before, after });
        this
    }

    pub fn adding(self, kind: KnowledgeKind, slug: &str) -> Self {
        self.object(slug, kind, ChangeKind::Added, [None, Some(claim())])
    }

    pub fn adding_claim(self, slug: &str) -> Self {
        self.adding(KnowledgeKind::Claim, slug)
    }

    pub fn changing_claim(self, slug: &str) -> Self {
        self.object(slug, KnowledgeKind::Claim, ChangeKind::Changed, [Some(claim()), Some(claim())])
    }

    pub fn removing_claim(self, slug: &str) -> Self {
        self.object(slug, KnowledgeKind::Claim, ChangeKind::Removed, [Some(claim()), None])
    }

    /// Changes what the piece touched last says now.
    pub fn now(mut self, change: impl FnOnce(&mut ObjectState)) -> Self {
        let object = self.unit.objects.last_mut().unwrap();
        change(object.after.as_mut().unwrap());
        self
    }

    /// Changes what it said before as well.
    pub fn always(mut self, change: impl Fn(&mut ObjectState)) -> Self {
        let object = self.unit.objects.last_mut().unwrap();
        object.before.iter_mut().chain(&mut object.after).for_each(change);
        self
    }

    pub fn attributing(self, role: &str, handle: &str) -> Self {
        let entry = attributed(role, handle);
        self.now(|state| state.attribution.push(entry))
    }

    pub fn citing(self, kind: CitationKind, slug: &str, domain: &str, existed_before: bool) -> Self {
        let path = format!("domains/{domain}/{slug}.md");
        let target = Target { path, kind: KnowledgeKind::Claim, domain: Some(domain.into()), existed_before };
        let citation = Citation { kind, slug: slug.into(), target: Some(target) };
        self.now(|state| state.citations.push(citation))
    }

    pub fn derived(&self) -> Vec<Credit> {
        derive(&self.unit, &self.people, &self.policy, WeightSet::named(DEFAULT_WEIGHTS).unwrap())
    }

    /// Each credit as `role contributor claim provenance`, sorted.
    pub fn credits(&self) -> Vec<String> {
        let shown = |credit: &Credit| {
            let claim = credit.claim.as_deref().map_or("-", |path| {
                path.trim_start_matches("domains/").trim_start_matches("sea/").trim_end_matches(".md")
            });
            format!("{} {} {claim} {}", credit.role, credit.contributor, credit.provenance.name())
        };
        let mut credits: Vec<String> = self.derived().iter().map(shown).collect();
        credits.sort();
        credits
    }

    /// Those of one role.
    pub fn of(&self, role: Role) -> Vec<String> {
        let prefix = format!("{role} ");
        self.credits().iter().filter_map(|credit| credit.strip_prefix(&prefix).map(str::to_owned)).collect()
    }

    pub fn proposer(&self) -> String {
        let found = proposer(&self.unit, &self.people, &self.policy);
        found.map_or_else(|| "nobody".into(), |(who, how)| format!("{who} {}", how.name()))
    }
}

pub fn claim() -> ObjectState {
    ObjectState { title: "A claim".into(), domain: Some("sea".into()), ..ObjectState::default() }
}

pub fn attributed(role: &str, handle: &str) -> Attribution {
    Attribution {
        role: Role::named(role).unwrap(),
        handle: handle.into(),
        agent_id: None,
        context: None,
        date: None,
    }
}
