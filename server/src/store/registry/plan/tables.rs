//! The rows that a batch writes to the registry's tables.

use super::super::super::connection::Sql;
use super::super::super::prepare::{JsonRows, search_text, to_json};
use super::super::super::statements::{FORGET_LINK_PEOPLE, INSERT_LINK_PEOPLE};
use super::super::imports::{self, PUT_SPEC_IMPORTS};
use super::super::known::KnownSpec;
use super::super::statements::{
    ADD_IDEAS, ADD_SPEC_LINKS, ADD_SPEC_VALUES, INSERT_IDEA_CONTENTS, INSERT_REQUESTS, INSERT_SPEC_COMMITS,
    INSERT_SPEC_CONTENTS, INSERT_SUBJECTS, NAME_CONTRIBUTORS, NARROW_VALUE_GAPS, PUT_IDEAS, PUT_SPECS,
    REMOVE_SPEC_COMMITS, UPDATE_IDEA_CONTENTS, UPDATE_REQUESTS, UPDATE_SPEC_CONTENTS,
};
use super::{RegistryPlan, SpecLinks};
use domain::{
    change_request::{ChangeRequest, Proposal},
    error::Error,
    gate::contract::{commit_of, first_digits},
    idea::Idea,
    money::Amount,
    registry::excerpt,
    report::people_of,
    spec::{Spec, SpecContent, roi_key},
};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

impl RegistryPlan {
    /// Every statement with its rows. `spec_values` is what events added: value and events of each spec.
    pub fn tables(&self, spec_values: &BTreeMap<&str, (i64, i64)>) -> Result<Vec<(Sql, JsonRows)>, Error> {
        let spec_links = self.spec_links.iter().map(|(spec_id, added)| {
            let text = format!("{spec_id}\n{}", added.idea_id).to_lowercase();
            let SpecLinks { seq, idea_id, at, links, named, implemented, cost } = added;
            json!([spec_id, seq, idea_id, at, text, links, named, implemented, cost])
        });
        let spec_values =
            || spec_values.iter().map(|(spec_id, (value, count))| json!([spec_id, value, count])).collect();
        let idea_stubs = self.idea_stubs.iter();
        let idea_stubs =
            idea_stubs.map(|(idea_id, (seq, at))| json!([idea_id, seq, at, idea_id.to_lowercase()]));
        let mut tables = vec![
            (ADD_SPEC_LINKS, spec_links.collect()),
            (ADD_SPEC_VALUES, spec_values()),
            (NARROW_VALUE_GAPS, spec_values()),
            (ADD_IDEAS, idea_stubs.collect()),
        ];
        tables.extend(self.spec_tables()?);
        tables.extend(self.idea_tables()?);
        tables.extend(self.request_tables()?);
        tables.push((PUT_SPEC_IMPORTS, imports::rows(&self.imports)?));
        Ok(tables)
    }

    fn spec_tables(&self) -> Result<[(Sql, JsonRows); 5], Error> {
        let (mut rows, mut inserted, mut updated) =
            (JsonRows::default(), JsonRows::default(), JsonRows::default());
        let (mut named_before, mut named) = (JsonRows::default(), JsonRows::default());
        for (spec_id, seq) in &self.specs {
            let Some(KnownSpec::Registered(spec)) = self.known.specs.get(spec_id) else { continue };
            rows.push(&spec_row(spec, seq));
            let content = json!([spec_id, to_json(&spec.content)?]).to_string();
            let contents = if self.new_specs.contains(spec_id) { &mut inserted } else { &mut updated };
            contents.push(&content);
            named_before.push(&json!([spec_id]).to_string());
            for digits in commits_of(&spec.content) {
                named.push(&json!([spec_id, digits]).to_string());
            }
        }
        Ok([
            (PUT_SPECS, rows),
            (INSERT_SPEC_CONTENTS, inserted),
            (UPDATE_SPEC_CONTENTS, updated),
            (REMOVE_SPEC_COMMITS, named_before),
            (INSERT_SPEC_COMMITS, named),
        ])
    }

