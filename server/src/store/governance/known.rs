//! What a batch reads of governance before it decides: nothing, where it neither flags nor decides nor tells of uses.

use super::super::batch::{BatchError, Operation};
use super::super::connection::{Connection, Sql};
use super::super::prepare::to_json;
use super::super::rows::day_number;
use super::rows::{self, use_columns};
use chrono::{NaiveDate, NaiveTime};
use domain::{
    event::UsageEvent,
    governance::{ClaimUse, Flag, claim_of_ref, usage_metrics},
    id::{FlagId, LinkId},
    ledger::Change,
    store::Write,
};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What makes a use one: claim, day, metric and session.
pub type UseKey = (String, NaiveDate, String, String);

/// What the store holds of all that a batch flags, withdraws or uses. What is not in it is not there.
#[derive(Debug, Default)]
pub struct KnownGovernance {
    /// Standing flags, by subject's key and contributor.
    pub standing: HashMap<(String, String), FlagId>,
    /// Flags by id.
    pub flags: HashMap<FlagId, Flag>,
    /// Uses that count.
    pub uses: HashSet<UseKey>,
    /// Uses by claim and the sender's own id.
    pub use_ids: HashMap<(String, String), ClaimUse>,
    /// How many uses count, by claim and day.
    pub use_days: HashMap<(String, NaiveDate), i64>,
    /// Claims that links name, of those links whose events tell of uses.
    pub claims_of: HashMap<LinkId, BTreeSet<String>>,
    /// Metrics whose events tell of uses; read only where a link names claims.
    pub metrics: BTreeSet<String>,
}

impl KnownGovernance {
    /// Reads what a batch needs. `naming` are the links that it appends events to and whose refs name claims.
    pub async fn load(
        connection: &mut Connection,
        operations: &[Operation],
        events: &[&UsageEvent],
        naming: &BTreeSet<LinkId>,
    ) -> Result<Self, BatchError> {
        let mut known = Self::default();
        let mut uses = known.uses_of_events(connection, events, naming).await?;
        let (mut raised, mut withdrawn) = (BTreeSet::new(), BTreeSet::new());
        for operation in operations {
            let Operation::Write(Write { change, .. }, _) = operation else { continue };
            match change {
                Change::RaiseFlag { flag } => {
                    raised.insert((flag.about().key(), flag.contributor.clone()));
                }
                Change::WithdrawFlag { flag_id, .. } => {
                    withdrawn.insert(*flag_id);
                }
                Change::UseClaim { claim_use } => uses.push(claim_use.clone()),
                _ => {}
            }
        }
        if !raised.is_empty() {
            known.load_standing(connection, &to_json(&raised)?).await?;
        }
        if !withdrawn.is_empty() {
            known.load_flags(connection, &to_json(&withdrawn)?).await?;
        }
        if !uses.is_empty() {
            known.load_uses(connection, &uses).await?;
        }
        Ok(known)
    }

    /// The uses that events on links may tell of. Events on links that name no claim cost nothing here.
    async fn uses_of_events(
        &mut self,
        connection: &mut Connection,
        events: &[&UsageEvent],
        naming: &BTreeSet<LinkId>,
    ) -> Result<Vec<ClaimUse>, BatchError> {
        const POLICIES: Sql = Sql::both("SELECT name, policy_text FROM repositories ORDER BY name");
        const REFS: Sql = Sql::each(
            "SELECT id, implementation_refs FROM links WHERE id IN (SELECT value FROM json_each($1))",
            "SELECT id, implementation_refs FROM links WHERE id IN (SELECT value FROM json_array_elements_text($1::json))",
        );
        if naming.is_empty() {
            return Ok(Vec::new());
        }
        let mut texts = Vec::new();
        for mut row in connection.all(POLICIES, &[], "repositories").await? {
            row.text()?;
            texts.push(row.text()?);
        }
        self.metrics = usage_metrics(texts.iter().map(String::as_str));
        let telling: Vec<&&UsageEvent> = events
            .iter()
            .filter(|event| naming.contains(&event.lineage_id) && self.metrics.contains(&event.metric))
            .collect();
        let links: BTreeSet<LinkId> = telling.iter().map(|event| event.lineage_id).collect();
        if links.is_empty() {
            return Ok(Vec::new());
        }
        for mut row in connection.all(REFS, &[to_json(&links)?.as_str().into()], "links").await? {
            let id = row.parsed(str::parse)?;
            let refs: Vec<String> = row.parsed(|text| serde_json::from_str(text))?;
            self.claims_of.insert(id, refs.iter().filter_map(|reference| claim_of_ref(reference)).collect());
        }
        let claims_of = |event: &&&UsageEvent| {
            let claims = self.claims_of.get(&event.lineage_id).cloned().unwrap_or_default();
            let event: &UsageEvent = event;
            claims.into_iter().map(|claim| ClaimUse::of_event(claim, event).0).collect::<Vec<_>>()
        };
        Ok(telling.iter().flat_map(claims_of).collect())
    }

