//! Specs, ideas and change requests.

use super::{Given, event, node};
use crate::given::{BEGINNING, Database, LINK};
use chrono::TimeDelta;
use domain::{
    change_request::{ChangeRequest, Status},
    error::Error,
    id::{ChangeRequestId, LinkId},
    link::LineageLink,
    money::Amount,
    origin::Origin,
    page::{Cursor, LinkQuery, LinkSort, LinksOf, Order, Page},
    record::{self, Context},
    registry::InventorySource,
    report,
    spec::{Spec, SpecCard, SpecQuery, SpecSort},
    store::{SpecEntry, Written},
};
use tokio::task::JoinSet;

impl Given {
    pub(super) async fn try_spec(&self, body: &str) -> Result<Written<Spec>, Error> {
        record::register_spec(self.store(), self.context(None), &node(body), InventorySource::Local).await
    }

    pub(super) async fn spec(&self, body: &str) -> Spec {
        self.try_spec(body).await.expect("a spec").made
    }

    pub(super) async fn try_edit(&self, spec_id: &str, if_match: &str, body: &str) -> Result<Spec, Error> {
        record::edit_spec(self.store(), self.context(None), spec_id, Some(if_match), &node(body)).await
    }

    pub(super) async fn entry(&self, spec_id: &str) -> SpecEntry {
        self.store().spec(spec_id).await.expect("read").expect("there")
    }

    async fn propose(&self, body: &str) -> ChangeRequest {
        record::propose_change(self.store(), self.context(None), &node(body)).await.expect("a request").made
    }