    fn idea_tables(&self) -> Result<[(Sql, JsonRows); 3], Error> {
        let (mut rows, mut inserted, mut updated) =
            (JsonRows::default(), JsonRows::default(), JsonRows::default());
        for (idea_id, seq) in &self.ideas {
            let Some(idea) = self.known.ideas.get(idea_id) else { continue };
            rows.push(&idea_row(idea, seq));
            let content = json!([idea_id, to_json(&idea.content)?]).to_string();
            let contents = if self.new_ideas.contains(idea_id) { &mut inserted } else { &mut updated };
            contents.push(&content);
        }
        Ok([(PUT_IDEAS, rows), (INSERT_IDEA_CONTENTS, inserted), (UPDATE_IDEA_CONTENTS, updated)])
    }

    fn request_tables(&self) -> Result<[(Sql, JsonRows); 6], Error> {
        let (mut inserted, mut updated) = (JsonRows::default(), JsonRows::default());
        let (mut subjects, mut named) = (JsonRows::default(), JsonRows::default());
        let mut people = JsonRows::default();
        for (id, about) in &self.new_requests {
            let Some(request) = self.known.requests.get(id) else { continue };
            inserted.push(&request_row(request)?);
            // A link's idea and spec may have the same id; their subjects still differ.
            for subject in about {
                let at = request.created_at.timestamp_micros();
                subjects.push(&json!([subject.key(), at, id]).to_string());
            }
        }
        for id in self.requests.iter().filter(|id| !self.new_requests.contains_key(id)) {
            let Some(request) = self.known.requests.get(id) else { continue };
            updated.push(&request_row(request)?);
        }
        for id in &self.named_links {
            let Some(link) = self.known.links.get(id) else { continue };
            let at = link.updated_at.timestamp_micros();
            named.push(&json!([id, to_json(&link.contributors)?, search_text(link), at]).to_string());
            // Whom a gate names is on no list of people, whoever votes on it.
            for handle in people_of(link).into_iter().filter(|_| !link.origin.is_gate()) {
                people.push(&json!([handle, id]).to_string());
            }
        }
        let forgotten = self.named_links.iter().map(|id| json!([id])).collect();
        Ok([
            (INSERT_REQUESTS, inserted),
            (UPDATE_REQUESTS, updated),
            (INSERT_SUBJECTS, subjects),
            (NAME_CONTRIBUTORS, named),
            (FORGET_LINK_PEOPLE, forgotten),
            (INSERT_LINK_PEOPLE, people),
        ])
    }
}

/// The commits that a spec names, by their first digits.
fn commits_of(content: &SpecContent) -> BTreeSet<String> {
    let refs = content.implementation_refs.iter().chain(&content.evidence_refs);
    refs.filter_map(|reference| Some(first_digits(&commit_of(reference)?).to_owned())).collect()
}

fn spec_row(spec: &Spec, seq: &str) -> String {
    let content = &spec.content;
    let excerpt = excerpt(&content.summary);
    let idea_id = content.idea_id.as_deref().unwrap_or_default();
    let text = [spec.spec_id.as_str(), idea_id, &content.title, &excerpt].join("\n").to_lowercase();
    json!([
        spec.spec_id,
        seq,
        spec.version,
        spec.inventory_source,
        content.idea_id,
        content.potential_value.micros(),
        content.estimated_cost.micros(),
        content.actual_cost.map(Amount::micros),
        i64::from(!content.implementation_refs.is_empty()),
        i64::from(!content.evidence_refs.is_empty()),
        roi_key(content.potential_value, content.estimated_cost),
        spec.created_at.timestamp_micros(),
        spec.updated_at.timestamp_micros(),
        content.title,
        excerpt,
        text
    ])
    .to_string()
}

fn idea_row(idea: &Idea, seq: &str) -> String {
    let excerpt = excerpt(&idea.content.summary);
    let text = [idea.idea_id.as_str(), &idea.content.title, &excerpt].join("\n").to_lowercase();
    json!([
        idea.idea_id,
        seq,
        idea.version,
        idea.created_at.timestamp_micros(),
        idea.updated_at.timestamp_micros(),
        idea.content.title,
        excerpt,
        text
    ])
    .to_string()
}

fn request_row(request: &ChangeRequest) -> Result<String, Error> {
    let kind = match request.proposal {
        Proposal::LinkContributor(_) => "link_contributor",
        Proposal::Spec(_) => "spec",
        Proposal::Idea(_) => "idea",
    };
    to_json(&json!([
        request.id,
        kind,
        request.status.name(),
        request.votes.len(),
        request.created_at.timestamp_micros(),
        to_json(request)?
    ]))
}
