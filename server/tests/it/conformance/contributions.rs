//! Contributions: what is kept of units, what follows of them, and what people decide.

use super::{Given, event, node};
use crate::given::{Branch, Database, branch::FIRST, busy};
use chrono::TimeDelta;
use domain::{
    contribution::{
        ADDRESS_OF, Attribution, Citation, CitationKind, ContributorKind, ContributorRecord, CreditEntry,
        CreditQuery, ImportQuery, KnowledgeKind, MergeProposal, ObjectState, ReadUnit, Role, UnitClass,
        UnitQuery, UnitReference,
    },
    error::Error,
    page::{Cursor, Page},
    record,
};
use server::import::git::address_digest;

/// Units of a branch on which everything happens.
const UNITS: usize = 90;

impl Given {
    pub(super) async fn digest(&self) -> String {
        self.store().derived_digest().await.expect("a digest")
    }

    pub(super) async fn try_decide(&self, handle: &str, patch: &str) -> Result<ContributorRecord, Error> {
        record::edit_contributor(self.store(), self.context(None), handle, Some("*"), &node(patch)).await
    }

    pub(super) async fn decide(&self, handle: &str, patch: &str) -> ContributorRecord {
        self.try_decide(handle, patch).await.unwrap_or_else(|error| panic!("{handle} {patch}: {error}"))
    }

    /// What is wrong with a decision.
    async fn refused(&self, handle: &str, patch: &str) -> String {
        let before = self.digest().await;
        let error = self.try_decide(handle, patch).await.expect_err("refused");
        assert_eq!(self.digest().await, before, "what is refused changes nothing");
        assert_eq!(error.describe().status, 422, "{error}");
        let wrong = &error.fields()[0];
        format!("{}: {}", wrong.field, wrong.message)
    }

    pub(super) async fn credits(&self, contributor: &str) -> Vec<CreditEntry> {
        let (mut query, mut all) = (CreditQuery { limit: 7, ..CreditQuery::default() }, Vec::new());
        query.contributor = Some(contributor.to_owned());
        loop {
            let Page { items, next_cursor } = self.store().credits(&query).await.expect("credits");
            all.extend(items);
            let Some(cursor) = next_cursor else { return all };
            query.cursor = Some(Cursor::decode(&cursor).expect("its own cursor"));
        }
    }

    /// Contributor, principal, role, and what counts, month by month.
    async fn totals(&self) -> Vec<String> {
        let today = FIRST.date_naive();
        let basis = self.store().score_basis(0, i64::MAX, today).await.expect("a basis");
        let line = |total: &domain::contribution::CreditTotal| {
            let principal = total.principal.as_deref().unwrap_or("-");
            format!("{} {principal} {} {} {}", total.contributor, total.role, total.credits, total.outcome)
        };
        basis.totals.iter().map(line).collect()
    }
}

pub async fn units_in_steps_or_at_once_come_to_the_same(database: Database) {
    let branch = busy("codex", UNITS);
    let given = Given::on(&database).await;
    branch.keep(given.store(), 7).await;
    given.assert_verified().await;
    let stepwise = given.digest().await;
    let other = Database::sqlite();
    let at_once = Given::on(&other).await;
    branch.keep(at_once.store(), UNITS).await;
    at_once.assert_verified().await;
    assert_eq!(at_once.digest().await, stepwise, "also on another database");
    let branch = busy("by-claim", 50).with_policy("\"per_change\"", "\"per_claim\"");
    branch.keep(given.store(), 3).await;
    given.assert_verified().await;
    branch.keep(at_once.store(), 50).await;
    assert_eq!(at_once.digest().await, given.digest().await, "counted by claim as well");
    let found = given.store().score_basis(0, i64::MAX, FIRST.date_naive()).await.expect("a basis");
    assert!(found.totals.len() > 20 && found.contributors.len() >= 5, "{found:#?}");
    assert!(found.totals.iter().any(|total| total.outcome != total.credits * 1_000_000), "outcomes differ");
}

pub async fn repositories_in_any_order_come_to_the_same(database: Database) {
    let (one, two) = (busy("codex", 40), busy("annals", 30));
    let given = Given::on(&database).await;
    one.keep(given.store(), 9).await;
    two.keep(given.store(), 30).await;
    let other = Database::sqlite();
    let turned = Given::on(&other).await;
    two.keep(turned.store(), 11).await;
    one.keep(turned.store(), 40).await;
    assert_eq!(turned.digest().await, given.digest().await);
    given.store().drop_repository("annals").await.expect("dropped");
    given.assert_verified().await;
    let alone = Database::sqlite();
    let alone = Given::on(&alone).await;
    one.keep(alone.store(), 40).await;
    assert_eq!(given.digest().await, alone.digest().await, "as if it never had been there");
}

