//! What a batch reads of the registry before it decides: only what it registers, edits or votes on.

use super::super::batch::{BatchError, Operation};
use super::super::connection::{Connection, Sql};
use super::super::prepare::to_json;
use super::super::rows::{link, link_columns};
use super::rows::{self, spec_columns};
use domain::{
    change_request::{ChangeRequest, Proposal},
    id::{ChangeRequestId, LinkId},
    idea::Idea,
    ledger::Change,
    link::LineageLink,
    spec::{Spec, SpecCard, SpecContent},
    store::Write,
};
use std::collections::{BTreeSet, HashMap};

/// A spec as a batch knows it.
#[derive(Debug, Clone)]
pub enum KnownSpec {
    /// Named by links of this idea, and not registered.
    Stub {
        /// The idea.
        idea_id: Option<String>,
    },
    /// Registered.
    Registered(Box<Spec>),
}

/// What the store holds of all that a batch registers, edits or votes on. What is not in it is not there.
#[derive(Debug, Default)]
pub struct KnownRegistry {
    /// Specs by id.
    pub specs: HashMap<String, KnownSpec>,
    /// Ideas by id; stubs are of version 0.
    pub ideas: HashMap<String, Idea>,
    /// Change requests by id.
    pub requests: HashMap<ChangeRequestId, ChangeRequest>,
    /// Links that a vote may name somebody on.
    pub links: HashMap<LinkId, LineageLink>,
}

/// What has to be read; sorted, so that servers that touch the same rows wait for each other in one order.
#[derive(Default)]
struct Wanted {
    specs: BTreeSet<String>,
    ideas: BTreeSet<String>,
    requests: BTreeSet<ChangeRequestId>,
    links: BTreeSet<LinkId>,
}

impl Wanted {
    fn of(operations: &[Operation]) -> Self {
        let mut wanted = Self::default();
        for operation in operations {
            let Operation::Write(Write { change, .. }, _) = operation else { continue };
            match change {
                Change::RegisterSpec { spec } => {
                    wanted.specs.insert(spec.spec_id.clone());
                }
                Change::EditSpec { edit } => {
                    wanted.specs.insert(edit.id.clone());
                }
                Change::RegisterIdea { idea } => {
                    wanted.ideas.insert(idea.idea_id.clone());
                }
                Change::EditIdea { edit } => {
                    wanted.ideas.insert(edit.id.clone());
                }
                Change::CastVote { cast } => {
                    wanted.requests.insert(cast.request_id);
                }
                _ => {}
            }
        }
        wanted
    }

    fn add_subject(&mut self, request: &ChangeRequest) {
        match &request.proposal {
            Proposal::LinkContributor(of) => {
                self.links.insert(of.lineage_id);
            }
            Proposal::Spec(of) => {
                self.specs.insert(of.spec_id.clone());
            }
            Proposal::Idea(of) => {
                self.ideas.insert(of.idea_id.clone());
            }
        }
    }
}

impl KnownRegistry {
    /// Reads what a batch needs: nothing, where it only files links and appends events.
    pub async fn load(connection: &mut Connection, operations: &[Operation]) -> Result<Self, BatchError> {
        let (mut known, mut wanted) = (Self::default(), Wanted::of(operations));
        if !wanted.requests.is_empty() {
            known.load_requests(connection, &to_json(&wanted.requests)?).await?;
            known.requests.values().for_each(|request| wanted.add_subject(request));
        }
        if !wanted.links.is_empty() {
            known.load_links(connection, &to_json(&wanted.links)?).await?;
        }
        if !wanted.specs.is_empty() {
            known.load_specs(connection, &to_json(&wanted.specs)?).await?;
        }
        if !wanted.ideas.is_empty() {
            known.load_ideas(connection, &to_json(&wanted.ideas)?).await?;
        }
        Ok(known)
    }

    async fn load_requests(&mut self, connection: &mut Connection, ids: &str) -> Result<(), BatchError> {
        const SQL: Sql = Sql::each(
            "SELECT id, body FROM change_requests WHERE id IN (SELECT value FROM json_each($1))",
            "SELECT id, body FROM change_requests WHERE id IN (SELECT value FROM json_array_elements_text($1::json)) \
             ORDER BY id FOR UPDATE",
        );
        for row in connection.all(SQL, &[ids.into()], "change_requests").await? {
            let request = rows::change_request(row)?;
            self.requests.insert(request.id, request);
        }
        Ok(())
    }

