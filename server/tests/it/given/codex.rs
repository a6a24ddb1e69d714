//! A small repository of knowledge, as it would be read from git: who did what, change by change.

use super::FixedSource;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    contribution::{
        Attribution, ChangeKind, ContributionPolicy, DEFAULT_POLICY, KnowledgeKind, MergeKind, ObjectChange,
        ObjectState, PathChange, ReadUnit, Repository, Reverted, Role, Signature, UnitBatch,
    },
    input::Node,
    ledger::Actor,
    origin::Origin,
    record::{self, Context},
    store::Store,
};
use server::state::Source as _;

/// When its first change was merged: a month before tests begin.
pub const FIRST: DateTime<Utc> = DateTime::from_timestamp(1_768_435_200, 0).unwrap();

/// A repository under making.
pub struct Codex {
    name: &'static str,
    policy_text: String,
    units: Vec<ReadUnit>,
    kept: usize,
}

impl Codex {
    pub fn new(name: &'static str) -> Self {
        let policy_text = ContributionPolicy::text_of(DEFAULT_POLICY).expect("a policy").to_owned();
        Self { name, policy_text, units: Vec::new(), kept: 0 }
    }

    /// With a policy of its own.
    pub fn with_policy(name: &'static str, policy_text: String) -> Self {
        Self { policy_text, ..Self::new(name) }
    }

    /// Merges a change that adds a claim, with its attribution; the unit's id.
    pub fn claim(&mut self, slug: &str, roles: &[(Role, &str)]) -> String {
        let attribution = roles
            .iter()
            .map(|&(role, handle)| Attribution {
                role,
                handle: handle.into(),
                agent_id: None,
                context: None,
                date: None,
            })
            .collect();
        let title = format!("Title of {slug}");
        let after = ObjectState { title, attribution, ..ObjectState::default() };
        let path = format!("domains/sea/{slug}.md");
        let object = ObjectChange {
            kind: KnowledgeKind::Claim,
            path: path.clone(),
            slug: slug.into(),
            change: ChangeKind::Added,
            before: None,
            after: Some(after),
        };
        self.merge(
            &format!("Add {slug}"),
            ["keeper"; 2],
            vec![PathChange { path, change: ChangeKind::Added }],
            vec![object],
        )
    }

    /// Merges a change of knowledge by somebody that holds no claim, and that nobody else looked at; the unit's id.
    pub fn change(&mut self, title: &str, by: &str) -> String {
        self.reviewed(title, by, by)
    }

    /// Merges a change of knowledge that holds no claim, which somebody merged who thereby reviewed it; the unit's id.
    pub fn reviewed(&mut self, title: &str, by: &str, reviewer: &str) -> String {
        let path = PathChange { path: "core/notes.txt".into(), change: ChangeKind::Changed };
        self.merge(title, [by, reviewer], vec![path], Vec::new())
    }

    /// Merges a change that says that it reverts another.
    pub fn revert(&mut self, unit: &str) -> String {
        let sha = self.units.iter().find(|one| one.id().to_string() == unit).expect("a unit").sha.clone();
        let id = self.change("Revert", "keeper");
        self.units.last_mut().expect("a unit").reverts.push(sha);
        id
    }

    fn merge(
        &mut self,
        title: &str,
        [by, merger]: [&str; 2],
        paths: Vec<PathChange>,
        objects: Vec<ObjectChange>,
    ) -> String {
        let position = self.units.len() as i64;
        let signature =
            |name: &str| Signature { name: name.into(), email: format!("{name}@users.example.org") };
        let unit = ReadUnit {
            repository: self.name.into(),
            sha: format!("{:040x}", 0xabc_def0 + position),
            position,
            kind: MergeKind::Merge,
            forge: Some("forgejo".into()),
            number: Some(position + 1),
            branch: None,
            title: title.into(),
            label: None,
            author: signature(by),
            merger: signature(merger),
            merged_at: FIRST + TimeDelta::hours(position),
            trailers: Vec::new(),
            reverts: Vec::new(),
            reverted: Reverted::default(),
            paths,
            lines_added: 10,
            lines_removed: 0,
            lines_partial: false,
            objects,
        };
        let id = unit.id().to_string();
        self.units.push(unit);
        id
    }

    /// Keeps the changes that are new.
    pub async fn keep(&mut self, store: &dyn Store) {
        let policy = ContributionPolicy::from_toml(&self.policy_text).expect("a policy");
        let batch = UnitBatch {
            repository: Repository {
                name: self.name.into(),
                branch: "main".into(),
                head_sha: self.units.last().expect("a unit").sha.clone(),
                units: self.units.len() as i64,
                shallow: false,
                policy: policy.name.clone(),
                policy_hash: policy.hash(),
                policy_text: self.policy_text.clone(),
            },
            units: self.units[self.kept..].to_vec(),
            issues: Vec::new(),
            proposals: Vec::new(),
        };
        store.keep_units(batch).await.expect("kept");
        self.kept = self.units.len();
    }
}

/// Decides about a contributor.
pub async fn decide(store: &dyn Store, source: &FixedSource, handle: &str, patch: &str) {
    let context = Context {
        actor: Actor::anonymous(),
        now: source.now(),
        ids: [source.id(), source.id()],
        origin: Origin::Work,
        idempotency_key: None,
    };
    let patch = Node::from_json(patch.as_bytes()).expect("JSON");
    record::edit_contributor(store, context, handle, Some("*"), &patch).await.expect("a decision");
}

/// The units of [`sea`].
pub struct Sea {
    pub codex: Codex,
    /// By rio, reviewed by rita.
    pub tides: String,
    /// By rio, reviewed by zoe.
    pub moon: String,
    /// By rio, challenged by mo.
    pub sun: String,
}

/// Three claims by an agent, rio, whom rita answers for; reviewed by rita and zoe, challenged by mo; and bot, which is
/// infrastructure. By ci-v1 rita's index is 0.35 with rio's, zoe's 0.2 and mo's 0.35, of 0.9.
pub async fn sea(store: &dyn Store, source: &FixedSource) -> Sea {
    let mut codex = Codex::new("sea");
    let tides = codex.claim("tides-rise", &[(Role::Extractor, "rio"), (Role::Reviewer, "rita")]);
    let moon = codex.claim("moon-pulls", &[(Role::Extractor, "rio"), (Role::Reviewer, "zoe")]);
    let sun = codex.claim("sun-helps", &[(Role::Extractor, "rio"), (Role::Challenger, "mo")]);
    decide(store, source, "rita", r#"{"kind": "person", "aliases": ["marguerite"]}"#).await;
    decide(store, source, "bot", r#"{"kind": "infrastructure"}"#).await;
    let rio = r#"{"kind": "agent", "principal": "rita", "principal_from": "2026-01-01T00:00:00Z"}"#;
    codex.keep(store).await;
    decide(store, source, "rio", rio).await;
    Sea { codex, tides, moon, sun }
}
