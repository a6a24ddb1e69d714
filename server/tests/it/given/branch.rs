//! A branch of knowledge under making: units as they would be read from git, one after the other.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    contribution::{
        ChangeKind, Citation, CitationKind, ContributionPolicy, DEFAULT_POLICY, ImportIssue, KnowledgeKind,
        MergeKind, MergeProposal, ObjectChange, ObjectState, PathChange, ReadUnit, Repository, Reverted,
        RevertedNumber, Signature, Target, Trailer, UnitBatch,
    },
    store::Store,
};
use std::collections::BTreeMap;

/// When the first change of a branch was merged.
pub const FIRST: DateTime<Utc> = DateTime::from_timestamp(1_767_225_600, 0).unwrap();

/// What stands on the branch at a path.
type Standing = BTreeMap<String, (KnowledgeKind, ObjectState)>;

/// A branch.
pub struct Branch {
    pub name: &'static str,
    pub units: Vec<ReadUnit>,
    policy_text: String,
    standing: Standing,
}

/// The name by which a path is cited.
pub fn slug_of(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).trim_end_matches(".md").to_owned()
}

/// A change under making.
pub struct Merge<'a> {
    branch: &'a mut Branch,
    unit: ReadUnit,
    before: Standing,
}

impl Branch {
    pub fn new(name: &'static str) -> Self {
        let policy_text = ContributionPolicy::text_of(DEFAULT_POLICY).expect("a policy").to_owned();
        Self { name, units: Vec::new(), policy_text, standing: Standing::new() }
    }

    /// The same, with something in its policy's file replaced.
    pub fn with_policy(mut self, from: &str, to: &str) -> Self {
        assert!(self.policy_text.contains(from));
        self.policy_text = self.policy_text.replace(from, to);
        self
    }

    /// A change by somebody, put onto the branch by somebody.
    pub fn merge(&mut self, title: &str, by: &str, merger: &str) -> Merge<'_> {
        let position = self.units.len() as i64;
        let signature = |name: &str| Signature {
            name: name.into(),
            email: format!("{}@example.org", name.to_lowercase().replace(' ', ".")),
        };
        let unit = ReadUnit {
            repository: self.name.into(),
            sha: format!("{:08x}{:032x}", (position as u32).wrapping_mul(0x9e37_79b1), position),
            position,
            kind: MergeKind::Merge,
            forge: Some("forgejo".into()),
            number: Some(position + 1),
            branch: None,
            title: title.into(),
            label: None,
            author: signature(by),
            merger: signature(merger),
            merged_at: FIRST + TimeDelta::days(position),
            trailers: Vec::new(),
            reverts: Vec::new(),
            reverted: Reverted::default(),
            paths: Vec::new(),
            lines_added: 3,
            lines_removed: 1,
            lines_partial: false,
            objects: Vec::new(),
        };
        let before = self.standing.clone();
        Merge { branch: self, unit, before }
    }

    pub fn paths(&self) -> Vec<String> {
        self.standing.keys().cloned().collect()
    }

    pub fn state(&self, path: &str) -> ObjectState {
        self.standing[path].1.clone()
    }

    /// The repository after so many units.
    pub fn repository(&self, units: usize) -> Repository {
        let policy = ContributionPolicy::from_toml(&self.policy_text).expect("a policy");
        Repository {
            name: self.name.into(),
            branch: "main".into(),
            head_sha: self.units[units - 1].sha.clone(),
            units: units as i64,
            shallow: false,
            policy: policy.name.clone(),
            policy_hash: policy.hash(),
            policy_text: self.policy_text.clone(),
        }
    }

    /// Units from one on up to another, as an import keeps them.
    pub fn batch(&self, from: usize, to: usize) -> UnitBatch {
        let issue = |unit: &ReadUnit| ImportIssue {
            repository: self.name.into(),
            unit: unit.id(),
            path: format!("domains/broken-{}.md", unit.position % 3),
            reason: ["not_yaml", "bad_date"][unit.position as usize % 2].into(),
            detail: "line 3".into(),
        };
        UnitBatch {
            repository: self.repository(to),
            units: self.units[from..to].to_vec(),
            issues: self.units[from..to].iter().filter(|unit| unit.position % 4 == 0).map(issue).collect(),
            proposals: vec![MergeProposal {
                handle: "ann".into(),
                alias: "annette".into(),
                evidence: ".mailmap".into(),
            }],
        }
    }

    /// Keeps all units, so many at a time.
    pub async fn keep(&self, store: &dyn Store, chunk: usize) {
        let mut from = 0;
        while from < self.units.len() {
            let to = (from + chunk).min(self.units.len());
            store.keep_units(self.batch(from, to)).await.expect("kept");
            from = to;
        }
    }
}

