//! An import from the first commit that is new to the last.

use super::{GivenPolicy, Report, name_of, proposals::of_mailmap};
use crate::{
    import::history::{Chain, Index, Issue, Read, Reader, Reason, Step},
    state::Source,
};
use anyhow::{Context as _, Result, bail, ensure};
use chrono::{DateTime, Utc};
use domain::{
    contribution::{
        ContributionPolicy, ImportCounts, ImportIssue, ImportQuery, ImportRun, ImportStatus, IssueCount,
        MergeProposal, People, ReadUnit, Repository, UnitBatch, UnitClass, WeightSet, classify, derive,
    },
    error::Error,
    id::ImportId,
    ledger::Actor,
    origin::Origin,
    record::{self, Context},
    store::Store,
};
use std::{
    collections::BTreeMap,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::sync::mpsc;

/// Units that are kept in one transaction at the most.
const CHUNK: usize = 200;
/// Pieces of knowledge that units of one transaction touch, about: some touch thousands.
const CHUNK_OBJECTS: usize = 2_000;
/// Chunks that are read ahead of the one that is written.
const AHEAD: usize = 2;

/// How a history is imported.
pub struct ImportGit {
    /// Where it is kept; nowhere, where there is no store yet and nothing is to be written.
    pub store: Option<Arc<dyn Store>>,
    /// Time and ids.
    pub source: Arc<dyn Source>,
    /// Who does so.
    pub actor: Actor,
    /// The repository.
    pub path: PathBuf,
    /// The branch; that which was read before, else the repository's own, where none is given.
    pub branch: Option<String>,
    /// The repository's name here; its folder's where none is given.
    pub name: Option<String>,
    /// How it is read; as before, else by the default, where none is given.
    pub policy: Option<GivenPolicy>,
    /// The last commit to read; the branch's head, where none is given.
    pub until: Option<String>,
    /// Whether all of it is read anew.
    pub again: bool,
    /// Whether nothing is to be written.
    pub dry_run: bool,
}

/// Units that were read, with what was wrong with them.
#[derive(Default)]
struct Chunk {
    units: Vec<ReadUnit>,
    issues: Vec<ImportIssue>,
}

/// What was found before anything is read.
struct Plan {
    name: String,
    branch: String,
    policy: GivenPolicy,
    kept: Option<Repository>,
    shallow: bool,
    /// The units to be read, or why there are none to be.
    steps: Result<Vec<Step>, (ImportStatus, String)>,
    proposals: Vec<MergeProposal>,
}

impl ImportGit {
    /// Reads what is new and keeps it. `progress` is told how many units of how many are kept.
    pub async fn run(&self, mut progress: impl FnMut(usize, usize)) -> Result<Report> {
        let started_at = self.source.now();
        let kept_before = self.kept().await?;
        let plan = self.plan(kept_before.clone()).await?;
        let mut report = Report {
            repository: plan.name.clone(),
            branch: plan.branch.clone(),
            status: ImportStatus::Complete,
            message: None,
            head_sha: plan.kept.as_ref().map(|kept| kept.head_sha.clone()),
            policy: plan.policy.policy.name.clone(),
            policy_hash: plan.policy.policy.hash(),
            shallow: plan.shallow,
            dry_run: self.dry_run,
            counts: ImportCounts::default(),
            issues: Vec::new(),
        };
        let from_sha = report.head_sha.clone();
        let read = match &plan.steps {
            Err((status, message)) => {
                (report.status, report.message) = (*status, Some(message.clone()));
                Ok(())
            }
            Ok(steps) => {
                let steps = self.up_to(steps)?;
                self.drop_and_read(steps, &plan, kept_before.is_some(), &mut report, &mut progress).await
            }
        };
        if let Err(error) = &read {
            (report.status, report.message) = (ImportStatus::Failed, Some(format!("{error:#}")));
        }
        // What somebody else did meanwhile is on record as theirs, and is no failure, unless something was written here.
        let nothing_written = report.counts == ImportCounts::default() && !self.again;
        let recorded = match &read {
            Err(error) if is_passing(error) && nothing_written => Ok(()),
            _ => self.record(&plan, &report, from_sha, started_at).await,
        };
        match (read, recorded) {
            // Told by whoever called, with all that led to it.
            (Err(error), recorded) => {
                if let Err(unrecorded) = recorded {
                    tracing::error!(
                        repository = report.repository,
                        "a failed import is not on record: {unrecorded:#}"
                    );
                }
                Err(error)
            }
            (Ok(()), recorded) => recorded.map(|()| report),
        }
    }

    /// The steps up to the last that is to be read.
    fn up_to(&self, steps: &[Step]) -> Result<Vec<Step>> {
        let Some(until) = &self.until else { return Ok(steps.to_vec()) };
        let last = steps.iter().position(|step| step.sha() == *until);
        let last = last
            .with_context(|| format!("{until} is not on the branch any more: its history was rewritten"))?;
        Ok(steps[..=last].to_vec())
    }

    fn store(&self) -> Result<&Arc<dyn Store>> {
        self.store.as_ref().context("there is no store to write to")
    }

    async fn kept(&self) -> Result<Option<Repository>> {
        let Some(store) = &self.store else { return Ok(None) };
        Ok(store.repository(&self.repository_name()?).await?)
    }

    fn repository_name(&self) -> Result<String> {
        self.name.clone().map_or_else(|| name_of(&self.path), Ok)
    }

    async fn plan(&self, kept: Option<Repository>) -> Result<Plan> {
        let name = self.repository_name()?;
        let policy = match (&self.policy, &kept) {
            (Some(given), Some(kept)) => {
                ensure!(
                    self.again || given.policy.hash() == kept.policy_hash,
                    "{name} was read by the policy {} ({}), not by this {}; --again reads all of it by this one",
                    kept.policy,
                    kept.policy_hash,
                    given.policy.name
                );
                given.clone()
            }
            (Some(given), None) => given.clone(),
            (None, Some(kept)) => GivenPolicy::of(kept.policy_text.clone())?,
            (None, None) => GivenPolicy::named(domain::contribution::DEFAULT_POLICY)?,
        };
        if let (Some(branch), Some(kept)) = (&self.branch, &kept)
            && *branch != kept.branch
            && !self.again
        {
            bail!(
                "of {name} the branch {} was read, not {branch}; --again reads {branch} instead",
                kept.branch
            );
        }
        let branch = self.branch.clone().or_else(|| kept.as_ref().map(|kept| kept.branch.clone()));
        // Read anew, only what was read is forgotten: not how, nor of which branch.
        let kept = kept.filter(|_| !self.again);
        let path = self.path.clone();
        // Git is read by threads of their own: it waits for the disk, and must not make others wait.
        let look = move || look(&path, branch.as_deref(), name, policy, kept);
        tokio::task::spawn_blocking(look).await.context("looking at the repository ended by itself")?
    }

    /// Reads units and keeps them; where all is read anew, in place of what was kept.
    async fn drop_and_read(
        &self,
        steps: Vec<Step>,
        plan: &Plan,
        is_kept: bool,
        report: &mut Report,
        progress: &mut impl FnMut(usize, usize),
    ) -> Result<()> {
        if !self.again || self.dry_run || !is_kept {
            return self.read_and_keep(steps, plan, report, progress).await;
        }
        // All of it is read once before anything is dropped: what git cannot tell loses nothing.
        let (path, branch, name) = (self.path.clone(), plan.branch.clone(), plan.name.clone());
        let (policy, whole) = (plan.policy.policy.clone(), steps.clone());
        let reading = move || {
            let reader = Reader::open(&path, Some(&branch), &name, policy)?;
            read_each(&reader, &whole, 0, None, |_| ControlFlow::Continue(()))
        };
        let read = tokio::task::spawn_blocking(reading).await.context("reading ended by itself")?;
        read.context("nothing was dropped: what was read before is kept")?;
        self.store()?.drop_repository(&plan.name).await?;
        let kept = self.read_and_keep(steps, plan, report, progress).await;
        kept.context(
            "what was kept by then is the beginning of the history, whole; the next import goes on there",
        )
    }

    async fn read_and_keep(
        &self,
        steps: Vec<Step>,
        plan: &Plan,
        report: &mut Report,
        progress: &mut impl FnMut(usize, usize),
    ) -> Result<()> {
        let (of, mut done) = (steps.len(), 0);
        if of == 0 {
            return Ok(());
        }
        let first = plan.kept.as_ref().map_or(0, |kept| kept.units);
        let since = plan.kept.as_ref().map(|kept| kept.head_sha.clone());
        let (chunks, mut arriving) = mpsc::channel(AHEAD);
        let (path, branch, name) = (self.path.clone(), plan.branch.clone(), plan.name.clone());
        let policy = plan.policy.policy.clone();
        let reading = tokio::task::spawn_blocking(move || {
            let reader = Reader::open(&path, Some(&branch), &name, policy)?;
            read(&reader, &steps, first, since.as_deref(), &name, &chunks)
        });
        let people = match (&self.store, self.dry_run) {
            (Some(store), true) => store.people().await?,
            _ => People::default(),
        };
        let mut reasons: BTreeMap<String, i64> = BTreeMap::new();
        let mut units = first;
        while let Some(chunk) = arriving.recv().await {
            done += chunk.units.len();
            units += i64::try_from(chunk.units.len())?;
            for issue in &chunk.issues {
                *reasons.entry(issue.reason.clone()).or_default() += 1;
            }
            let head_sha = chunk.units.last().map(|unit| unit.sha.clone()).unwrap_or_default();
            let counts = match self.dry_run {
                true => counted(&chunk, &people, &plan.policy.policy),
                false => {
                    let repository = plan.repository(head_sha.clone(), units);
                    let Chunk { units, issues } = chunk;
                    let batch = UnitBatch { repository, units, issues, proposals: plan.proposals.clone() };
                    self.store()?.keep_units(batch).await?
                }
            };
            add(&mut report.counts, counts);
            report.head_sha = Some(head_sha);
            progress(done, of);
        }
        reading.await.context("reading ended by itself")??;
        let mut issues: Vec<IssueCount> =
            reasons.into_iter().map(|(reason, count)| IssueCount { reason, count }).collect();
        issues.sort_by_key(|issue| std::cmp::Reverse(issue.count));
        report.issues = issues;
        Ok(())
    }

    /// Puts a run on record that changed anything; or that failed in another way than the last.
    async fn record(
        &self,
        plan: &Plan,
        report: &Report,
        from_sha: Option<String>,
        started_at: DateTime<Utc>,
    ) -> Result<()> {
        let Some(store) = self.store.as_ref().filter(|_| !self.dry_run) else { return Ok(()) };
        let changed = report.counts != ImportCounts::default();
        if !changed {
            if report.is_complete() {
                return Ok(());
            }
            let query =
                ImportQuery { repository: Some(plan.name.clone()), limit: 1, ..ImportQuery::default() };
            let last = store.import_runs(&query).await?.items.pop();
            if last.is_some_and(|last| (last.status, &last.message) == (report.status, &report.message)) {
                return Ok(());
            }
        }
        let run = ImportRun {
            id: ImportId::new(self.source.id()),
            repository: plan.name.clone(),
            branch: plan.branch.clone(),
            status: report.status,
            message: report.message.clone(),
            from_sha,
            to_sha: report.head_sha.clone().unwrap_or_default(),
            shallow: plan.shallow,
            policy: report.policy.clone(),
            started_at,
            finished_at: self.source.now(),
            counts: report.counts,
        };
        Ok(record::keep_import_run(&**store, self.context(), run).await?)
    }

    fn context(&self) -> Context {
        Context {
            actor: self.actor.clone(),
            now: self.source.now(),
            ids: [self.source.id(), self.source.id()],
            origin: Origin::Work,
            idempotency_key: None,
        }
    }
}

/// Looks what there is to be read.
fn look(
    path: &Path,
    branch: Option<&str>,
    name: String,
    policy: GivenPolicy,
    kept: Option<Repository>,
) -> Result<Plan> {
    let reader = Reader::open(path, branch, &name, policy.policy.clone())?;
    let since = kept.as_ref().map(|kept| kept.head_sha.as_str());
    let steps = match reader.chain(since)? {
        Chain::Steps(steps) => Ok(steps),
        Chain::Rewritten => Err((
            ImportStatus::Rewritten,
            format!(
                "its history was rewritten: {}, up to which it was read, is not on {} any more. Nothing was read; \
                 `tributary import git {} --repository {name} --again` drops what was read and reads all of it anew",
                since.unwrap_or_default(),
                reader.branch(),
                path.display()
            ),
        )),
        Chain::CutOff { oldest, commits } => Err((
            ImportStatus::Failed,
            format!(
                "this clone is shallow: of {} it has the newest {commits}, back to {}, and lacks what is before them, \
                 which is to be read. Nothing was read: all that stood there by then would seem to be the work of that \
                 one commit. `git fetch --unshallow` in it fetches the rest",
                reader.branch(),
                &oldest[..12]
            ),
        )),
    };
    Ok(Plan {
        branch: reader.branch().to_owned(),
        shallow: reader.is_shallow(),
        steps,
        proposals: of_mailmap(&reader.mailmap()?),
        name,
        policy,
        kept,
    })
}

impl Plan {
    /// The repository as it is after so many units.
    fn repository(&self, head_sha: String, units: i64) -> Repository {
        Repository {
            name: self.name.clone(),
            branch: self.branch.clone(),
            head_sha,
            units,
            shallow: self.shallow,
            policy: self.policy.policy.name.clone(),
            policy_hash: self.policy.policy.hash(),
            policy_text: self.policy.text.clone(),
        }
    }
}

/// Reads units and sends them on in chunks, until nobody takes them any more.
fn read(
    reader: &Reader,
    steps: &[Step],
    first: i64,
    since: Option<&str>,
    name: &str,
    chunks: &mpsc::Sender<Chunk>,
) -> Result<()> {
    let (mut chunk, mut objects) = (Chunk::default(), 0);
    let mut taken = true;
    read_each(reader, steps, first, since, |read| {
        let unit = read.unit.id();
        objects += read.unit.objects.len();
        chunk.issues.extend(read.issues.into_iter().map(|issue| ImportIssue {
            repository: name.to_owned(),
            unit,
            path: issue.path,
            reason: issue.reason.name().to_owned(),
            detail: issue.detail,
        }));
        chunk.units.push(read.unit);
        if chunk.units.len() == CHUNK || objects >= CHUNK_OBJECTS {
            objects = 0;
            taken = chunks.blocking_send(std::mem::take(&mut chunk)).is_ok();
        }
        if taken { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    if taken && !chunk.units.is_empty() {
        // Whoever does not take it has failed, and says so.
        let _ = chunks.blocking_send(chunk);
    }
    Ok(())
}

/// Reads units one after the other, until nobody takes them any more. Only one is held at a time.
fn read_each(
    reader: &Reader,
    steps: &[Step],
    first: i64,
    since: Option<&str>,
    mut take: impl FnMut(Read) -> ControlFlow<()>,
) -> Result<()> {
    let mut index = since.map_or_else(|| Ok(Index::default()), |sha| reader.index_at(sha))?;
    for (step, position) in steps.iter().zip(first..) {
        let mut read = reader
            .read(step, position, &mut index)
            .with_context(|| format!("the commit {} cannot be read", step.sha()))?;
        if position == first && index.is_cut() {
            let detail = "not all that stood on the branch before was looked at".to_owned();
            read.issues.push(Issue { path: String::new(), reason: Reason::TooManyPaths, detail });
        }
        if take(read).is_break() {
            break;
        }
    }
    Ok(())
}

/// What would be counted of units.
fn counted(chunk: &Chunk, people: &People, policy: &ContributionPolicy) -> ImportCounts {
    let mut counts = ImportCounts::default();
    let weights = WeightSet::named(&policy.weight_set);
    for unit in &chunk.units {
        counts.units += 1;
        let class = classify(unit.paths.iter().map(|path| path.path.as_str()), &policy.paths);
        *match class {
            UnitClass::Knowledge => &mut counts.knowledge,
            UnitClass::Pipeline => &mut counts.pipeline,
            UnitClass::Other => &mut counts.other,
        } += 1;
        counts.objects += unit.objects.len() as i64;
        counts.credits += weights.map_or(0, |weights| derive(unit, people, policy, weights).len() as i64);
    }
    counts.issues = chunk.issues.len() as i64;
    counts
}

fn add(to: &mut ImportCounts, more: ImportCounts) {
    to.units += more.units;
    to.knowledge += more.knowledge;
    to.pipeline += more.pipeline;
    to.other += more.other;
    to.objects += more.objects;
    to.credits += more.credits;
    to.issues += more.issues;
}

/// Whether an import may be tried again as it is.
pub fn is_passing(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref::<Error>(), Some(Error::ImportedMeanwhile(_) | Error::Unavailable(_)))
}
