//! Applying what was approved, and saying what that did.

use super::{AppliedResult, IdeaChange, LinkContributor, SpecChange};
use crate::edit::{Changed, Json, changed};
use crate::idea::Idea;
use crate::link::LineageLink;
use crate::spec::Spec;
use chrono::{DateTime, Utc};

impl AppliedResult {
    /// Why this cannot be done: something that it touches is no longer what it was when it was proposed, so those who
    /// agreed have not seen what would be overwritten.
    pub fn overwrites(&self, proposed: &[Changed]) -> Option<String> {
        let seen = |change: &&Changed| {
            proposed.iter().any(|it| it.field == change.field && it.before == change.before)
        };
        let unseen = self.changes.iter().find(|change| !seen(change))?;
        Some(format!("{} was changed after this was proposed; propose it again", unseen.field))
    }
}

impl LinkContributor {
    /// Names the contributor on their link.
    pub fn apply(&self, mut link: LineageLink, at: DateTime<Utc>) -> (LineageLink, AppliedResult) {
        let before = link.contributors.get_mut(self.stage).replace(self.contributor.clone());
        link.updated_at = link.updated_at.max(at);
        let instead = match &before {
            Some(name) if *name != self.contributor => format!(" in the place of {name}"),
            Some(_) => ", who was named before".into(),
            None => String::new(),
        };
        let after = link.contributors.get(self.stage);
        let changes = (before != *after).then(|| Changed {
            field: format!("contributors.{}", self.stage),
            before: Json::of(&before),
            after: Json::of(after),
        });
        let summary =
            format!("Named {} for {} of {}{instead}", self.contributor, self.stage, self.lineage_id);
        (link, AppliedResult { summary, changes: changes.into_iter().collect(), version: None })
    }
}

impl SpecChange {
    /// Edits the spec: the next version.
    pub fn apply(&self, spec: Spec, at: DateTime<Utc>) -> (Spec, AppliedResult) {
        let content = self.changes.applied_to(&spec.content);
        let changes = changed(&spec.content, &content);
        if changes.is_empty() {
            let result = nothing_changed("spec", &spec.spec_id);
            return (spec, result);
        }
        let edited = spec.edited(content, at);
        let result = edited_result("spec", &edited.spec_id, edited.version, changes);
        (edited, result)
    }
}

impl IdeaChange {
    /// Edits the idea: the next version.
    pub fn apply(&self, idea: Idea, at: DateTime<Utc>) -> (Idea, AppliedResult) {
        let content = self.changes.applied_to(&idea.content);
        let changes = changed(&idea.content, &content);
        if changes.is_empty() {
            let result = nothing_changed("idea", &idea.idea_id);
            return (idea, result);
        }
        let edited = idea.edited(content, at);
        let result = edited_result("idea", &edited.idea_id, edited.version, changes);
        (edited, result)
    }
}

/// What is there already makes no version: nobody's edit and no import is disturbed by it.
fn nothing_changed(kind: &str, id: &str) -> AppliedResult {
    let summary = format!("Changed nothing of the {kind} {id}: it is so already");
    AppliedResult { summary, changes: Vec::new(), version: None }
}

fn edited_result(kind: &str, id: &str, version: i64, changes: Vec<Changed>) -> AppliedResult {
    let fields: Vec<&str> = changes.iter().map(|change| change.field.as_str()).collect();
    AppliedResult {
        summary: format!("Changed {} of the {kind} {id}, now version {version}", fields.join(", ")),
        changes,
        version: Some(version),
    }
}