    async fn load_links(&mut self, connection: &mut Connection, ids: &str) -> Result<(), BatchError> {
        const SQL: Sql = Sql::each(
            concat!("SELECT ", link_columns!(), " FROM links WHERE id IN (SELECT value FROM json_each($1))"),
            concat!(
                "SELECT ",
                link_columns!(),
                " FROM links ",
                "WHERE id IN (SELECT value FROM json_array_elements_text($1::json)) ORDER BY id FOR UPDATE"
            ),
        );
        for row in connection.all(SQL, &[ids.into()], "links").await? {
            let link = link(row)?.link;
            self.links.insert(link.id, link);
        }
        Ok(())
    }

    /// Two statements: the second sees what is written of a spec as it is once its row is locked.
    async fn load_specs(&mut self, connection: &mut Connection, ids: &str) -> Result<(), BatchError> {
        const ROWS: Sql = Sql::each(
            concat!(
                "SELECT ",
                spec_columns!(),
                " FROM specs WHERE spec_id IN (SELECT value FROM json_each($1))"
            ),
            concat!(
                "SELECT ",
                spec_columns!(),
                " FROM specs ",
                "WHERE spec_id IN (SELECT value FROM json_array_elements_text($1::json)) ORDER BY spec_id FOR UPDATE"
            ),
        );
        const CONTENTS: Sql = Sql::each(
            "SELECT spec_id, content FROM spec_contents WHERE spec_id IN (SELECT value FROM json_each($1))",
            "SELECT spec_id, content FROM spec_contents \
             WHERE spec_id IN (SELECT value FROM json_array_elements_text($1::json))",
        );
        let cards = connection.all(ROWS, &[ids.into()], "specs").await?;
        let mut contents: HashMap<String, SpecContent> = HashMap::new();
        for mut row in connection.all(CONTENTS, &[ids.into()], "spec_contents").await? {
            contents.insert(row.text()?, row.parsed(|text| serde_json::from_str(text))?);
        }
        for row in cards {
            let card = rows::spec(row)?;
            let known = match contents.remove(&card.spec_id).filter(|_| card.registered) {
                Some(content) => KnownSpec::Registered(Box::new(registered(&card, content))),
                None => KnownSpec::Stub { idea_id: card.idea_id },
            };
            self.specs.insert(card.spec_id, known);
        }
        Ok(())
    }

    async fn load_ideas(&mut self, connection: &mut Connection, ids: &str) -> Result<(), BatchError> {
        const ROWS: Sql = Sql::each(
            "SELECT idea_id, version, created_at, updated_at, title, excerpt FROM ideas \
             WHERE idea_id IN (SELECT value FROM json_each($1))",
            "SELECT idea_id, version, created_at, updated_at, title, excerpt FROM ideas \
             WHERE idea_id IN (SELECT value FROM json_array_elements_text($1::json)) ORDER BY idea_id FOR UPDATE",
        );
        const CONTENTS: Sql = Sql::each(
            "SELECT idea_id, content FROM idea_contents WHERE idea_id IN (SELECT value FROM json_each($1))",
            "SELECT idea_id, content FROM idea_contents \
             WHERE idea_id IN (SELECT value FROM json_array_elements_text($1::json))",
        );
        for mut row in connection.all(ROWS, &[ids.into()], "ideas").await? {
            let idea = rows::idea(&mut row)?;
            self.ideas.insert(idea.idea_id.clone(), idea);
        }
        for mut row in connection.all(CONTENTS, &[ids.into()], "idea_contents").await? {
            let idea_id = row.text()?;
            let content = row.parsed(|text| serde_json::from_str(text))?;
            if let Some(idea) = self.ideas.get_mut(&idea_id) {
                idea.content = content;
            }
        }
        Ok(())
    }
}

/// A registered spec, of its row and what is written of it.
fn registered(card: &SpecCard, content: SpecContent) -> Spec {
    Spec {
        spec_id: card.spec_id.clone(),
        content,
        inventory_source: card.inventory_source,
        version: card.version,
        created_at: card.created_at,
        updated_at: card.updated_at,
    }
}
