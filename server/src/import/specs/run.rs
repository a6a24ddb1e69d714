//! An import from its first file to its last.

use super::{FileReport, Outcome, Report, SpecFile, Unread, files::Files, read, told};
use crate::state::Source;
use domain::{
    error::Error,
    ledger::Actor,
    origin::Origin,
    record::{self, Context},
    spec::{Decision, Kept, Spec, decide},
    store::Store,
};
use std::collections::{HashMap, hash_map::Entry};

/// How an import is done.
pub struct Import<'a> {
    /// Where specs are registered; nowhere, where there is none yet and nothing is to be written.
    pub store: Option<&'a dyn Store>,
    /// Time and ids.
    pub source: &'a dyn Source,
    /// Whether what somebody else wrote is overwritten.
    pub force: bool,
    /// Whether nothing is to be written.
    pub dry_run: bool,
}

const NO_SPEC: &str = "nothing says that it is a spec: no front matter, and no heading such as Purpose, Requirements, API Contract or \
                       Files to Create/Modify";

impl Import<'_> {
    /// Reads every file and writes its spec. `each` is told of every file once it is done with.
    pub async fn run(
        &self,
        files: &Files,
        mut each: impl FnMut(&FileReport) -> anyhow::Result<()>,
    ) -> anyhow::Result<Report> {
        let mut report = Report { dry_run: self.dry_run, ..Report::default() };
        let mut taken: HashMap<String, String> = HashMap::new();
        for listed in files.iter() {
            let read = files.read(listed).map_err(Unread::Wrong).and_then(|bytes| read(&listed.path, &bytes));
            let file = match read {
                Ok(file) => self.take(&listed.path, file, &mut taken).await?,
                Err(Unread::NoSpec) if files.one_was_named => unread(&listed.path, NO_SPEC.into()),
                Err(Unread::NoSpec) => {
                    let reason = Some(NO_SPEC.to_owned());
                    FileReport { reason, ..FileReport::of(&listed.path, Outcome::PassedOver) }
                }
                Err(Unread::Wrong(reason)) => unread(&listed.path, reason),
            };
            each(&file)?;
            report.add(file);
        }
        Ok(report)
    }

    /// Writes what was read of a file, unless another file had its spec.
    async fn take(
        &self,
        path: &str,
        file: SpecFile,
        taken: &mut HashMap<String, String>,
    ) -> anyhow::Result<FileReport> {
        let SpecFile { spec, found, notes } = file;
        let spec_id = spec.spec_id.clone();
        match taken.entry(spec_id.clone()) {
            Entry::Occupied(other) => {
                let reason = format!(
                    "{} has the spec_id {spec_id} already; give one of them another in front matter",
                    other.get()
                );
                return Ok(FileReport { spec_id: Some(spec_id), ..unread(path, reason) });
            }
            Entry::Vacant(free) => free.insert(path.to_owned()),
        };
        let context = || self.context();
        let done: Result<(Decision, Option<Spec>), Error> = match self.store {
            Some(store) if self.dry_run => {
                record::plan_import(store, &spec, self.force).await.map(|decision| (decision, None))
            }
            Some(store) => record::import_spec(store, &context, &spec, self.force).await,
            None => decide(&spec, None, None, self.force).map(|decision| (decision, None)),
        };
        let (decision, written) = match done {
            Ok(done) => done,
            // Nor will it take any of the others.
            Err(error @ Error::Unavailable(_)) => return Err(error.into()),
            Err(error) => {
                return Ok(FileReport { spec_id: Some(spec_id), ..unread(path, told(&error)) });
            }
        };
        let (outcome, reason) = outcome(&decision);
        Ok(FileReport {
            path: path.to_owned(),
            outcome,
            spec_id: Some(spec_id),
            version: written.map(|spec| spec.version),
            took: found.iter().map(Into::into).collect(),
            not_taken: notes,
            reason,
        })
    }

    fn context(&self) -> Context {
        Context {
            actor: Actor::import(),
            now: self.source.now(),
            ids: [self.source.id(), self.source.id()],
            origin: Origin::Work,
            idempotency_key: None,
        }
    }
}

fn unread(path: &str, reason: String) -> FileReport {
    FileReport { reason: Some(reason), ..FileReport::of(path, Outcome::CouldNotBeRead) }
}

/// How a decision is told.
fn outcome(decision: &Decision) -> (Outcome, Option<String>) {
    let kept = |why: &str| (Outcome::Kept, Some(format!("{why}; --force takes what the file says")));
    match decision {
        Decision::Register => (Outcome::Registered, None),
        Decision::Update { .. } => (Outcome::Updated, None),
        Decision::Unchanged => (Outcome::Unchanged, None),
        Decision::Keep(Kept::RegisteredByHand) => kept("it was registered by hand and says something else"),
        Decision::Keep(Kept::EditedByHand { file_changed: false }) => {
            kept("it was edited by hand since, and the file is as it was")
        }
        Decision::Keep(Kept::EditedByHand { file_changed: true }) => {
            kept("it was edited by hand since, and the file has changed too")
        }
    }
}