impl Merge<'_> {
    /// Adds or changes a piece.
    pub fn put(mut self, kind: KnowledgeKind, path: &str, state: ObjectState) -> Self {
        self.unit.paths.retain(|it| it.path != path);
        let change = if self.before.contains_key(path) { ChangeKind::Changed } else { ChangeKind::Added };
        self.unit.paths.push(PathChange { path: path.into(), change });
        self.branch.standing.insert(path.into(), (kind, state));
        self
    }

    /// A claim that cites others.
    pub fn claim(self, path: &str, cites: &[(CitationKind, &str)]) -> Self {
        let citations = cites
            .iter()
            .map(|(kind, slug)| Citation { kind: *kind, slug: (*slug).into(), target: None })
            .collect();
        let state = ObjectState {
            title: format!("Title of {path}"),
            domain: Some("tides".into()),
            confidence: Some("likely".into()),
            citations,
            ..ObjectState::default()
        };
        self.put(KnowledgeKind::Claim, path, state)
    }

    pub fn remove(mut self, path: &str) -> Self {
        self.unit.paths.push(PathChange { path: path.into(), change: ChangeKind::Removed });
        self.branch.standing.remove(path);
        self
    }

    /// Touches a file that holds no knowledge.
    pub fn touch(mut self, path: &str) -> Self {
        self.unit.paths.push(PathChange { path: path.into(), change: ChangeKind::Changed });
        self
    }

    pub fn trailer(mut self, key: &str, name: &str) -> Self {
        self.unit.trailers.push(Trailer { key: key.into(), name: name.into(), bracket: None });
        self
    }

    pub fn reverts(mut self, sha: &str) -> Self {
        self.unit.reverts.push(sha.into());
        self
    }

    /// Says that it reverts the change of a number, of whose title something may be told.
    pub fn reverts_number(mut self, number: i64, title: Option<&str>) -> Self {
        self.unit.reverted.numbers.push(RevertedNumber { number, title: title.map(str::to_owned) });
        self
    }

    /// Says that it reverts all that a merge brought, or a part.
    pub fn reverts_merge(mut self, sha: &str, whole: bool) -> Self {
        let reverted = &mut self.unit.reverted;
        let list = if whole { &mut reverted.merges } else { &mut reverted.parts };
        list.push(sha.into());
        self
    }

    /// Of another forge, or under another number there.
    pub fn numbered(mut self, forge: Option<&str>, number: i64) -> Self {
        (self.unit.forge, self.unit.number) = (forge.map(str::to_owned), Some(number));
        self
    }

    /// Puts it onto the branch: what is cited leads to what stands there now.
    pub fn done(mut self) -> ReadUnit {
        let targets: BTreeMap<String, Target> = self
            .branch
            .standing
            .iter()
            .rev()
            .map(|(path, (kind, state))| {
                let target = Target {
                    path: path.clone(),
                    kind: *kind,
                    domain: state.domain.clone(),
                    existed_before: self.before.contains_key(path),
                };
                (slug_of(path), target)
            })
            .collect();
        self.unit.paths.sort_by(|one, other| one.path.cmp(&other.path));
        for PathChange { path, .. } in &self.unit.paths {
            if let Some((_, state)) = self.branch.standing.get_mut(path) {
                for citation in &mut state.citations {
                    citation.target = targets.get(&citation.slug).filter(|it| it.path != *path).cloned();
                }
            }
            let (before, after) = (self.before.get(path), self.branch.standing.get(path));
            let Some((kind, _)) = after.or(before) else { continue };
            let change = match (before, after) {
                (None, _) => ChangeKind::Added,
                (_, None) => ChangeKind::Removed,
                _ => ChangeKind::Changed,
            };
            self.unit.objects.push(ObjectChange {
                kind: *kind,
                path: path.clone(),
                slug: slug_of(path),
                change,
                before: before.map(|(_, state)| state.clone()),
                after: after.map(|(_, state)| state.clone()),
            });
        }
        self.branch.units.push(self.unit.clone());
        self.unit
    }
}

