//! Applying what was approved, and saying what that did.

use super::{AppliedResult, IdeaChange, LinkContributor, SpecChange};
use crate::edit::{Changed, Json, changed};
use crate::idea::Idea;
use crate::link::LineageLink;
use crate::spec::Spec;
use chrono::{DateTime, Utc};

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
        let edited = idea.edited(content, at);
        let result = edited_result("idea", &edited.idea_id, edited.version, changes);
        (edited, result)
    }
}

fn edited_result(kind: &str, id: &str, version: i64, changes: Vec<Changed>) -> AppliedResult {
    let fields: Vec<&str> = changes.iter().map(|change| change.field.as_str()).collect();
    let did = match fields.as_slice() {
        [] => "Changed nothing".to_owned(),
        fields => format!("Changed {}", fields.join(", ")),
    };
    AppliedResult {
        summary: format!("{did} of the {kind} {id}, now version {version}"),
        changes,
        version: Some(version),
    }
}