    async fn load_standing(&mut self, connection: &mut Connection, pairs: &str) -> Result<(), BatchError> {
        const SQL: Sql = Sql::each(
            "SELECT subject, contributor, flags.id FROM json_each($1) AS item CROSS JOIN flags \
             ON subject = item.value ->> 0 AND contributor = item.value ->> 1 AND status = 'active'",
            "SELECT subject, contributor, flags.id FROM json_array_elements($1::json) AS item (value) JOIN flags \
             ON subject = item.value ->> 0 AND contributor = item.value ->> 1 AND status = 'active'",
        );
        for mut row in connection.all(SQL, &[pairs.into()], "flags").await? {
            self.standing.insert((row.text()?, row.text()?), row.parsed(str::parse)?);
        }
        Ok(())
    }

    async fn load_flags(&mut self, connection: &mut Connection, ids: &str) -> Result<(), BatchError> {
        const SQL: Sql = Sql::each(
            "SELECT id, body FROM flags WHERE id IN (SELECT value FROM json_each($1))",
            "SELECT id, body FROM flags WHERE id IN (SELECT value FROM json_array_elements_text($1::json)) \
             ORDER BY id FOR UPDATE",
        );
        for row in connection.all(SQL, &[ids.into()], "flags").await? {
            let flag: Flag = rows::body(row)?;
            self.flags.insert(flag.id, flag);
        }
        Ok(())
    }

    async fn load_uses(&mut self, connection: &mut Connection, uses: &[ClaimUse]) -> Result<(), BatchError> {
        // Joined, and the list first: a list of rows of several columns would be looked up by the first alone.
        const KEPT: Sql = Sql::each(
            concat!(
                "SELECT ",
                use_columns!(),
                " FROM json_each($1) AS item CROSS JOIN claim_uses ON slug = item.value ->> 0 \
                 AND day = CAST(item.value ->> 1 AS BIGINT) AND metric = item.value ->> 2 AND session = item.value ->> 3"
            ),
            concat!(
                "SELECT ",
                use_columns!(),
                " FROM json_array_elements($1::json) AS item (value) JOIN claim_uses ON slug = item.value ->> 0 \
                 AND day = CAST(item.value ->> 1 AS BIGINT) AND metric = item.value ->> 2 AND session = item.value ->> 3"
            ),
        );
        const DAYS: Sql = Sql::each(
            "SELECT slug, day, sessions FROM json_each($1) AS item CROSS JOIN claim_use_days \
             ON day = CAST(item.value ->> 1 AS BIGINT) AND slug = item.value ->> 0",
            "SELECT slug, day, sessions FROM json_array_elements($1::json) AS item (value) JOIN claim_use_days \
             ON day = CAST(item.value ->> 1 AS BIGINT) AND slug = item.value ->> 0",
        );
        let number = |day: NaiveDate| day_number(day.and_time(NaiveTime::MIN).and_utc());
        let keys: BTreeSet<_> =
            uses.iter().map(|one| (&one.claim, number(one.day), &one.metric, &one.session)).collect();
        for row in connection.all(KEPT, &[to_json(&keys)?.as_str().into()], "claim_uses").await? {
            self.uses.insert(rows::claim_use(row)?.key());
        }
        let days: BTreeMap<_, NaiveDate> =
            uses.iter().map(|one| ((&one.claim, number(one.day)), one.day)).collect();
        let pairs: Vec<_> = days.keys().collect();
        for mut row in connection.all(DAYS, &[to_json(&pairs)?.as_str().into()], "claim_use_days").await? {
            let (slug, day, sessions) = (row.text()?, row.integer()?, row.integer()?);
            if let Some(day) = days.get(&(&slug, day)) {
                self.use_days.insert((slug.clone(), *day), sessions);
            }
        }
        self.load_use_ids(connection, uses).await
    }

    async fn load_use_ids(
        &mut self,
        connection: &mut Connection,
        uses: &[ClaimUse],
    ) -> Result<(), BatchError> {
        const SQL: Sql = Sql::each(
            concat!(
                "SELECT ",
                use_columns!(),
                " FROM claim_uses WHERE external_id IS NOT NULL AND (slug, external_id) IN \
                 (SELECT item.value ->> 0, item.value ->> 1 FROM json_each($1) AS item)"
            ),
            concat!(
                "SELECT ",
                use_columns!(),
                " FROM claim_uses WHERE external_id IS NOT NULL AND (slug, external_id) IN \
                 (SELECT item.value ->> 0, item.value ->> 1 FROM json_array_elements($1::json) AS item (value))"
            ),
        );
        let ids: BTreeSet<(&str, &str)> =
            uses.iter().filter_map(|one| Some((one.claim.as_str(), one.external_id.as_deref()?))).collect();
        if ids.is_empty() {
            return Ok(());
        }
        for row in connection.all(SQL, &[to_json(&ids)?.as_str().into()], "claim_uses").await? {
            let kept = rows::claim_use(row)?;
            if let Some(external_id) = kept.external_id.clone() {
                self.use_ids.insert((kept.claim.clone(), external_id), kept);
            }
        }
        Ok(())
    }
}