/// Numbers that look like chance and are the same in every run.
pub fn numbers() -> impl FnMut(usize) -> usize {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    }
}

/// A branch on which everything happens: claims, beliefs and positions that cite each other and break, are changed,
/// moved, challenged, removed and reverted, by people, agents and infrastructure.
pub fn busy(name: &'static str, units: usize) -> Branch {
    const PEOPLE: [&str; 6] = ["Ann", "Bob", "Annette", "rio", "clay", "dependabot[bot]"];
    let mut branch = Branch::new(name);
    let mut next = numbers();
    for at in 0..units {
        let (by, merger) = (PEOPLE[next(6)], PEOPLE[next(3)]);
        let paths = branch.paths();
        let some = |next: &mut dyn FnMut(usize) -> usize| {
            (!paths.is_empty()).then(|| paths[next(paths.len())].clone())
        };
        let cited: Vec<String> = (0..next(4)).map(|_| format!("c{}", next(at + 3))).collect();
        let kinds = [CitationKind::Cites, CitationKind::DependsOn, CitationKind::Challenges];
        let cites: Vec<(CitationKind, &str)> =
            cited.iter().map(|slug| (kinds[next(3)], slug.as_str())).collect();
        let reverted = branch.units.get(next(at + 1)).map(|unit| unit.sha.clone());
        let (domain, action) = (["tides", "moon"][next(2)], next(12));
        let chosen = some(&mut next);
        let state = chosen.as_deref().map(|path| (path.to_owned(), branch.state(path)));
        let kind = chosen.as_deref().map(|path| branch.standing[path].0);
        let mut merge = branch.merge(&format!("Change {at}"), by, merger);
        if matches!(by, "rio" | "clay") {
            merge = merge.trailer("pentagon-agent", by);
        }
        if next(4) == 0 {
            merge = merge.trailer("reviewed-by", PEOPLE[next(3)]);
        }
        merge = match (action, state, kind) {
            (0, Some((path, _)), _) => merge.remove(&path),
            (1, Some((path, state)), Some(kind)) => {
                let to = format!("domains/{domain}/moved-{}/{}.md", next(3), slug_of(&path));
                if to == path { merge } else { merge.remove(&path).put(kind, &to, state) }
            }
            (2, Some((path, mut state)), Some(kind)) => {
                state.challenged_by.push(format!("what {by} saw"));
                merge.put(kind, &path, state)
            }
            (3, Some((path, mut state)), Some(kind)) => {
                state.confidence = Some(["proven", "speculative"][next(2)].into());
                state.challenged_by.clear();
                merge.put(kind, &path, state)
            }
            (4, Some((path, mut state)), Some(kind)) => {
                state.status = Some("retired".into());
                merge.put(kind, &path, state)
            }
            (5, ..) => match &reverted {
                Some(sha) => merge.touch("core/notes.txt").reverts(&sha[..12]),
                None => merge.touch("README.md"),
            },
            (6, ..) => merge.touch("inbox/queue.txt"),
            (7, ..) => merge.put(
                KnowledgeKind::Belief,
                &format!("agents/rio/beliefs/b{at}.md"),
                ObjectState {
                    title: format!("Belief {at}"),
                    citations: cites
                        .iter()
                        .map(|(_, slug)| Citation {
                            kind: CitationKind::DependsOn,
                            slug: (*slug).into(),
                            target: None,
                        })
                        .collect(),
                    ..ObjectState::default()
                },
            ),
            _ => merge.claim(&format!("domains/{domain}/c{at}.md"), &cites),
        };
        merge.done();
    }
    branch
}
