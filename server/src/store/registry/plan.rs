//! What a batch comes to in the registry: each operation decided in memory, then every table written once.

mod tables;

use super::super::prepare::ledger_row;
use super::known::{KnownRegistry, KnownSpec};
use chrono::{DateTime, Utc};
use domain::{
    change_request::{AppliedResult, CastVote, ChangeRequest, Proposal, Ruling, Subject},
    error::Error,
    id::{ChangeRequestId, EntryId, LinkId},
    idea::{Idea, IdeaContent},
    ledger::Change,
    link::LineageLink,
    registry::Edit,
    spec::{Spec, SpecContent, SpecImport},
    store::{Made, Write},
};
use std::collections::{BTreeMap, BTreeSet};

/// Links that a spec gets in a batch, and names that its links get.
#[derive(Debug, Default)]
struct SpecLinks {
    seq: String,
    idea_id: String,
    at: i64,
    links: i64,
    named: i64,
    implemented: i64,
    cost: i64,
}

/// What is to be written. Ordered, so that servers that touch the same rows do so in one order.
#[derive(Debug, Default)]
pub struct RegistryPlan {
    known: KnownRegistry,
    spec_links: BTreeMap<String, SpecLinks>,
    idea_stubs: BTreeMap<String, (String, i64)>,
    specs: BTreeMap<String, String>,
    ideas: BTreeMap<String, String>,
    new_specs: BTreeSet<String>,
    new_ideas: BTreeSet<String>,
    requests: BTreeSet<ChangeRequestId>,
    new_requests: BTreeMap<ChangeRequestId, Vec<Subject>>,
    named_links: BTreeSet<LinkId>,
    imports: BTreeMap<String, SpecImport>,
}

/// The digits of an id: what comes later sorts later.
fn seq(id: impl ToString) -> String {
    id.to_string().split_off(4)
}

impl RegistryPlan {
    /// A batch of which nothing is decided.
    pub fn new(known: KnownRegistry) -> Self {
        Self { known, ..Self::default() }
    }

    /// Counts a link that was filed, and sees to it that what it names is there.
    pub fn file_link(&mut self, link: &LineageLink) {
        if link.origin.is_gate() {
            return;
        }
        let spec = self.spec_links.entry(link.spec_id.clone()).or_insert_with(|| SpecLinks {
            seq: seq(link.id),
            idea_id: link.idea_id.clone(),
            at: link.created_at.timestamp_micros(),
            ..SpecLinks::default()
        });
        spec.links += 1;
        spec.named += i64::from(link.names_somebody());
        spec.implemented += i64::from(!link.implementation_refs.is_empty());
        spec.cost += link.estimated_cost.micros();
        // What is registered later in the same batch finds the stub as it would in a later one.
        let stub = KnownSpec::Stub { idea_id: Some(link.idea_id.clone()) };
        self.known.specs.entry(link.spec_id.clone()).or_insert(stub);
        self.name_idea(&link.idea_id, seq(link.id), link.created_at);
    }

    fn name_idea(&mut self, idea_id: &str, seq: String, at: DateTime<Utc>) {
        self.idea_stubs.entry(idea_id.to_owned()).or_insert((seq, at.timestamp_micros()));
    }

    /// Decides a change of the registry: what it made, and its ledger entry unless nothing was changed by it.
    pub fn decide(&mut self, write: &Write) -> Result<(Made, Option<String>), Error> {
        let (made, done) = match &write.change {
            Change::RegisterSpec { spec } => self.register_spec(spec, write.entry_id)?,
            Change::EditSpec { edit } => self.edit_spec(edit, write.entry_id)?,
            Change::RegisterIdea { idea } => self.register_idea(idea, write.entry_id)?,
            Change::EditIdea { edit } => self.edit_idea(edit)?,
            Change::ProposeChange { request, subjects } => self.propose(request, subjects),
            Change::CastVote { cast } => self.cast_vote(cast, write.entry_id)?,
            _ => return Err(Error::Store("a change that is none of the registry's".into())),
        };
        if let (Some(file), Made::Spec(spec)) = (&write.imported, &made) {
            let import = SpecImport { file: file.clone(), version: spec.version };
            self.imports.insert(spec.spec_id.clone(), import);
        }
        let entry = done.map(|change| ledger_row(&Write { change, ..write.clone() })).transpose()?;
        Ok((made, entry))
    }

    fn register_spec(&mut self, spec: &Spec, entry: EntryId) -> Result<(Made, Option<Change>), Error> {
        let mut spec = spec.clone();
        match self.known.specs.get(&spec.spec_id) {
            Some(KnownSpec::Registered(_)) => return Err(Error::spec_registered(&spec.spec_id)),
            // What links said of it stays, unless it is said otherwise now.
            Some(KnownSpec::Stub { idea_id }) if spec.content.idea_id.is_none() => {
                spec.content.idea_id.clone_from(idea_id);
            }
            _ => {}
        }
        self.new_specs.insert(spec.spec_id.clone());
        self.put_spec(spec.clone(), entry);
        Ok((Made::Spec(spec.clone()), Some(Change::RegisterSpec { spec })))
    }

    fn edit_spec(
        &mut self,
        edit: &Edit<SpecContent>,
        entry: EntryId,
    ) -> Result<(Made, Option<Change>), Error> {
        let spec = match self.known.specs.get(&edit.id) {
            Some(KnownSpec::Registered(spec)) => (**spec).clone(),
            Some(KnownSpec::Stub { .. }) => return Err(Error::spec_not_registered(&edit.id)),
            None => return Err(Error::SpecNotFound),
        };
        if !edit.precondition.allows(spec.version) {
            return Err(Error::Stale(spec.version));
        }
        let content = edit.changes.applied_to(&spec.content);
        if content == spec.content {
            return Ok((Made::Spec(spec), None));
        }
        let edited = spec.edited(content, edit.at);
        self.put_spec(edited.clone(), entry);
        let edit = Edit { version: Some(edited.version), ..edit.clone() };
        Ok((Made::Spec(edited), Some(Change::EditSpec { edit })))
    }