    pub(super) async fn propose_name(&self, link: LinkId, required: i64) -> ChangeRequestId {
        let body = format!(
            r#"{{"kind": "link_contributor", "lineage_id": "{link}", "stage": "review", "contributor": "rita",
                "proposer": "carol", "required_approvals": {required}}}"#
        );
        self.propose(&body).await.id
    }

    pub(super) async fn vote(
        &self,
        id: ChangeRequestId,
        voter: &str,
        vote: &str,
    ) -> Result<ChangeRequest, Error> {
        let body = node(&format!(r#"{{"voter": "{voter}", "vote": "{vote}"}}"#));
        record::cast_vote(self.store(), self.context(None), id, &body).await.map(|written| written.made)
    }

    /// Every page of a list of specs, one after the other.
    async fn specs(&self, query: &SpecQuery) -> Vec<SpecCard> {
        let (mut query, mut all) = (query.clone(), Vec::new());
        loop {
            let Page { items, next_cursor } = self.store().specs(&query).await.expect("a page");
            all.extend(items);
            let Some(cursor) = next_cursor else { return all };
            query.cursor = Some(Cursor::decode(&cursor).expect("its own cursor"));
        }
    }
}

/// A link of a spec and idea, naming nobody.
pub(super) fn link_of(spec: &str, idea: &str, cost: &str) -> String {
    format!(r#"{{"idea_id": "{idea}", "spec_id": "{spec}", "contributors": {{}}, "estimated_cost": {cost}}}"#)
}

/// A spec's body, with more members.
pub(super) fn spec_of(id: &str, more: &str) -> String {
    format!(r#"{{"spec_id": "{id}", "title": "Title of {id}"{more}}}"#)
}

pub async fn a_link_s_spec_and_idea_are_there_as_stubs(database: Database) {
    let given = Given::on(&database).await;
    let odd = "Spëc \\\"%/ 💧";
    let link = given.link(&link_of(odd, "An idea", "12.5")).await;
    given.event(link.id, &event("api", "3", "")).await;
    let entry = given.entry(&link.spec_id).await;
    let card = &entry.card;
    assert_eq!((card.registered, card.version, card.inventory_source), (false, 0, InventorySource::Lineage));
    assert_eq!((card.idea_id.as_deref(), card.created_at), (Some("An idea"), link.created_at));
    assert_eq!(
        (card.totals.actual_value.to_string().as_str(), card.actual_cost().to_string().as_str()),
        ("3.0", "12.5")
    );
    assert_eq!((card.totals.link_count, card.totals.named_link_count, card.totals.event_count), (1, 0, 1));
    assert_eq!(entry.content, Default::default());
    let idea = given.store().idea("An idea").await.expect("read").expect("there");
    assert!(!idea.idea.is_registered());
    assert_eq!((idea.totals.link_count, idea.totals.spec_count), (1, 1));
    assert_eq!(idea.totals.actual_roi().to_string(), "0.24");
    for search in ["SPËC", "💧 idea", "\"%/"] {
        let query = SpecQuery { search: search.into(), ..SpecQuery::default() };
        assert_eq!(given.specs(&query).await.len(), 1, "{search}");
    }
    assert_eq!(given.store().spec("spëc").await, Ok(None), "an id is what it is, to the letter");
    given.assert_verified().await;
}

pub async fn what_is_registered_is_kept_with_every_field(database: Database) {
    let given = Given::on(&database).await;
    let text = "é\\n\\\"quoted\\\" \\\\ 'x' $1;--\\t💧".repeat(400);
    let items = vec![format!("\"{}\"", "r".repeat(500)); 200].join(",");
    let body = spec_of(
        "largest",
        &format!(
            r#", "summary": "{text}", "process_summary": "{text}", "pseudocode_summary": "{text}",
            "implementation_summary": "{text}", "source_files": [{items}], "evidence_refs": [{items}],
            "task_ids": ["1"], "branches": [], "implementation_refs": ["PR#1"], "public_endpoints": ["GET /x"],
            "idea_id": "Of an ideä", "potential_value": 1000000000000, "estimated_cost": 0.000001,
            "actual_cost": 999999999999.999999"#
        ),
    );
    let spec = given.spec(&body).await;
    let entry = given.entry("largest").await;
    assert_eq!(entry.content, spec.content);
    assert!(entry.card.registered && entry.card.has_implementation && entry.card.has_evidence);
    assert_eq!((entry.card.version, entry.card.updated_at), (1, spec.updated_at));
    assert!(given.store().idea("Of an ideä").await.expect("read").is_some(), "what a spec names is there");
    assert_eq!(given.try_spec(&body).await.unwrap_err(), Error::spec_registered("largest"));
    let slug = given.try_spec(&spec_of("Not A Slug", "")).await.unwrap_err();
    assert_eq!(slug.fields()[0].field, "spec_id");
    given.assert_verified().await;
}

pub async fn registering_fills_a_stub_and_keeps_its_totals(database: Database) {
    let given = Given::on(&database).await;
    let link = given.link(&link_of("Odd Id", "its idea", "10")).await;
    given.event(link.id, &event("api", "4", "")).await;
    let spec = given.spec(&spec_of("Odd Id", r#", "potential_value": 10, "estimated_cost": 7"#)).await;
    assert_eq!(spec.content.idea_id.as_deref(), Some("its idea"), "what a link said stays");
    let card = given.entry("Odd Id").await.card;
    assert_eq!((card.value_gap().to_string(), card.cost_gap().to_string()), ("6.0".into(), "3.0".into()));
    assert_eq!(card.actual_roi().to_string(), "0.4");
    given.event(link.id, &event("api", "7", "")).await;
    given.link(&link_of("Odd Id", "another", "2")).await;
    let card = given.entry("Odd Id").await.card;
    assert_eq!((card.value_gap().to_string(), card.cost_gap().to_string()), ("0.0".into(), "5.0".into()));
    assert_eq!(card.idea_id.as_deref(), Some("its idea"));
    let edited =
        given.try_edit("Odd Id", "\"1\"", r#"{"actual_cost": 3, "title": "New"}"#).await.expect("edited");
    assert_eq!((edited.version, edited.content.title.as_str()), (2, "New"));
    assert_eq!(given.entry("Odd Id").await.card.cost_gap().to_string(), "-4.0");
    let same = given.try_edit("Odd Id", "*", r#"{"title": "New"}"#).await.expect("edited");
    assert_eq!(same.version, 2, "what changes nothing makes no version");
    let stale = given.try_edit("Odd Id", "\"1\"", r#"{"title": "Old"}"#).await;
    assert_eq!(stale.unwrap_err(), Error::Stale(2));
    given.assert_verified().await;
}

pub async fn every_sort_of_specs_pages_through_all_once(database: Database) {
    let given = Given::on(&database).await;
    given.source.stop_at(BEGINNING);
    // Ties in every key, stubs among them.
    for at in 0..20_i64 {
        if at == 10 {
            given.source.stop_at(BEGINNING + TimeDelta::microseconds(1));
        }
        let id = format!("s{at}");
        if at % 5 < 4 {
            let more = format!(r#", "potential_value": {}, "estimated_cost": {}"#, at % 3, at % 2);
            given.spec(&spec_of(&id, &more)).await;
        }
        if at % 5 > 2 {
            let link = given.link(&link_of(&id, "idea", &(at % 4).to_string())).await;
            given.event(link.id, &event("api", &(at % 3).to_string(), "")).await;
        }
    }
    for sort in SpecSort::ALL {
        for order in [Order::Desc, Order::Asc] {
            let mut orders: Vec<Vec<String>> = Vec::new();
            for limit in [1, 3, 7, 500] {
                let all = given.specs(&SpecQuery { sort, order, limit, ..SpecQuery::default() }).await;
                let keys: Vec<i64> = all.iter().map(|card| sort.key_of(card)).collect();
                let mut sorted = keys.clone();
                sorted.sort_unstable();
                if order == Order::Desc {
                    sorted.reverse();
                }
                assert_eq!(keys, sorted, "{sort:?} {order:?} by {limit}");
                orders.push(all.into_iter().map(|card| card.spec_id).collect());
            }
            assert!(orders.iter().all(|one| *one == orders[0]), "{sort:?} {order:?}");
            let mut ids = orders.remove(0);
            ids.sort();
            ids.dedup();
            assert_eq!(ids.len(), 20, "each once");
        }
    }
    let missing = SpecQuery { missing_contributors: true, limit: 3, ..SpecQuery::default() };
    assert_eq!(given.specs(&missing).await.len(), 20, "none names anybody yet");
    given.assert_verified().await;
}

/// A generator of its own, the same in every run.
fn numbers() -> impl FnMut(u64) -> u64 {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    }
}

pub async fn random_traffic_leaves_every_total_of_a_spec_as_its_links_say(database: Database) {
    let given = Given::on(&database).await;
    let mut next = numbers();
    let mut links: Vec<LineageLink> = Vec::new();
    let mut tasks: JoinSet<()> = JoinSet::new();
    for at in 0..300 {
        let spec = format!("s{}", next(6));
        let amount = format!("{}.{:06}", next(1_000), next(1_000_000));
        let name = if next(2) == 0 { r#"{"review": "dave"}"# } else { "{}" };
        let pick = links.get(next(links.len().max(1) as u64) as usize).map(|link| link.id);
        let given = given.clone();
        match (next(6), pick) {
            (0, _) | (_, None) => {
                let body = format!(
                    r#"{{"idea_id": "i{}", "spec_id": "{spec}", "contributors": {name}, "estimated_cost": {amount}}}"#,
                    next(3)
                );
                links.push(given.link(&body).await);
            }
            (1, _) => {
                let more = format!(r#", "potential_value": {amount}, "estimated_cost": {}"#, next(9));
                let _ = given.try_spec(&spec_of(&spec, &more)).await;
            }
            (2, _) => {
                let cost = if next(2) == 0 { "null".to_owned() } else { amount.clone() };
                let body = format!(r#"{{"potential_value": {amount}, "actual_cost": {cost}}}"#);
                let _ = given.try_edit(&spec, "*", &body).await;
            }
            (3, Some(link)) => {
                let id = given.propose_name(link, 1).await;
                given.vote(id, "dave", if next(3) == 0 { "no" } else { "yes" }).await.expect("a vote");
            }
            // At the same time as whatever follows.
            (_, Some(link)) => {
                let body = event(&format!("source-{at}"), &amount, "");
                tasks.spawn(async move {
                    given.event(link, &body).await;
                });
            }
        }
    }
    tasks.join_all().await;
    given.assert_verified().await;
    for card in given.specs(&SpecQuery::default()).await {
        let of_spec = given.store().links_of_spec(&card.spec_id, 500).await.expect("links");
        let sum = |part: fn(&domain::link::LinkRecord) -> i64| of_spec.iter().map(part).sum::<i64>();
        let totals = card.totals;
        assert_eq!(totals.link_count, of_spec.len() as i64);
        assert_eq!(totals.actual_value.micros(), sum(|record| record.totals.measured_value_total.micros()));
        assert_eq!(totals.event_count, sum(|record| record.totals.event_count));
        assert_eq!(totals.link_cost.micros(), sum(|record| record.link.estimated_cost.micros()));
        assert_eq!(totals.named_link_count, sum(|record| i64::from(record.link.names_somebody())));
    }
}

pub async fn a_gate_s_links_count_nowhere(database: Database) {
    let given = Given::on(&database).await;
    let of_gate = |body: &str| {
        let context = Context { origin: Origin::Gate, ..given.context(None) };
        let (given, content) = (given.clone(), node(body));
        async move { record::file_link(given.store(), context, &content).await.expect("a link").made }
    };
    let alone = of_gate(&link_of("only-the-gate-s", "only-the-gate-s", "5")).await;
    given.event(alone.id, &event("api", "1", "")).await;
    assert_eq!(given.store().spec("only-the-gate-s").await, Ok(None), "no stub of it");
    assert_eq!(given.store().idea("only-the-gate-s").await, Ok(None));
    let work = given.link(&link_of("shared", "idea", "7")).await;
    let beside = of_gate(&link_of("shared", "idea", "5")).await;
    given.event(work.id, &event("api", "2", "")).await;
    given.event(beside.id, &event("api", "4", "")).await;
    let id = given.propose_name(beside.id, 1).await;
    assert_eq!(given.vote(id, "dave", "yes").await.expect("a vote").status, Status::Applied);
    let card = given.entry("shared").await.card;
    assert_eq!(
        (card.totals.actual_value.to_string().as_str(), card.totals.link_cost.to_string().as_str()),
        ("2.0", "7.0")
    );
    assert_eq!((card.totals.link_count, card.totals.named_link_count, card.totals.event_count), (1, 0, 1));
    let ids =
        |links: Vec<domain::link::LinkRecord>| links.iter().map(|record| record.link.id).collect::<Vec<_>>();
    assert_eq!(ids(given.store().links_of_spec("shared", 50).await.expect("links")), [work.id]);
    assert_eq!(ids(given.store().links_of_idea("idea", 50).await.expect("links")), [work.id]);
    let named = format!("SELECT handle FROM link_people WHERE link_id = '{}'", beside.id);
    assert_eq!(database.texts(&named).await, [""; 0], "whoever a vote names on it is on no list of people");
    let idea = given.store().idea("idea").await.expect("read").expect("there");
    assert_eq!((idea.totals.link_count, idea.totals.actual_value.to_string().as_str()), (1, "2.0"));
    given.assert_verified().await;
}

pub async fn specs_are_found_by_the_commits_that_they_name(database: Database) {
    let given = Given::on(&database).await;
    for (id, fields) in [
        ("a", r#""implementation_refs": ["commit:ABCDEF0", "PR#1"]"#),
        ("b", r#""evidence_refs": ["https://forge.example/o/n/commit/abcdef0123456789", "o/n@1234567"]"#),
        ("c", r#""implementation_refs": ["commit:abcde", "abcdef0x", "abcdef01/", ":", "PR#1"]"#),
        ("d", r#""evidence_refs": ["abcdef0", "abcdef0"], "implementation_refs": ["abcdef0"]"#),
    ] {
        given.spec(&format!(r#"{{"spec_id": "{id}", "title": "T", {fields}}}"#)).await;
    }
    let naming = async |store: &dyn domain::store::Store, digits: &str, limit| {
        let found = store.specs_naming(digits, limit).await.expect("specs");
        found.into_iter().map(|entry| entry.card.spec_id).collect::<Vec<_>>()
    };
    assert_eq!(naming(given.store(), "abcdef0", 9).await, ["a", "b", "d"]);
    assert_eq!(naming(given.store(), "abcdef0", 2).await, ["a", "b"]);
    assert_eq!(naming(given.store(), "1234567", 9).await, ["b"]);
    assert_eq!(naming(given.store(), "abcdef", 9).await, [""; 0]);
    // Those that were registered before, and people that a vote named on a gate's link, are seen to by the migration.
    let context = Context { origin: Origin::Gate, ..given.context(None) };
    let of_gate = record::file_link(given.store(), context, &node(LINK)).await.expect("a link").made;
    let work = given.link(&link_of("s", "i", "1").replace("{}", r#"{"review": "ann"}"#)).await;
    let commits = "SELECT spec_id || ' ' || digits FROM spec_commits ORDER BY spec_id, digits";
    let before = database.texts(commits).await;
    assert_eq!(before, ["a abcdef0", "b 1234567", "b abcdef0", "d abcdef0"]);
    given.store().close().await;
    database
        .run(&format!(
            "INSERT INTO link_people (handle, link_id) VALUES ('rita', '{}'); DROP TABLE spec_commits; \
             DROP TABLE unknown_commit_runs; DELETE FROM _sqlx_migrations WHERE version = 10",
            of_gate.id
        ))
        .await;
    let again = Given::on(&database).await;
    assert_eq!(database.texts(commits).await, before);
    let people = database.texts("SELECT handle || ' ' || link_id FROM link_people").await;
    assert_eq!(people, [format!("ann {}", work.id)]);
    again.assert_verified().await;
}

pub async fn links_that_were_filed_before_get_their_stubs_by_the_migration(database: Database) {
    let given = Given::on(&database).await;
    let specs = "SELECT spec_id || ' ' || seq || ' ' || registered || ' ' || version || ' ' || inventory_source || ' ' || \
                 COALESCE(idea_id, '-') || ' ' || actual_value || ' ' || link_cost || ' ' || link_count || ' ' || \
                 named_link_count || ' ' || implemented_link_count || ' ' || event_count || ' ' || value_gap || ' ' || \
                 cost_gap || ' ' || actual_roi_sort || ' ' || created_at || ' ' || updated_at || ' ' || search_text \
                 FROM specs ORDER BY seq";
    let ideas = "SELECT idea_id || ' ' || seq || ' ' || version || ' ' || created_at || ' ' || search_text \
                 FROM ideas ORDER BY seq";
    for body in [
        LINK,
        LINK,
        &link_of("ÉTUDE 100%", "Ünï", "0.1"),
        &link_of("étude", "Ünï", "0"),
        &link_of("étude", "x", "3"),
    ] {
        let link = given.link(body).await;
        given.event(link.id, &event("api", "45.5", "")).await;
    }
    let costly = given.link(&link_of("costly", "x", "1000000000000")).await;
    given.event(costly.id, &event("api", "999999999999", "")).await;
    let context = Context { origin: Origin::Gate, ..given.context(None) };
    record::file_link(given.store(), context, &node(&link_of("gate", "gate", "1"))).await.expect("a link");
    let before = (database.texts(specs).await, database.texts(ideas).await);
    assert_eq!((before.0.len(), before.1.len()), (4, 3));
    given.store().close().await;
    database
        .run(
            "DROP TABLE change_request_subjects; DROP TABLE change_requests; DROP TABLE specs; DROP TABLE ideas; \
             DROP TABLE spec_contents; DROP TABLE idea_contents; DROP INDEX links_by_spec; DROP INDEX links_by_idea; \
             DELETE FROM _sqlx_migrations WHERE version = 3",
        )
        .await;
    let again = Given::on(&database).await;
    assert_eq!((database.texts(specs).await, database.texts(ideas).await), before);
    again.assert_verified().await;
}

pub async fn returns_beyond_any_column_are_sorted_as_the_domain_says(database: Database) {
    let given = Given::on(&database).await;
    for (spec, cost, value) in [
        ("huge", "0.000001", "1000000000000"),
        ("large", "1000000000", "1000000000000"),
        ("costly", "1000000000000", "999999999999.999999"),
        ("odd", "987654321012.345678", "123456789.987654"),
        ("free", "0", "5"),
        ("small", "3", "1"),
    ] {
        let link = given.link(&link_of(spec, "idea", cost)).await;
        given.event(link.id, &event("api", value, "")).await;
    }
    let query = SpecQuery { sort: SpecSort::ActualRoi, limit: 1, ..SpecQuery::default() };
    let ids: Vec<String> = given.specs(&query).await.into_iter().map(|card| card.spec_id).collect();
    assert_eq!(ids, ["huge", "large", "costly", "small", "odd", "free"]);
    assert_eq!(given.entry("huge").await.card.totals.actual_value, Amount::MAX);
    given.assert_verified().await;
}

pub async fn links_of_a_spec_are_read_to_the_oldest(database: Database) {
    let given = Given::on(&database).await;
    let count = 60;
    let mut filed = Vec::new();
    for at in 0..count {
        let named = format!(r#"{{"review": "name-{at}"}}"#);
        let body = link_of("s", if at % 2 == 0 { "even" } else { "odd" }, "1");
        let body = if at == 3 { body } else { body.replace("{}", &named) };
        filed.push(given.link(&body).await.id);
    }
    given.link(&link_of("other", "even", "1")).await;
    let newest_first: Vec<LinkId> = filed.iter().rev().copied().collect();
    let spec = report::spec(given.store(), "s").await.expect("a spec");
    assert_eq!((spec.links.len(), &spec.people.lineage_ids), (50, &newest_first));
    assert_eq!(spec.people.first(), Some(filed[3]), "the one that names nobody, however old");
    assert_eq!((spec.people.offered.len(), spec.people.contributors.review.len()), (50, count - 1));
    let idea = report::idea(given.store(), "even").await.expect("an idea");
    assert_eq!(
        (idea.people.lineage_ids.len(), idea.people.contributors.review.len()),
        (count / 2 + 1, count / 2)
    );
    let read = async |of, before, limit| {
        let people = given.store().people_of_links(of, before, limit).await.expect("links");
        people.into_iter().map(|link| link.id).collect::<Vec<_>>()
    };
    assert_eq!(read(LinksOf::Spec("s"), filed[10], 4).await, newest_first[count - 10..count - 6]);
    assert_eq!(read(LinksOf::Idea("odd"), filed[4], 9).await, [filed[3], filed[1]]);
    assert_eq!(read(LinksOf::Spec("s"), filed[0], 9).await, []);
    for (order, expected) in [(Order::Desc, newest_first), (Order::Asc, filed)] {
        let mut query = LinkQuery {
            spec_id: Some("s".into()),
            sort: LinkSort::Created,
            order,
            limit: 7,
            ..LinkQuery::default()
        };
        let mut seen = Vec::new();
        loop {
            let page = given.store().links(&query).await.expect("a page");
            seen.extend(page.items.iter().map(|record| record.link.id));
            let Some(next) = page.next_cursor else { break };
            query.cursor = Some(Cursor::decode(&next).expect("a cursor"));
        }
        assert_eq!(seen, expected);
    }
    let both = LinkQuery {
        spec_id: Some("s".into()),
        idea_id: Some("odd".into()),
        search: "name-1".into(),
        ..LinkQuery::default()
    };
    assert_eq!(given.store().links(&both).await.expect("a page").items.len(), 6, "1, 11, 13, 15, 17 and 19");
}

pub async fn whoever_links_name_finds_them_newest_first(database: Database) {
    let given = Given::on(&database).await;
    let named = |who: &str| {
        format!(
            r#"{{"idea_id":"i","spec_id":"s","contributors":{{"idea":"{who}"}},"investments":[],"estimated_cost":1}}"#
        )
    };
    let invested = r#"{"idea_id":"i","spec_id":"s","contributors":{},"estimated_cost":1,
        "investments":[{"stage":"review","contributor":"Ann Lee","energy_units":1}]}"#;
    let mut ids = Vec::new();
    for body in [named("Ann Lee"), named("bo"), invested.to_owned(), named("ann-lee")] {
        ids.push(given.link(&body).await.id);
    }
    let context = Context { origin: Origin::Gate, ..given.context(None) };
    record::file_link(given.store(), context, &node(&named("ann-lee"))).await.expect("a link");
    let of = async |handles: &[&str], limit| {
        let handles: Vec<String> = handles.iter().map(|handle| (*handle).to_owned()).collect();
        let found = given.store().links_of_people(&handles, limit).await.expect("links");
        found.into_iter().map(|record| record.link.id).collect::<Vec<_>>()
    };
    assert_eq!(of(&["ann-lee"], 9).await, [ids[3], ids[2], ids[0]], "a gate's are not among them");
    assert_eq!(of(&["bo", "ann-lee"], 2).await, [ids[3], ids[2]]);
    assert!(of(&["nobody"], 9).await.is_empty());
    given.assert_verified().await;
    database.run("DELETE FROM link_people WHERE handle = 'bo'").await;
    database
        .run("INSERT INTO link_people (handle, link_id) SELECT 'zed', MIN(link_id) FROM link_people")
        .await;
    let differences = given.store().verify().await.expect("verified").differences;
    let told: Vec<_> = differences.iter().map(|it| (&*it.subject, &*it.kept, &*it.recomputed)).collect();
    let (first, second) = (ids[0].to_string(), ids[1].to_string());
    assert_eq!(told, [(&*first, "zed", ""), (&*second, "", "bo")]);
}