pub async fn dropped_and_derived_again_it_is_the_same_to_the_byte(database: Database) {
    let given = Given::on(&database).await;
    busy("codex", UNITS).keep(given.store(), 8).await;
    given.decide("ann", r#"{"aliases": ["annette"], "kind": "person", "name": "Ann B."}"#).await;
    given.decide("rio", r#"{"principal": "ann", "principal_from": "2026-01-20T00:00:00Z"}"#).await;
    let before = given.digest().await;
    let rebuilt = given.store().rebuild().await.expect("rebuilt");
    assert_eq!((rebuilt.units, rebuilt.is_same()), (UNITS as i64, true));
    assert_eq!(given.digest().await, before);
    given.store().derive_again().await.expect("derived");
    assert_eq!(given.digest().await, before);
    given.assert_verified().await;
    database.run("UPDATE credits SET outcome = outcome + 1 WHERE id = (SELECT MIN(id) FROM credits)").await;
    let differences = given.store().verify().await.expect("verified").differences;
    assert_eq!(differences.len(), 1, "{differences:?}");
    let rebuilt = given.store().rebuild().await.expect("rebuilt");
    assert!(!rebuilt.is_same(), "what was changed behind its back is told");
    assert_eq!(rebuilt.after, before, "and made good");
    given.assert_verified().await;
}

pub async fn a_decision_comes_to_what_deriving_everything_comes_to(database: Database) {
    let given = Given::on(&database).await;
    busy("codex", UNITS).keep(given.store(), 30).await;
    busy("annals", 40).keep(given.store(), 30).await;
    for (handle, patch) in [
        ("ann", r#"{"aliases": ["annette"]}"#),
        ("rio", r#"{"principal": "ann", "principal_from": "2026-01-10T00:00:00Z"}"#),
        ("clay", r#"{"principal": "bob"}"#),
        ("bob", r#"{"kind": "infrastructure"}"#),
        ("clay", r#"{"principal": null}"#),
        ("bob", r#"{"kind": "infrastructure"}"#),
        ("bob", r#"{"kind": "person", "name": "Bob"}"#),
        ("rio", r#"{"kind": "person", "principal": null}"#),
        ("rio", r#"{"aliases": ["clay"]}"#),
        ("ann", r#"{"aliases": ["clay"]}"#),
        ("ann", r#"{"aliases": []}"#),
        ("rio", r#"{"aliases": []}"#),
    ] {
        let _ = given.try_decide(handle, patch).await;
        let before = given.digest().await;
        given.store().derive_again().await.expect("derived");
        assert_eq!(given.digest().await, before, "{handle} {patch}");
        assert!(given.store().rebuild().await.expect("rebuilt").is_same(), "{handle} {patch}");
    }
    given.assert_verified().await;
}

pub async fn a_revert_by_number_ends_the_change_of_that_number(database: Database) {
    let given = Given::on(&database).await;
    let mut branch = Branch::new("codex");
    let mut add = |slug: &str, forge: Option<&str>, number: i64| {
        let path = format!("domains/tides/{slug}.md");
        let change = branch.merge(&format!("Add {slug}"), "Ann", "Bob").claim(&path, &[]);
        change.numbered(forge, number).done()
    };
    let named = ["plain", "twice", "twice-again", "titled", "whole", "part", "elsewhere", "itself"];
    let units = [
        add("plain", Some("forgejo"), 1),
        add("twice", Some("forgejo"), 2),
        add("twice-again", None, 2),
        add("titled", Some("forgejo"), 15),
        add("whole", None, 5),
        add("part", None, 6),
        add("elsewhere", Some("github"), 7),
        add("itself", Some("forgejo"), 9),
    ];
    let mut revert = branch.merge("Revert much", "Bob", "Ann").numbered(Some("forgejo"), 15).touch("core/x");
    for (number, title) in
        [(1, None), (2, None), (15, Some("titled")), (7, None), (9, Some("other")), (99, None)]
    {
        revert = revert.reverts_number(number, title);
    }
    let revert = revert.reverts_merge(&units[4].sha, true).reverts_merge(&units[5].sha, false).done();
    branch.keep(given.store(), 3).await;
    let mut ended = Vec::new();
    for (unit, name) in units.iter().zip(named) {
        let card = given.store().unit(unit.id()).await.expect("read").expect("kept").card;
        assert_eq!(card.ended_at.is_some(), card.reverted_by.is_some(), "{name}");
        ended.extend(card.reverted_by.map(|by| (name, by)));
    }
    let by = revert.id();
    assert_eq!(ended, [("plain", by), ("titled", by), ("whole", by)]);
    let other = Given::on(&Database::sqlite()).await;
    branch.keep(other.store(), 100).await;
    assert_eq!(other.digest().await, given.digest().await, "in steps as at once");
    assert!(given.store().rebuild().await.expect("rebuilt").is_same());
    given.assert_verified().await;
}

pub async fn a_change_of_which_not_all_lines_are_counted_says_so(database: Database) {
    let given = Given::on(&database).await;
    let mut branch = Branch::new("codex");
    branch.merge("Whole", "Ann", "Bob").touch("core/x").done();
    branch.merge("Partial", "Ann", "Bob").touch("core/y").done();
    branch.units[1].lines_partial = true;
    branch.keep(given.store(), 1).await;
    let refs = branch.units.iter().map(|unit| format!("commit:{}", unit.sha)).collect::<Vec<_>>();
    let cost = domain::report::resolve(given.store(), &refs).await.expect("resolved").cost.expect("a cost");
    let sure: Vec<_> = cost.parts.iter().map(|part| part.estimate.confidence.to_string()).collect();
    assert_eq!(sure, ["0.75", "0.65"]);
    assert_eq!(given.store().rebuild().await.map(|rebuilt| rebuilt.is_same()), Ok(true));
}

pub async fn a_decision_about_very_many_units_lets_others_write_between(database: Database) {
    let given = Given::on(&database).await;
    let link = given.seed().await;
    let branch = busy("codex", 1_400);
    branch.keep(given.store(), 200).await;
    given.decide("zoe", r#"{"kind": "person"}"#).await;
    let before = given.digest().await;
    let (store, context) = (given.state.store.clone(), given.context(None));
    let patch = node(r#"{"kind": "person", "name": "Ann Ürk", "aliases": ["annette"]}"#);
    let deciding =
        tokio::spawn(
            async move { record::edit_contributor(&*store, context, "ann", Some("*"), &patch).await },
        );
    let waiting = async || {
        let count = database.texts("SELECT CAST(COUNT(*) AS TEXT) FROM units_to_derive").await;
        count[0].parse::<i64>().expect("a number")
    };
    let (mut between, mut left) = (0, 0);
    while !deciding.is_finished() {
        given.event(link, &event("api", "1", "")).await;
        let now = waiting().await;
        between += i64::from(now > 0 && now != left);
        left = now;
    }
    deciding.await.expect("ended").expect("decided");
    assert!(between > 0, "an event was taken while units waited");
    assert_eq!(waiting().await, 0);
    given.assert_verified().await;
    let decided = given.digest().await;
    assert_ne!(decided, before);
    // Stopped in the middle, it is gone on with by whoever opens the database.
    given.decide("ann", r#"{"aliases": []}"#).await;
    let undone = given.digest().await;
    database.run("INSERT INTO contributor_aliases (alias, handle) VALUES ('annette', 'ann')").await;
    database.run("INSERT INTO units_to_derive (unit_id) SELECT id FROM units").await;
    assert_eq!(given.digest().await, undone, "meanwhile it is what it was");
    given.assert_verified().await;
    let again = Given::on(&database).await;
    assert_eq!(again.digest().await, decided);
    assert!(again.store().rebuild().await.expect("rebuilt").is_same());
}

pub async fn what_does_not_continue_what_is_kept_is_refused(database: Database) {
    let branch = busy("codex", 20);
    let given = Given::on(&database).await;
    branch.keep(given.store(), 10).await;
    let before = given.digest().await;
    for (from, to) in [(0, 10), (10, 20), (5, 20)] {
        let refused = given.store().keep_units(branch.batch(from, to)).await;
        assert_eq!(refused.unwrap_err(), Error::ImportedMeanwhile("codex".into()), "{from} to {to}");
    }
    let mut gap = branch.batch(0, 10);
    gap.repository.name = "other".into();
    assert!(given.store().keep_units(gap).await.is_err(), "units of another repository");
    assert_eq!(given.digest().await, before);
}

pub async fn a_merge_of_identities_is_undone_without_loss(database: Database) {
    let given = Given::on(&database).await;
    busy("codex", UNITS).keep(given.store(), 30).await;
    given.decide("annette", r#"{"kind": "external"}"#).await;
    let (before, anns, annettes) =
        (given.digest().await, given.credits("ann").await, given.credits("annette").await);
    assert!(!anns.is_empty() && !annettes.is_empty());
    let proposals = given.store().merge_proposals().await.expect("proposals");
    assert!(proposals.iter().any(|it| (&*it.handle, &*it.alias) == ("ann", "annette")), "{proposals:?}");

    let record = given.decide("ann", r#"{"aliases": ["annette"], "reason": "the same desk"}"#).await;
    assert_eq!((record.aliases, record.version), (vec!["annette".to_owned()], 1));
    given.assert_verified().await;
    let both = given.credits("ann").await;
    assert!(given.credits("annette").await.is_empty(), "they went over");
    assert!(
        both.len() < anns.len() + annettes.len(),
        "what fell together, and what was self-review, is gone"
    );
    assert!(both.iter().any(|it| it.credit.named_as == "annette"));
    let of_alias = given.store().contributor("annette").await.expect("read").expect("there");
    assert_eq!((of_alias.handle.as_str(), of_alias.kind), ("ann", ContributorKind::Person));
    assert!(given.store().merge_proposals().await.expect("proposals").is_empty());
    let mut pairs: Vec<_> =
        both.iter().map(|it| (it.credit.role, it.credit.unit, it.credit.claim.clone())).collect();
    pairs.sort();
    let count = pairs.len();
    pairs.dedup();
    assert_eq!(pairs.len(), count, "each of (contributor, role, unit, claim) once");

    given.decide("ann", r#"{"aliases": []}"#).await;
    given.assert_verified().await;
    assert_eq!(given.digest().await, before, "as if it never had been");
    let again = given.store().contributor("annette").await.expect("read").expect("there");
    assert_eq!(again.kind, ContributorKind::External, "what was decided of it is there again");
    given.decide("ann", r#"{"dismissed": ["annette"]}"#).await;
    assert!(given.store().merge_proposals().await.expect("proposals").is_empty());
    assert_eq!(given.digest().await, before);
}

pub async fn merges_are_proposed_by_address_by_handle_and_by_mailmap(database: Database) {
    let given = Given::on(&database).await;
    let mut branch = Branch::new("codex");
    for (name, address) in [
        ("Ann", "sea@example.org"),
        ("Annie", "Sea@Example.org "),
        ("Uno", "trio@example.org"),
        ("Dos", "trio@example.org"),
        ("Tres", "trio@example.org"),
        // More than three share it: a mailbox of many.
        ("One", "crowd@example.org"),
        ("Two", "crowd@example.org"),
        ("Three", "crowd@example.org"),
        ("Four", "crowd@example.org"),
        // Nobody's own.
        ("Rob", "noreply@example.org"),
        ("Ruth", "noreply@example.org"),
        ("M3-Taversal", "m3@example.org"),
        ("m3taversal", "mike@example.org"),
        ("Zoe", "zoe@example.org"),
    ] {
        branch.merge("Work", name, "Keeper").touch("core/notes.txt").done();
        branch.units.last_mut().expect("a unit").author.email = address.into();
    }
    let mut batch = branch.batch(0, branch.units.len());
    let line = |handle: &str, alias: String| MergeProposal {
        handle: handle.into(),
        alias,
        evidence: ".mailmap".into(),
    };
    let at = |address: &str| format!("{ADDRESS_OF}{}", address_digest(address));
    batch.proposals = vec![
        line("zoe", at("sea@example.org")),
        line("keeper", "rob".into()),
        line("keeper", at("nobody-signs-with@example.org")),
    ];
    given.store().keep_units(batch).await.expect("kept");
    let proposed = async || {
        let proposals = given.store().merge_proposals().await.expect("proposals");
        proposals.iter().map(|it| format!("{} {}: {}", it.handle, it.alias, it.evidence)).collect::<Vec<_>>()
    };
    assert_eq!(
        proposed().await,
        [
            "ann annie: same address",
            "keeper rob: .mailmap",
            "m3-taversal m3taversal: same handle but for its separators",
            "uno dos: same address",
            "uno tres: same address",
            "zoe ann: .mailmap",
            "zoe annie: .mailmap",
        ]
    );
    given.decide("zoe", r#"{"aliases": ["ann"], "dismissed": ["annie"]}"#).await;
    let left = proposed().await;
    assert!(!left.iter().any(|it| it.contains("ann")), "accepted, and dismissed: {left:?}");
}

pub async fn a_principal_holds_from_its_time_until_the_next(database: Database) {
    let given = Given::on(&database).await;
    let mut branch = Branch::new("codex");
    for at in 0..6 {
        let merge = branch.merge("rio: more", "rio", "keeper").trailer("pentagon-agent", "rio");
        merge.claim(&format!("domains/tides/c{at}.md"), &[]).done();
    }
    branch.keep(given.store(), 6).await;
    let principals = async || {
        let mut credits = given.credits("rio").await;
        credits.retain(|it| it.credit.role == Role::Extractor);
        credits.reverse();
        credits.into_iter().map(|it| it.credit.principal.unwrap_or_else(|| "-".into())).collect::<String>()
    };
    assert_eq!(principals().await, "------");
    let day = |day: i64| FIRST + TimeDelta::days(day);
    let from = |at: i64| day(at).to_rfc3339();
    let patch = |name: &str, day| format!(r#"{{"principal": {name}, "principal_from": "{}"}}"#, from(day));
    given.source.stop_at(day(2));
    given.decide("ann", r#"{"kind": "person"}"#).await;
    given.decide("rio", &patch("\"ann\"", 1)).await;
    assert_eq!(principals().await, "-annannannannann", "the first may be told of the past");
    given.source.stop_at(day(3));
    given.decide("bo", r#"{"kind": "person"}"#).await;
    given.decide("rio", &patch("\"bo\"", 3)).await;
    assert_eq!(principals().await, "-annannbobobo");
    given.source.stop_at(day(5));
    // Neither before the last period, nor within it: from then on somebody governed by these credits.
    for (name, at) in [("null", 2), ("null", 4), ("\"ann\"", 4), ("\"bo\"", 4)] {
        let message = given.refused("rio", &patch(name, at)).await;
        let expected = "principal_from: must be left out: it was decided at 2026-01-04T00:00:00Z already";
        assert!(message.starts_with(expected), "{name} {at}: {message}");
    }
    assert_eq!(principals().await, "-annannbobobo", "nothing of the past moved");
    let record = given.decide("rio", r#"{"principal": null}"#).await;
    assert_eq!(principals().await, "-annannbobo-");
    assert_eq!((record.principals.len(), record.principal_at(day(4))), (3, Some("bo")));
    given.source.stop_at(day(9));
    given.decide("rio", r#"{"principal": "ann"}"#).await;
    assert_eq!(principals().await, "-annannbobo-", "from now on");
    given.assert_verified().await;
    assert!(given.store().rebuild().await.expect("rebuilt").is_same());
}

/// Whom an agent works for is another, though no change of the agent names them.
pub async fn a_principal_that_is_merged_takes_the_work_of_its_agents_along(database: Database) {
    let given = Given::on(&database).await;
    let mut branch = Branch::new("codex");
    for at in 0..3 {
        // By an alias of the agent too: its units do not name it either.
        let by = ["rio", "rio-two", "rio"][at];
        let merge = branch.merge("More", by, "keeper").trailer("pentagon-agent", by);
        merge.claim(&format!("domains/tides/c{at}.md"), &[]).done();
    }
    branch.merge("Hers", "ann", "keeper").claim("domains/moon/a.md", &[(CitationKind::Cites, "c0")]).done();
    branch.keep(given.store(), 4).await;
    given.decide("rio", r#"{"aliases": ["rio-two"]}"#).await;
    given.decide("bob", r#"{"kind": "person"}"#).await;
    given.decide("rio", r#"{"principal": "bob", "principal_from": "2026-01-01T00:00:00Z"}"#).await;
    let principals = async || {
        let mut credits = given.credits("rio").await;
        credits.retain(|it| it.credit.role == Role::Extractor);
        credits.into_iter().map(|it| it.credit.principal.unwrap_or_default()).collect::<Vec<_>>()
    };
    let outcome = async || given.credits("rio").await.last().map(|it| it.credit.outcome.to_string());
    let before = given.digest().await;
    assert_eq!((principals().await, outcome().await.as_deref()), (vec!["bob".to_owned(); 3], Some("1.1")));
    given.decide("ann", r#"{"aliases": ["bob"]}"#).await;
    assert_eq!(principals().await, ["ann"; 3]);
    assert_eq!(outcome().await.as_deref(), Some("1.0"), "its principal cites it, who is no other");
    let merged = given.digest().await;
    given.store().derive_again().await.expect("derived");
    assert_eq!(given.digest().await, merged, "as deriving everything anew");
    assert!(given.store().rebuild().await.expect("rebuilt").is_same());
    given.assert_verified().await;
    given.decide("ann", r#"{"aliases": []}"#).await;
    assert_eq!(given.digest().await, before, "undone, as if it never had been");
}

/// What a piece is cited by: not by the source it was taken from, nor by whoever its extractor worked for.
pub async fn neither_its_source_nor_its_principal_are_others_that_cite_a_claim(database: Database) {
    let given = Given::on(&database).await;
    let mut branch = Branch::new("codex");
    let source = |claims: &[&str]| ObjectState {
        title: "Tide table".into(),
        citations: claims
            .iter()
            .map(|slug| Citation { kind: CitationKind::Source, slug: (*slug).into(), target: None })
            .collect(),
        ..ObjectState::default()
    };
    branch
        .merge("Add it", "rio", "zoe")
        .trailer("pentagon-agent", "rio")
        .claim("domains/tides/a.md", &[])
        .done();
    let table = branch.merge("Archive it", "bob", "bob");
    table.put(KnowledgeKind::Source, "inbox/archive/table.md", source(&["a"])).done();
    let somebody = branch.merge("Whom it is of", "bob", "bob");
    somebody.put(KnowledgeKind::Entity, "entities/somebody.md", source(&["a"])).done();
    let own = branch.merge("Mike's", "mike", "mike");
    own.claim("domains/moon/b.md", &[(CitationKind::Cites, "a")]).done();
    branch.keep(given.store(), 4).await;
    let outcome = async || {
        let mut credits = given.credits("rio").await;
        credits.retain(|it| it.credit.role == Role::Extractor);
        credits.pop().map(|it| it.credit.outcome.to_string())
    };
    assert_eq!(outcome().await.as_deref(), Some("1.1"), "by mike, while rio works for nobody");
    given.decide("rio", r#"{"principal": "mike", "principal_from": "2026-01-01T00:00:00Z"}"#).await;
    assert_eq!(outcome().await.as_deref(), Some("1.0"), "by nobody else");
    branch.merge("Bob's", "bob", "bob").claim("domains/moon/c.md", &[(CitationKind::Cites, "a")]).done();
    given.store().keep_units(branch.batch(4, 5)).await.expect("kept");
    assert_eq!(outcome().await.as_deref(), Some("1.1"), "by bob");
    given.assert_verified().await;
    assert!(given.store().rebuild().await.expect("rebuilt").is_same());
}

pub async fn decisions_that_cannot_be_are_refused_with_what_to_do(database: Database) {
    let given = Given::on(&database).await;
    busy("codex", UNITS).keep(given.store(), 30).await;
    given.decide("rio", r#"{"principal": "ann"}"#).await;
    given.decide("bob", r#"{"aliases": ["robert"]}"#).await;
    let mut said = Vec::new();
    for (handle, patch) in [
        ("rio", r#"{"principal": "clay"}"#),
        ("clay", r#"{"principal": "dependabot-bot"}"#),
        ("rio", r#"{"principal": "rio"}"#),
        ("rio", r#"{"principal": "nobody-knows"}"#),
        ("ann", r#"{"kind": "agent"}"#),
        ("ann", r#"{"principal": "rio"}"#),
        ("bob", r#"{"principal": "ann"}"#),
        ("rio", r#"{"kind": "person"}"#),
        ("rio", r#"{"kind": "infrastructure", "principal": "bob"}"#),
        ("zed", r#"{"kind": "person", "principal": "ann"}"#),
        ("ann", r#"{"aliases": ["ann"]}"#),
        ("ann", r#"{"aliases": ["robert"]}"#),
        ("ann", r#"{"aliases": ["bob"]}"#),
        ("ann", r#"{"aliases": ["rio"]}"#),
        ("ann", r#"{"aliases": ["Annette"]}"#),
        ("ann", r#"{"aliases": ["x"], "dismissed": ["x"]}"#),
        ("rio", r#"{"principal_from": "2026-01-20T00:00:00Z"}"#),
        ("rio", r#"{"principal": null, "principal_from": "2027-01-20T00:00:00Z"}"#),
        ("ann", r#"{"kind": "robot"}"#),
        ("ann", r#"{"hat": 1}"#),
    ] {
        said.push(format!("{handle} {patch}\n  {}", given.refused(handle, patch).await));
    }
    insta::assert_snapshot!("decisions_refused", said.join("\n"));
    let unknown = given.try_decide("zed", r#"{"name": "Zed"}"#).await;
    assert_eq!(unknown.unwrap_err(), Error::ContributorNotFound);
    let agent = given.decide("annette", r#"{"kind": "agent", "principal": "ann"}"#).await;
    assert_eq!(
        (agent.kind, agent.principals.len()),
        (ContributorKind::Agent, 1),
        "made one by the same patch"
    );
    let ended = given.decide("annette", r#"{"kind": "person", "principal": null}"#).await;
    assert_eq!(
        (ended.kind, ended.principals.len()),
        (ContributorKind::Person, 2),
        "a principal can be ended"
    );
    given.assert_verified().await;
}

pub async fn a_revert_ends_credits_and_its_own_revert_restores_them(database: Database) {
    let given = Given::on(&database).await;
    let mut branch = Branch::new("codex");
    let first = branch.merge("Add", "ann", "bob").claim("domains/tides/a.md", &[]).done();
    let second = branch.merge("Revert", "bob", "bob").touch("core/x").reverts(&first.sha).done();
    branch.keep(given.store(), 1).await;
    let ended = async |unit: &ReadUnit| {
        let detail = given.store().unit(unit.id()).await.expect("read").expect("there");
        assert!(detail.credits.iter().all(|credit| credit.ended_at == detail.card.ended_at));
        (detail.card.reverted_by, detail.card.ended_at)
    };
    assert_eq!(ended(&first).await, (Some(second.id()), Some(second.merged_at)));
    assert_eq!(given.totals().await, Vec::<String>::new(), "earned and ended in one month");
    let third =
        branch.merge("Revert the revert", "ann", "ann").touch("core/x").reverts(&second.sha[..9]).done();
    given.store().keep_units(branch.batch(2, 3)).await.expect("kept");
    assert_eq!(ended(&first).await, (None, None), "a revert of a revert restores");
    assert_eq!(ended(&second).await, (Some(third.id()), Some(third.merged_at)));
    assert_eq!(given.totals().await, ["ann - extractor 1 1000000", "bob - reviewer 1 1000000"]);
    branch.merge("And back", "ann", "ann").touch("core/x").reverts(&third.sha).done();
    branch.merge("Nobody's", "ann", "ann").touch("core/x").reverts("0123").reverts("ffffffffff").done();
    given.store().keep_units(branch.batch(3, 5)).await.expect("kept");
    assert_eq!(ended(&first).await, (Some(second.id()), Some(second.merged_at)));
    given.assert_verified().await;
    assert!(given.store().rebuild().await.expect("rebuilt").is_same());
}

pub async fn reverts_of_all_that_was_before_are_kept_up_to_a_hundred(database: Database) {
    const REVERTING: usize = 102;
    let given = Given::on(&database).await;
    let mut branch = Branch::new("codex");
    for at in 0..REVERTING {
        let earlier: Vec<String> = branch.units.iter().map(|unit| unit.sha.clone()).collect();
        let merge = branch.merge(&format!("Change {at}"), "ann", "bob").touch("core/x");
        earlier.iter().fold(merge, |merge, sha| merge.reverts(sha)).done();
    }
    branch.keep(given.store(), REVERTING).await;
    let mut reverted = Vec::new();
    for unit in &branch.units {
        let detail = given.store().unit(unit.id()).await.expect("read").expect("there");
        reverted.push(detail.card.reverted_by);
    }
    let first_to_stand = branch.units[100].id();
    assert!(reverted[..100].iter().all(|by| *by == Some(first_to_stand)), "{reverted:?}");
    assert_eq!(reverted[100..], [None, None], "the last names more than are looked for");
    given.assert_verified().await;
    assert!(given.store().rebuild().await.expect("rebuilt").is_same());
}

pub async fn citations_lead_to_what_stands_and_outcomes_follow(database: Database) {
    let given = Given::on(&database).await;
    let mut branch = Branch::new("codex");
    let cites = [(CitationKind::Cites, "a")];
    branch.merge("Cite what is not there yet", "bob", "bob").claim("domains/moon/b.md", &cites).done();
    branch.keep(given.store(), 1).await;
    let target = async || {
        let paths = ["domains/moon/b.md".to_owned()];
        given.store().citations_of("codex", &paths).await.expect("read").pop().expect("one").to_path
    };
    let outcome = async || {
        let mut credits = given.credits("ann").await;
        credits.retain(|it| it.credit.role == Role::Extractor);
        credits.last().map(|it| it.credit.outcome.to_string())
    };
    assert_eq!((target().await, outcome().await), (None, None), "broken");
    branch.merge("Add it", "ann", "ann").claim("domains/tides/a.md", &[]).done();
    given.store().keep_units(branch.batch(1, 2)).await.expect("kept");
    assert_eq!(
        (target().await.as_deref(), outcome().await.as_deref()),
        (Some("domains/tides/a.md"), Some("1.1"))
    );
    let state = branch.state("domains/tides/a.md");
    let moved = branch.merge("Move it", "bob", "bob").remove("domains/tides/a.md");
    moved.put(domain::contribution::KnowledgeKind::Claim, "domains/sun/a.md", state).done();
    given.store().keep_units(branch.batch(2, 3)).await.expect("kept");
    assert_eq!(
        (target().await.as_deref(), outcome().await.as_deref()),
        (Some("domains/sun/a.md"), Some("1.1"))
    );
    let claims = given.store().knowledge(None, "a").await.expect("read");
    let found: Vec<_> = claims.iter().map(|it| (&*it.object.path, it.credits.len())).collect();
    assert_eq!(found, [("domains/sun/a.md", 1)], "who made it is known where it is now");
    let cited_by = given.store().cited_by("codex", "domains/sun/a.md", 5).await.expect("read");
    assert_eq!(cited_by.iter().map(|it| &*it.from_slug).collect::<Vec<_>>(), ["b"]);
    branch.merge("Remove what cites it", "bob", "bob").remove("domains/moon/b.md").done();
    given.store().keep_units(branch.batch(3, 4)).await.expect("kept");
    assert_eq!(outcome().await.as_deref(), Some("1.0"));
    branch.merge("Remove it", "bob", "bob").remove("domains/sun/a.md").done();
    given.store().keep_units(branch.batch(4, 5)).await.expect("kept");
    assert_eq!(outcome().await.as_deref(), Some("0.25"));
    given.assert_verified().await;
    assert!(given.store().rebuild().await.expect("rebuilt").is_same());
}

pub async fn a_challenge_counts_by_what_became_of_it(database: Database) {
    const PATH: &str = "domains/tides/a.md";
    let given = Given::on(&database).await;
    let mut branch = Branch::new("codex");
    branch.merge("Add it", "ann", "ann").claim(PATH, &[]).done();
    let state = |confidence: &str, challenges: &[&str], title: &str| ObjectState {
        title: title.into(),
        domain: Some("tides".into()),
        confidence: Some(confidence.into()),
        challenged_by: challenges.iter().map(|text| (*text).to_owned()).collect(),
        ..ObjectState::default()
    };
    let mut kept = 0;
    for (title, by, to, outcome) in [
        ("Challenge it", "bob", state("likely", &["Lakes have none"], "Tides"), "0.5"),
        ("Answer it", "ann", state("likely", &["Lakes have none"], "Tides of the sea"), "1.0"),
        ("Doubt it", "ann", state("speculative", &["Lakes have none"], "Tides of the sea"), "1.5"),
        ("Take it back", "bob", state("speculative", &[], "Tides of the sea"), "0.0"),
    ] {
        branch.merge(title, by, by).put(KnowledgeKind::Claim, PATH, to).done();
        given.store().keep_units(branch.batch(kept, branch.units.len())).await.expect("kept");
        kept = branch.units.len();
        let mut credits = given.credits("bob").await;
        credits.retain(|it| it.credit.role == Role::Challenger);
        let outcomes: Vec<_> = credits.iter().map(|it| it.credit.outcome.to_string()).collect();
        assert_eq!(outcomes, [outcome], "{title}");
        given.assert_verified().await;
    }
    assert!(given.store().rebuild().await.expect("rebuilt").is_same());
}

/// A challenge shows by what others made of its target, while that stands; and never against work of one's own.
pub async fn a_challenge_shows_by_what_others_made_of_its_target(database: Database) {
    const PATH: &str = "domains/tides/a.md";
    let given = Given::on(&database).await;
    let mut branch = Branch::new("codex");
    branch.merge("Add it", "ann", "ann").claim(PATH, &[]).done();
    branch.merge("Add hers", "bob", "bob").claim("domains/tides/own.md", &[]).done();
    let state = |title: &str, sources: &[&str]| ObjectState {
        title: title.into(),
        domain: Some("tides".into()),
        confidence: Some("likely".into()),
        challenged_by: vec!["Lakes have none".into()],
        sources: sources.iter().map(|text| (*text).to_owned()).collect(),
        ..ObjectState::default()
    };
    let own = branch.merge("Challenge his own", "bob", "bob");
    own.put(KnowledgeKind::Claim, "domains/tides/own.md", state("Title of domains/tides/own.md", &[])).done();
    let outcome = async |path: &str| {
        let mut credits = given.credits("bob").await;
        credits.retain(|it| it.credit.role == Role::Challenger && it.credit.claim.as_deref() == Some(path));
        credits.pop().map(|it| it.credit.outcome.to_string()).expect("a challenge")
    };
    let mut kept = 0;
    for (title, by, to, expected) in [
        ("Challenge it", "bob", state("Title of domains/tides/a.md", &[]), "0.5"),
        ("Change it himself", "bob", state("Tides of seas", &[]), "0.5"),
        ("Name a source", "ann", state("Tides of seas", &["A table"]), "0.5"),
        ("Answer it", "ann", state("Tides of great seas", &["A table"]), "1.0"),
    ] {
        branch.merge(title, by, by).put(KnowledgeKind::Claim, PATH, to).done();
        given.store().keep_units(branch.batch(kept, branch.units.len())).await.expect("kept");
        kept = branch.units.len();
        assert_eq!(outcome(PATH).await, expected, "{title}");
    }
    assert_eq!(outcome("domains/tides/own.md").await, "0.0", "against his own");
    let answer = branch.units.last().expect("a unit").clone();
    let veto = given.try_veto(&answer.id().to_string(), "ann").await.expect("a veto");
    assert_eq!(outcome(PATH).await, "0.5", "the answer was rolled back");
    given.undo(veto.id, "ann").await.expect("undone");
    assert_eq!(outcome(PATH).await, "1.0");
    branch.merge("Take the answer back", "zoe", "zoe").touch("core/x").reverts(&answer.sha).done();
    branch
        .merge("Say it better", "zoe", "zoe")
        .put(KnowledgeKind::Claim, PATH, state("Salt tides", &[]))
        .done();
    given.store().keep_units(branch.batch(kept, kept + 1)).await.expect("kept");
    assert_eq!(outcome(PATH).await, "0.5", "the answer was reverted");
    given.store().keep_units(branch.batch(kept + 1, kept + 2)).await.expect("kept");
    assert_eq!(outcome(PATH).await, "1.0");
    given.decide("bob", r#"{"aliases": ["zoe"]}"#).await;
    assert_eq!(outcome(PATH).await, "0.5", "by nobody else");
    given.assert_verified().await;
    assert!(given.store().rebuild().await.expect("rebuilt").is_same());
}

/// A claim that gets another name is no new one: its makers keep it, its credits, uses and outcomes.
pub async fn a_claim_keeps_its_makers_under_another_name(database: Database) {
    let given = Given::on(&database).await;
    let mut branch = Branch::new("codex");
    branch.merge("Add it", "ann", "bob").claim("domains/tides/a.md", &[]).done();
    branch.merge("Cite it", "zoe", "bob").claim("domains/moon/c.md", &[(CitationKind::Cites, "b")]).done();
    for (from, to) in [("a", "b"), ("b", "better")] {
        let (from, to) = (format!("domains/tides/{from}.md"), format!("domains/tides/{to}.md"));
        let state = branch.state(&from);
        let renamed = branch.merge("Rename it", "clay", "bob").remove(&from);
        renamed.put(KnowledgeKind::Claim, &to, state).done();
    }
    branch.keep(given.store(), 1).await;
    let of = async |who: &str| {
        let mut credits = given.credits(who).await;
        credits.retain(|it| it.credit.role == Role::Extractor);
        credits.into_iter().map(|it| it.credit.outcome.to_string()).collect::<Vec<_>>()
    };
    assert!(of("clay").await.is_empty(), "who renames it writes nothing");
    assert_eq!(of("ann").await, ["1.0"], "it stands; what cited it by its old name leads nowhere");
    let claims = given.store().knowledge(None, "better").await.expect("read");
    let found: Vec<_> = claims.iter().map(|it| (&*it.object.path, it.credits.len())).collect();
    assert_eq!(found, [("domains/tides/better.md", 2)], "extractor and reviewer");
    given.assert_verified().await;
    assert!(given.store().rebuild().await.expect("rebuilt").is_same());
    database.run("INSERT INTO claim_use_days (day, slug, sessions) VALUES (20490, 'better', 3)").await;
    let basis = given.store().score_basis(0, i64::MAX, FIRST.date_naive()).await.expect("a basis");
    let used: Vec<_> = basis.used_roles.iter().map(|it| (&*it.slug, it.role, &*it.contributor)).collect();
    assert_eq!(used, [("better", Role::Reviewer, "bob"), ("better", Role::Extractor, "ann")]);
}

pub async fn whoever_is_decided_to_be_an_author_is_found_in_what_sources_say(database: Database) {
    let given = Given::on(&database).await;
    let mut branch = Branch::new("codex");
    let state = |source: &str| ObjectState {
        title: source.into(),
        domain: Some("tides".into()),
        sources: vec![source.into()],
        ..ObjectState::default()
    };
    for (path, source) in [
        ("domains/tides/a.md", "Nick Bostrom, Superintelligence"),
        ("domains/tides/b.md", "A thread by nick-bostrom"),
        ("domains/tides/c.md", "as @nb3 wrote"),
        ("domains/tides/d.md", "Nickel and bostroms"),
    ] {
        branch.merge("Add it", "ann", "bob").put(KnowledgeKind::Claim, path, state(source)).done();
    }
    branch.keep(given.store(), 4).await;
    let found = async || {
        let mut credits = given.credits("nick-bostrom").await;
        credits.retain(|it| it.credit.role == Role::Sourcer);
        credits.reverse();
        credits.into_iter().filter_map(|it| it.claim_slug).collect::<String>()
    };
    let before = given.digest().await;
    for (patch, expected) in [
        (r#"{"kind": "external"}"#, "ab"),
        (r#"{"aliases": ["nb3"]}"#, "abc"),
        (r#"{"kind": "agent"}"#, ""),
        (r#"{"kind": "external", "name": "Nickel"}"#, "abcd"),
        (r#"{"name": null}"#, "abc"),
        (r#"{"kind": null, "aliases": []}"#, ""),
    ] {
        given.decide("nick-bostrom", patch).await;
        assert_eq!(found().await, expected, "{patch}");
        let digest = given.digest().await;
        given.store().derive_again().await.expect("derived");
        assert_eq!(given.digest().await, digest, "{patch}");
    }
    assert_eq!(given.digest().await, before);
    given.assert_verified().await;
}

pub async fn what_cites_keeps_its_makers_when_it_is_moved(database: Database) {
    let given = Given::on(&database).await;
    let mut branch = Branch::new("codex");
    branch.merge("Add it", "ann", "ann").claim("domains/tides/a.md", &[]).done();
    // Ann's own, though bob brings it in; and bob's, brought in by ann.
    let citing = |by: &str| ObjectState {
        title: format!("By {by}"),
        citations: vec![Citation { kind: CitationKind::Cites, slug: "a".into(), target: None }],
        attribution: vec![Attribution {
            role: Role::Extractor,
            handle: by.into(),
            agent_id: None,
            context: None,
            date: None,
        }],
        ..ObjectState::default()
    };
    let own = branch.merge("Add ann's", "bob", "bob");
    own.put(KnowledgeKind::Claim, "domains/moon/own.md", citing("ann")).done();
    branch.keep(given.store(), 2).await;
    let mut kept = 2;
    let mut outcome = async |branch: &Branch| {
        given.store().keep_units(branch.batch(kept, branch.units.len())).await.expect("kept");
        kept = branch.units.len();
        given.assert_verified().await;
        let mut credits = given.credits("ann").await;
        credits.retain(|it| it.credit.claim.as_deref() == Some("domains/tides/a.md"));
        credits.last().map(|it| it.credit.outcome.to_string()).expect("a credit")
    };
    for (from, to) in [("moon", "sun"), ("sun", "stars")] {
        let (from, to) = (format!("domains/{from}/own.md"), format!("domains/{to}/own.md"));
        let state = branch.state(&from);
        let moved = branch.merge("Move it", "bob", "bob").remove(&from);
        moved.put(KnowledgeKind::Claim, &to, state).done();
        assert_eq!(outcome(&branch).await, "1.0", "ann cites herself, in {to}");
    }
    let other = branch.merge("Add bob's", "ann", "ann");
    other.put(KnowledgeKind::Claim, "domains/moon/other.md", citing("bob")).done();
    assert_eq!(outcome(&branch).await, "1.1");
    let state = branch.state("domains/moon/other.md");
    let moved = branch.merge("Move it", "ann", "ann").remove("domains/moon/other.md");
    moved.put(KnowledgeKind::Claim, "domains/sun/other.md", state).done();
    assert_eq!(outcome(&branch).await, "1.1", "bob's, wherever it is");
    // Another piece where it was: from where it came is not known any more.
    branch.merge("Put another there", "zoe", "zoe").claim("domains/moon/other.md", &[]).done();
    outcome(&branch).await;
    assert!(given.store().rebuild().await.expect("rebuilt").is_same());
}

pub async fn what_was_read_is_paged_through_once(database: Database) {
    let given = Given::on(&database).await;
    let branch = busy("codex", UNITS);
    branch.keep(given.store(), 40).await;
    let (mut query, mut found) = (UnitQuery { limit: 7, ..UnitQuery::default() }, Vec::new());
    loop {
        let Page { items, next_cursor } = given.store().units(&query).await.expect("units");
        found.extend(items.into_iter().map(|card| card.id));
        let Some(cursor) = next_cursor else { break };
        query.cursor = Some(Cursor::decode(&cursor).expect("its own cursor"));
    }
    let newest_first: Vec<_> = branch.units.iter().rev().map(ReadUnit::id).collect();
    assert_eq!(found, newest_first);
    for (query, some) in [
        (UnitQuery { search: "change 1".into(), ..UnitQuery::default() }, true),
        (UnitQuery { search: "CHANGE rio".into(), ..UnitQuery::default() }, true),
        (UnitQuery { search: "#12".into(), ..UnitQuery::default() }, true),
        (UnitQuery { search: "nowhere".into(), ..UnitQuery::default() }, false),
        (UnitQuery { class: Some(UnitClass::Pipeline), ..UnitQuery::default() }, true),
        (UnitQuery { repository: Some("other".into()), ..UnitQuery::default() }, false),
        (
            UnitQuery {
                proposer: Some("rio".into()),
                class: Some(UnitClass::Knowledge),
                ..UnitQuery::default()
            },
            true,
        ),
    ] {
        let items = given.store().units(&query).await.expect("units").items;
        assert_eq!(!items.is_empty(), some, "{query:?}");
    }
    let (mut query, mut found) = (ImportQuery { limit: 4, ..ImportQuery::default() }, Vec::new());
    loop {
        let Page { items, next_cursor } = given.store().import_issues(&query).await.expect("issues");
        found.extend(items);
        let Some(cursor) = next_cursor else { break };
        query.cursor = Some(Cursor::decode(&cursor).expect("its own cursor"));
    }
    let keys: Vec<_> = found.iter().map(|it| (it.path.clone(), it.unit.to_string())).collect();
    assert!(keys.is_sorted() && keys.len() == UNITS.div_ceil(4), "{keys:?}");
    for (repository, counted) in [(None, keys.len()), (Some("codex"), keys.len()), (Some("other"), 0)] {
        let counts = given.store().issue_counts(repository).await.expect("counts");
        assert_eq!(counts.iter().map(|it| it.count).sum::<i64>(), counted as i64, "{repository:?}");
    }
    let unit = &branch.units[11];
    for reference in [
        UnitReference::Commit(unit.sha[..7].into()),
        UnitReference::Commit(unit.sha.clone()),
        UnitReference::PullRequest { place: None, number: 12 },
        UnitReference::PullRequest { place: Some("forgejo".into()), number: 12 },
        UnitReference::PullRequest { place: Some("codex".into()), number: 12 },
    ] {
        let named = given.store().units_named(&reference).await.expect("read");
        assert_eq!(named.iter().map(|it| &it.read).collect::<Vec<_>>(), [unit], "{reference:?}");
    }
    let elsewhere = UnitReference::PullRequest { place: Some("github".into()), number: 12 };
    assert!(given.store().units_named(&elsewhere).await.expect("read").is_empty());
}

pub async fn events_are_taken_while_a_history_is_kept(database: Database) {
    let given = Given::on(&database).await;
    let link = given.seed().await;
    let branch = busy("codex", 120);
    let store = given.state.store.clone();
    let keeping = tokio::spawn(async move { branch.keep(&*store, 10).await });
    let mut taken = 0;
    while !keeping.is_finished() {
        given.event(link, &event("api", "1", "")).await;
        taken += 1;
    }
    keeping.await.expect("kept");
    assert!(taken > 0, "between chunks");
    given.assert_verified().await;
}