    fn put_spec(&mut self, spec: Spec, entry: EntryId) {
        if let Some(idea_id) = &spec.content.idea_id {
            self.name_idea(idea_id, seq(entry), spec.updated_at);
        }
        self.specs.insert(spec.spec_id.clone(), seq(entry));
        self.known.specs.insert(spec.spec_id.clone(), KnownSpec::Registered(Box::new(spec)));
    }

    fn register_idea(&mut self, idea: &Idea, entry: EntryId) -> Result<(Made, Option<Change>), Error> {
        if self.known.ideas.get(&idea.idea_id).is_some_and(Idea::is_registered) {
            return Err(Error::idea_registered(&idea.idea_id));
        }
        self.new_ideas.insert(idea.idea_id.clone());
        self.put_idea(idea.clone(), seq(entry));
        Ok((Made::Idea(idea.clone()), Some(Change::RegisterIdea { idea: idea.clone() })))
    }

    fn edit_idea(&mut self, edit: &Edit<IdeaContent>) -> Result<(Made, Option<Change>), Error> {
        let idea = self.known.ideas.get(&edit.id).ok_or(Error::IdeaNotFound)?.clone();
        if !idea.is_registered() {
            return Err(Error::idea_not_registered(&edit.id));
        }
        if !edit.precondition.allows(idea.version) {
            return Err(Error::Stale(idea.version));
        }
        let content = edit.changes.applied_to(&idea.content);
        if content == idea.content {
            return Ok((Made::Idea(idea), None));
        }
        let edited = idea.edited(content, edit.at);
        self.put_idea(edited.clone(), String::new());
        let edit = Edit { version: Some(edited.version), ..edit.clone() };
        Ok((Made::Idea(edited), Some(Change::EditIdea { edit })))
    }

    /// An idea that is there already keeps its place among others, whatever `seq` is.
    fn put_idea(&mut self, idea: Idea, seq: String) {
        self.ideas.insert(idea.idea_id.clone(), seq);
        self.known.ideas.insert(idea.idea_id.clone(), idea);
    }

    fn propose(&mut self, request: &ChangeRequest, subjects: &[Subject]) -> (Made, Option<Change>) {
        self.new_requests.insert(request.id, subjects.to_vec());
        self.known.requests.insert(request.id, request.clone());
        let (request, subjects) = (request.clone(), Vec::new());
        (Made::ChangeRequest(request.clone()), Some(Change::ProposeChange { request, subjects }))
    }

    fn cast_vote(&mut self, cast: &CastVote, entry: EntryId) -> Result<(Made, Option<Change>), Error> {
        let request = self.known.requests.get(&cast.request_id).ok_or(Error::ChangeRequestNotFound)?.clone();
        let at = cast.vote.at;
        let (request, ruling) = request.voted(cast.vote.clone())?;
        let request = match ruling {
            Ruling::Undecided => request,
            Ruling::Declined => request.declined(at),
            Ruling::Approved => {
                let result = self.apply(&request, at, entry);
                request.approved(result, at)
            }
        };
        self.requests.insert(request.id);
        self.known.requests.insert(request.id, request.clone());
        let cast = CastVote {
            status: Some(request.status),
            applied_result: request.applied_result.clone(),
            ..cast.clone()
        };
        Ok((Made::ChangeRequest(request), Some(Change::CastVote { cast })))
    }

    /// Does what was approved; the reason where what it was about is gone.
    fn apply(
        &mut self,
        request: &ChangeRequest,
        at: DateTime<Utc>,
        entry: EntryId,
    ) -> Result<AppliedResult, String> {
        let sound = |result: &AppliedResult| match result.overwrites(&request.proposed_changes) {
            Some(why) => Err(why),
            None => Ok(()),
        };
        match &request.proposal {
            Proposal::LinkContributor(of) => {
                let link = self.known.links.get(&of.lineage_id).cloned();
                let link = link.ok_or_else(|| format!("The lineage link {} is gone", of.lineage_id))?;
                let named_before = link.names_somebody();
                let (link, result) = of.apply(link, at);
                sound(&result)?;
                if !named_before && !link.origin.is_gate() {
                    self.spec_links.entry(link.spec_id.clone()).or_default().named += 1;
                }
                self.named_links.insert(link.id);
                self.known.links.insert(link.id, link);
                Ok(result)
            }
            Proposal::Spec(of) => {
                let Some(KnownSpec::Registered(spec)) = self.known.specs.get(&of.spec_id) else {
                    return Err(format!("The spec {} is gone", of.spec_id));
                };
                let (spec, result) = of.apply((**spec).clone(), at);
                sound(&result)?;
                if !result.changes.is_empty() {
                    self.put_spec(spec, entry);
                }
                Ok(result)
            }
            Proposal::Idea(of) => {
                let idea = self.known.ideas.get(&of.idea_id).filter(|idea| idea.is_registered()).cloned();
                let idea = idea.ok_or_else(|| format!("The idea {} is gone", of.idea_id))?;
                let (idea, result) = of.apply(idea, at);
                sound(&result)?;
                if !result.changes.is_empty() {
                    self.put_idea(idea, String::new());
                }
                Ok(result)
            }
        }
    }
}
