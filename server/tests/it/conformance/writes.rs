//! Writing.

use super::{Given, event, node};
use crate::given::{Database, LINK, UNKNOWN};
use domain::{
    error::Error,
    id::EntryId,
    ledger::{Actor, Change},
    link::MAX_ITEMS,
    store::{IdempotencyKey, Made, StoreTotals, Verification, Write},
};
use tokio::task::JoinSet;

pub async fn a_link_is_kept_with_every_field(database: Database) {
    let given = Given::on(&database).await;
    let odd = r#"{"idea_id": "Ideé \"quoted\" \\ 'single' 💧", "spec_id": "%_[]{}$1;--", "estimated_cost": 0.000001,
        "implementation_refs": ["https://example.org/?a=b&c=%20", "ß", "null"],
        "contributors": {"idea": "李", "review": "O'Hara; DROP TABLE links"},
        "investments": [{"stage": "spec_upgrade", "contributor": "İi", "energy_units": 1000000000,
            "friction_score": 0.000001}]}"#;
    for body in [LINK, odd] {
        let filed = given.link(body).await;
        let kept = given.store().link(filed.id).await.expect("read").expect("there");
        assert_eq!(kept.link, filed);
        assert_eq!(kept.totals, Default::default());
    }
    given.assert_verified().await;
}

pub async fn the_largest_link_is_kept(database: Database) {
    let given = Given::on(&database).await;
    let name = "é".repeat(200);
    let refs = vec![format!("\"{}\"", "r".repeat(500)); MAX_ITEMS].join(",");
    let investment = format!(
        r#"{{"stage": "review", "contributor": "{name}", "energy_units": 0.123456, "coherence_score": 0.123456}}"#
    );
    let investments = vec![investment; MAX_ITEMS].join(",");
    let body = format!(
        r#"{{"idea_id": "{name}", "spec_id": "{name}", "contributors": {{"idea": "{name}"}},
            "implementation_refs": [{refs}], "investments": [{investments}], "estimated_cost": 1000000000000}}"#
    );
    let filed = given.link(&body).await;
    assert_eq!(given.store().link(filed.id).await.expect("read").expect("there").link, filed);
    given.assert_verified().await;
}

pub async fn an_event_moves_every_total_of_its_link(database: Database) {
    let given = Given::on(&database).await;
    let (link, other) = (given.seed().await, given.seed().await);
    for (source, value) in [("api", "45.5"), ("api", "54.5"), ("web", "0.000001"), ("API", "0")] {
        let appended = given.event(link, &event(source, value, "")).await;
        let kept = given.store().link(link).await.expect("read").expect("there");
        assert_eq!(kept.link.updated_at, appended.created_at, "an event touches its link");
    }
    let kept = given.store().link(link).await.expect("read").expect("there");
    assert_eq!(kept.totals.measured_value_total.to_string(), "100.000001");
    assert_eq!((kept.totals.event_count, kept.totals.source_count, kept.totals.metric_count), (4, 3, 1));
    let valuation = given.store().valuation(link).await.expect("read").expect("there");
    assert_eq!(valuation, domain::valuation::Valuation::of(&kept));
    let untouched = given.store().link(other).await.expect("read").expect("there");
    assert_eq!(
        (untouched.totals, untouched.link.updated_at),
        (Default::default(), untouched.link.created_at)
    );
    given.assert_verified().await;
}

pub async fn what_is_refused_leaves_nothing(database: Database) {
    let given = Given::on(&database).await;
    let unknown = UNKNOWN.parse().expect("an id");
    let refused = given.try_event(unknown, &event("api", "1", ""), Some("key")).await;
    assert_eq!(refused.unwrap_err(), Error::LinkNotFound);
    assert_eq!(given.store().verify().await.expect("a verification"), Verification::default());
    assert_eq!(given.store().totals().await.expect("totals"), StoreTotals::default());
    assert_eq!(given.store().valuation(unknown).await, Ok(None));
    assert_eq!(given.store().link(unknown).await, Ok(None));
    for table in [
        "links",
        "usage_events",
        "link_labels",
        "link_days",
        "store_days",
        "store_totals",
        "ledger_entries",
        "idempotency_keys",
    ] {
        let count = database.texts(&format!("SELECT CAST(COUNT(*) AS TEXT) FROM {table}")).await;
        assert_eq!(count, ["0"], "{table}");
    }
}

pub async fn an_answer_is_remembered_under_its_key(database: Database) {
    let given = Given::on(&database).await;
    let key = |scope: &str, fingerprint: &str| IdempotencyKey {
        scope: scope.into(),
        key: "k".into(),
        fingerprint: fingerprint.into(),
    };
    let now = crate::given::BEGINNING;
    let remember = async |key, answer: &str| given.store().remember(key, answer.into(), now).await;
    let first = remember(key("a", "1"), "{\"first\":1.0}").await.expect("kept");
    assert_eq!((first.made, first.replayed), (Made::Answer("{\"first\":1.0}".into()), false));
    let again = remember(key("a", "1"), "second").await.expect("kept");
    assert_eq!((again.made, again.replayed), (Made::Answer("{\"first\":1.0}".into()), true));
    assert_eq!(remember(key("a", "2"), "third").await.unwrap_err(), Error::IdempotencyKeyReused("k".into()));
    assert!(!remember(key("b", "2"), "third").await.expect("another scope").replayed);
    let verified = given.store().verify().await.expect("a verification");
    assert_eq!(verified, Verification::default(), "an answer is no change, and leaves no entry");
}

/// A change whose id is taken already, which no check but the database's own refuses.
fn taken(given: &Given, of: &Write) -> Write {
    Write { entry_id: EntryId::new(given.context(None).ids[1]), ..of.clone() }
}

fn filing(given: &Given) -> Write {
    let context = given.context(None);
    let link = domain::link::NewLink::read(&node(LINK)).expect("a link");
    let link = link.filed(domain::id::LinkId::new(context.ids[0]), context.origin, context.now);
    Write {
        entry_id: EntryId::new(context.ids[1]),
        actor: Actor::anonymous(),
        change: Change::FileLink { link },
        captured_at_given: false,
        idempotency: None,
        imported: None,
    }
}

pub async fn what_the_database_refuses_fails_alone(database: Database) {
    let given = Given::on(&database).await;
    let first = filing(&given);
    given.store().write(first.clone()).await.expect("the first");
    let refused = given.store().write(taken(&given, &first)).await;
    assert!(matches!(refused, Err(Error::Store(_))), "{refused:?}");
    given.seed().await;
    assert_eq!(given.store().verify().await.expect("a verification").links, 2);
    given.assert_verified().await;
}

pub async fn a_poisoned_batch_spares_the_others(database: Database) {
    let given = Given::on(&database).await;
    let first = filing(&given);
    given.store().write(first.clone()).await.expect("the first");
    let link = given.seed().await;
    let mut tasks = JoinSet::new();
    for at in 0..120 {
        let (given, poison) = (given.clone(), taken(&given, &first));
        tasks.spawn(async move {
            if at % 40 == 20 {
                assert!(given.store().write(poison).await.is_err());
            } else {
                given.event(link, &event("api", "0.5", "")).await;
            }
        });
    }
    tasks.join_all().await;
    let valuation = given.store().valuation(link).await.expect("read").expect("there");
    assert_eq!((valuation.measured_value_total.to_string().as_str(), valuation.event_count), ("58.5", 117));
    given.assert_verified().await;
}
