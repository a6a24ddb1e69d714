//! Flags, vetoes, decisions and uses, one by one and of many at once.

use super::registry_races::two_servers;
use super::{Given, node};
use crate::given::{AUTONOMY, Answer, Call, Database, FLAGS, LINKS, TestApp, VETOES, sea};
use chrono::NaiveDate;
use domain::{
    error::Error,
    governance::{ClaimUse, Flag, FlagQuery, FlagStatus, FlaggedQuery, Veto, VetoQuery, VetoStatus},
    id::{FlagId, VetoId},
    page::Page,
    record,
};
use server::{Limits, auth::Auth};
use std::{collections::BTreeMap, fmt::Write as _};
use tokio::task::JoinSet;

impl Given {
    async fn try_flag(&self, kind: &str, subject: &str, by: &str) -> Result<Flag, Error> {
        let body = format!(
            r#"{{"subject_kind": "{kind}", "subject": "{subject}", "contributor": "{by}", "reason": "x"}}"#
        );
        record::raise_flag(self.store(), self.context(None), &node(&body)).await.map(|written| written.made)
    }

    async fn withdraw(&self, id: FlagId, by: &str) -> Result<Flag, Error> {
        let body = node(&format!(r#"{{"contributor": "{by}", "reason": "y"}}"#));
        record::withdraw_flag(self.store(), self.context(None), id, &body).await.map(|written| written.made)
    }

    pub(super) async fn try_veto(&self, unit: &str, by: &str) -> Result<Veto, Error> {
        let body = node(&format!(r#"{{"unit": "{unit}", "contributor": "{by}", "reason": "x"}}"#));
        record::cast_veto(self.store(), self.context(None), &body).await.map(|written| written.made)
    }

    pub(super) async fn undo(&self, id: VetoId, by: &str) -> Result<Veto, Error> {
        let body = node(&format!(r#"{{"contributor": "{by}", "reason": "y"}}"#));
        record::undo_veto(self.store(), self.context(None), id, &body).await.map(|written| written.made)
    }

    async fn try_use(&self, claim: &str, session: &str, day: u32) -> Result<ClaimUse, Error> {
        let body =
            node(&format!(r#"{{"session": "{session}", "captured_at": "2026-01-{day:02}T12:00:00Z"}}"#));
        let written = record::use_claim(self.store(), self.context(None), claim, &body).await;
        written.map(|written| written.made)
    }
}

pub async fn subjects_weigh_what_their_standing_flags_do(database: Database) {
    let given = Given::on(&database).await;
    let sea = sea(given.store(), &given.source).await;
    let subjects = [
        ("unit", sea.tides.as_str()),
        ("unit", &sea.moon),
        ("unit", &sea.sun),
        ("claim", "tides-rise"),
        ("claim", "moon-pulls"),
    ];
    let people = ["rita", "zoe", "mo", "rio", "bot"];
    let (mut raised, mut twice) = (BTreeMap::new(), 0);
    // A generator of its own, the same in every run.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    for _ in 0..80 {
        let ((kind, subject), by) = (subjects[next(5)], people[next(5)]);
        match given.try_flag(kind, subject, by).await {
            Ok(flag) => {
                raised.insert((subject, by), flag.id);
            }
            Err(Error::FlaggedAlready { id, .. }) => {
                assert_eq!(raised.get(&(subject, by)), Some(&id));
                twice += 1;
                if next(2) == 0 {
                    given.withdraw(id, by).await.expect("withdrawn");
                    raised.remove(&(subject, by));
                }
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert!(twice > 10 && raised.len() > 5, "{twice} {raised:?}");
    let all =
        given.store().flags(&FlagQuery { limit: 500, ..FlagQuery::default() }).await.expect("flags").items;
    let mut weights: BTreeMap<String, i64> = BTreeMap::new();
    for record in &all {
        let standing = record.flag.status == FlagStatus::Active;
        assert_eq!(standing, raised.values().any(|id| *id == record.flag.id));
        *weights.entry(record.flag.about().key()).or_default() += record.flag.adds().micros();
    }
    for record in &all {
        assert_eq!(record.accumulated_weight.micros(), weights[&record.flag.about().key()]);
    }
    let order: Vec<_> = all.iter().map(|it| (it.accumulated_weight, it.flag.id)).collect();
    assert!(order.is_sorted_by(|one, other| one > other), "the heaviest first, then the newest");
    let Page { items: flagged, .. } = given.store().flagged(&FlaggedQuery::default()).await.expect("flagged");
    assert!(flagged.is_sorted_by(|one, other| (one.weight, one.newest) > (other.weight, other.newest)));
    for subject in &flagged {
        let key = subject.subject.key();
        assert_eq!(subject.weight.micros(), weights[&key]);
        let standing = given.store().standing_flags(std::slice::from_ref(&key)).await.expect("flags");
        assert_eq!(standing.len() as i64, subject.active);
    }
    given.assert_verified().await;
}

pub async fn one_of_the_same_flags_at_once_stands(database: Database) {
    let servers = two_servers(&database).await;
    let sea = sea(servers[0].store(), &servers[0].source).await;
    let mut tasks = JoinSet::new();
    for at in 0..12_usize {
        let (given, unit) = (servers[at % 2].clone(), sea.tides.clone());
        tasks.spawn(async move { given.try_flag("unit", &unit, ["zoe", "mo"][at / 6]).await });
    }
    let outcomes = tasks.join_all().await;
    let stand: Vec<&Flag> = outcomes.iter().flatten().collect();
    assert_eq!(stand.len(), 2, "{outcomes:?}");
    for lost in outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
        assert!(matches!(lost, Error::FlaggedAlready { id, .. } if stand.iter().any(|flag| flag.id == *id)));
    }
    let flagged = servers[1].store().flagged(&FlaggedQuery::default()).await.expect("flagged").items;
    assert_eq!(
        (flagged.len(), flagged[0].active, flagged[0].weight.to_string().as_str()),
        (1, 2, "0.611111")
    );
    servers[1].assert_verified().await;
}

pub async fn a_veto_then_its_undoing_restores_every_total(database: Database) {
    let servers = two_servers(&database).await;
    let sea = sea(servers[0].store(), &servers[0].source).await;
    let before = servers[0].store().derived_digest().await.expect("a digest");
    for unit in [&sea.tides, &sea.moon, &sea.sun] {
        let mut tasks = JoinSet::new();
        for at in 0..6_usize {
            let (given, unit) = (servers[at % 2].clone(), unit.clone());
            tasks.spawn(async move { given.try_veto(&unit, ["rita", "mo"][at % 2]).await });
        }
        let outcomes = tasks.join_all().await;
        let held: Vec<&Veto> = outcomes.iter().flatten().collect();
        assert_eq!(held.len(), 1, "{outcomes:?}");
        for lost in outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
            // What ended may be all that somebody had: whoever comes too late may have no say any more.
            let no_say = matches!(lost, Error::MayNotVeto { contributor, .. } if contributor == "mo");
            assert!(no_say || *lost == Error::VetoedAlready(held[0].id), "{lost}");
        }
        assert_ne!(servers[1].store().derived_digest().await.expect("a digest"), before);
        servers[1].assert_verified().await;
        let by = held[0].contributor.clone();
        servers[1].undo(held[0].id, &by).await.expect("undone");
        assert_eq!(servers[0].undo(held[0].id, &by).await, Err(Error::VetoUndone));
        assert_eq!(servers[1].store().derived_digest().await.expect("a digest"), before);
    }
    let all = servers[0].store().vetoes(&VetoQuery::default()).await.expect("vetoes").items;
    assert_eq!(all.iter().filter(|veto| veto.status == VetoStatus::Undone).count(), 3);
    servers[0].assert_verified().await;
}

pub async fn a_use_counts_once_however_many_tell_of_it(database: Database) {
    let servers = two_servers(&database).await;
    sea(servers[0].store(), &servers[0].source).await;
    let body = r#"{"idea_id": "i", "spec_id": "s", "implementation_refs": ["claim:tides-rise", "claim:moon-pulls"],
        "contributors": {}, "estimated_cost": 1}"#;
    let link = servers[0].link(body).await;
    let mut tasks = JoinSet::new();
    for at in 0..24_usize {
        let given = servers[at % 2].clone();
        tasks.spawn(async move {
            let (session, day) = (format!("s{}", at % 5), u32::try_from(at % 2).expect("a day") + 1);
            if at % 4 == 3 {
                let event = format!(
                    r#"{{"source": "{session}", "metric": "claim_usage", "value": 1, "captured_at": "2026-01-{day:02}T08:00:00Z"}}"#
                );
                given.event(link.id, &event).await;
                return false;
            }
            given.try_use("tides-rise", &session, day).await.expect("a use").counted
        });
    }
    tasks.join_all().await;
    let day = |day| NaiveDate::from_ymd_opt(2026, 1, day).expect("a day");
    let basis = servers[1].store().score_basis(0, 30_000, day(1)).await.expect("a basis");
    let of = |slug: &str, on: NaiveDate| {
        basis.uses.iter().filter(|it| it.slug == slug && it.day == on).map(|it| it.sessions).sum::<i64>()
    };
    assert_eq!([of("tides-rise", day(1)), of("tides-rise", day(2))], [5, 5]);
    // Events came on the second day alone: every odd one.
    assert_eq!([of("moon-pulls", day(1)), of("moon-pulls", day(2))], [0, 5]);
    let later = servers[1].store().score_basis(0, 30_000, day(3)).await.expect("a basis");
    assert_eq!((later.uses.len(), later.used_roles.len()), (0, 0), "what is too old is not read");
    servers[0].assert_verified().await;
}

/// The snapshots are the same for both databases, so that neither can come to differ from the other.
pub async fn the_same_governance_gives_the_same_bytes(database: Database) {
    let app = TestApp::on(database, Auth::Open, Limits::default()).await;
    let sea = sea(&*app.store, &app.source).await;
    let mut transcript = String::new();
    let mut add = |name: &str, answer: Answer| {
        let _ = writeln!(transcript, "{name}\n{} {}\n", answer.status.as_u16(), answer.text);
    };
    let flag = |kind: &str, subject: &str, by: &str| {
        format!(
            r#"{{"subject_kind": "{kind}", "subject": "{subject}", "contributor": "{by}", "reason": "Ünï \"x\""}}"#
        )
    };
    let raised = app.post(FLAGS, &flag("unit", &sea.tides, "Mo")).await;
    let id = raised.at("id");
    add("flag", raised);
    add("flag again", app.post(FLAGS, &flag("unit", &sea.tides, "mo")).await);
    add("flag a claim", app.post(FLAGS, &flag("claim", "Moon-Pulls", "rita")).await);
    add("flags", app.get(&format!("{FLAGS}?limit=1")).await);
    let by = r#"{"contributor": "mo", "reason": "y"}"#;
    let keyed = |path: &str, body: &str| Call::post(path, body).idempotency_key("key");
    add("withdraw", app.send(keyed(&format!("{FLAGS}/{id}/withdraw"), by)).await);
    add("withdraw, replayed", app.send(keyed(&format!("{FLAGS}/{id}/withdraw"), by)).await);
    let veto = format!(r#"{{"unit": "{}", "contributor": "zoe", "reason": "x"}}"#, sea.tides);
    let cast = app.send(keyed(VETOES, &veto)).await;
    let id = cast.at("id");
    add("veto", cast);
    add("veto, replayed", app.send(keyed(VETOES, &veto)).await);
    add("veto again", app.post(VETOES, &veto).await);
    add("vetoes", app.get(VETOES).await);
    add("autonomy", app.get(AUTONOMY).await);
    let decision = r#"{"agent": "rio", "level": "reviewed", "decided_by": "rita", "reason": "x"}"#;
    add("decision", app.send(keyed(AUTONOMY, decision)).await);
    add("undo", app.post(&format!("{VETOES}/{id}/undo"), by).await);
    add("undo again", app.post(&format!("{VETOES}/{id}/undo"), by).await);
    add("history", app.get(&format!("{AUTONOMY}/rio")).await);
    let uses = "/api/claims/tides-rise/usage-events";
    for body in [
        r#"{"session": "ü", "external_id": "1"}"#,
        r#"{"session": "ü"}"#,
        r#"{"session": "b", "external_id": "1"}"#,
    ] {
        add("use", app.post(uses, body).await);
    }
    let link = r#"{"idea_id": "i", "spec_id": "s", "implementation_refs": ["claim:tides-rise"], "contributors": {},
        "estimated_cost": 1}"#;
    let link = app.file_link(link).await;
    let event = r#"{"source": "c", "metric": "claim_usage", "value": 1}"#;
    app.post(&format!("{LINKS}/{link}/usage-events"), event).await.assert_status(201);
    insta::assert_snapshot!("answers", transcript.trim_end());
    let ledger = "SELECT recorded_at || ' ' || actor || ' ' || action || ' ' || subject || ' ' || body \
                  FROM ledger_entries ORDER BY id";
    insta::assert_snapshot!("ledger", app.database.texts(ledger).await.join("\n"));
    let days = "SELECT slug || ' ' || day || ' ' || sessions FROM claim_use_days ORDER BY slug, day";
    assert_eq!(app.database.texts(days).await, ["tides-rise 20499 2"]);
    app.assert_verified().await;
}

pub async fn links_that_were_filed_before_are_known_to_name_claims_by_the_migration(database: Database) {
    let given = Given::on(&database).await;
    for refs in [r#"["claim:a"]"#, r#"["PR#1", "CLAIM:b"]"#, r#"["PR#1"]"#, "[]", r#"["x\",\"claim:c"]"#] {
        let body = format!(
            r#"{{"idea_id": "i", "spec_id": "s", "implementation_refs": {refs}, "contributors": {{}}, "estimated_cost": 1}}"#
        );
        given.link(&body).await;
    }
    let named = "SELECT id || ' ' || names_claims FROM links ORDER BY id";
    let before = database.texts(named).await;
    assert_eq!(before.iter().filter(|line| line.ends_with(" 1")).count(), 2, "{before:?}");
    given.store().close().await;
    database
        .run(
            "DROP TABLE flags; DROP TABLE flag_subjects; DROP TABLE vetoes; DROP TABLE autonomy_decisions; \
             DROP TABLE claim_uses; DROP TABLE claim_use_days; ALTER TABLE links DROP COLUMN names_claims; \
             DELETE FROM _sqlx_migrations WHERE version = 6",
        )
        .await;
    let again = Given::on(&database).await;
    assert_eq!(database.texts(named).await, before);
    again.assert_verified().await;
}
