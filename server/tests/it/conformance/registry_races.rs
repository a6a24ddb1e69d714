//! Specs and change requests, of many at once.

use super::registry::{link_of, spec_of};
use super::{Given, event};
use crate::given::{Database, link_of_cost};
use domain::{change_request::Status, error::Error, page::LinkQuery, spec::Spec};
use server::state::Source as _;
use tokio::task::JoinSet;

/// Two servers on one database, whose ids differ as those of real servers do.
pub(super) async fn two_servers(database: &Database) -> [Given; 2] {
    let servers = [Given::on(database).await, Given::on(database).await];
    for _ in 0..100_000 {
        servers[1].source.id();
    }
    servers
}

pub async fn one_of_many_editors_at_once_wins(database: Database) {
    let servers = two_servers(&database).await;
    servers[0].spec(&spec_of("s", "")).await;
    for version in 1..=4_i64 {
        let mut tasks = JoinSet::new();
        for at in 0..16_usize {
            let given = servers[at % 2].clone();
            tasks.spawn(async move {
                let body = format!(r#"{{"title": "By {at} after {version}"}}"#);
                given.try_edit("s", &format!("\"{version}-tag\""), &body).await
            });
        }
        let outcomes = tasks.join_all().await;
        let won: Vec<&Spec> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).collect();
        assert_eq!(won.len(), 1, "{outcomes:?}");
        for lost in outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
            assert_eq!(*lost, Error::Stale(version + 1));
        }
        assert_eq!(servers[0].entry("s").await.content, won[0].content);
    }
    servers[1].assert_verified().await;
}

pub async fn one_of_many_registrations_at_once_wins(database: Database) {
    let servers = two_servers(&database).await;
    servers[0].link(&link_of("s1", "idea", "1")).await;
    for id in ["s0", "s1"] {
        let mut tasks = JoinSet::new();
        for at in 0..16_usize {
            let given = servers[at % 2].clone();
            tasks.spawn(async move {
                if at % 4 == 3 {
                    given.link(&link_of(id, "idea", "1")).await;
                }
                let body = format!(r#"{{"spec_id": "{id}", "title": "By {at}"}}"#);
                given.try_spec(&body).await.map(|written| written.made)
            });
        }
        let outcomes = tasks.join_all().await;
        let won: Vec<&Spec> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).collect();
        assert_eq!(won.len(), 1, "{outcomes:?}");
        assert!(
            outcomes
                .iter()
                .flat_map(|outcome| outcome.as_ref().err())
                .all(|lost| *lost == Error::spec_registered(id))
        );
        assert_eq!(servers[1].entry(id).await.content.title, won[0].content.title);
    }
    servers[1].assert_verified().await;
}

pub async fn votes_at_once_apply_once(database: Database) {
    let servers = two_servers(&database).await;
    let link = servers[0].link(&link_of_cost("idea", "1")).await;
    for round in 0..4 {
        let id = servers[round % 2].propose_name(link.id, 3).await;
        let mut tasks = JoinSet::new();
        for at in 0..12_usize {
            let given = servers[at % 2].clone();
            tasks.spawn(async move {
                given.event(link.id, &event("api", "1", "")).await;
                // The same voter on both servers.
                given.vote(id, &format!("voter-{}", at / 2), "yes").await
            });
        }
        let outcomes = tasks.join_all().await;
        let taken = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let applied = outcomes.iter().flatten().filter(|request| request.status == Status::Applied).count();
        assert_eq!((taken, applied), (3, 1), "{outcomes:?}");
        let kept = servers[0].store().change_request(id).await.expect("read").expect("there");
        assert_eq!((kept.status, kept.votes.len()), (Status::Applied, 3));
        let mut voters: Vec<&str> = kept.votes.iter().map(|vote| vote.voter.as_str()).collect();
        voters.sort_unstable();
        voters.dedup();
        assert_eq!(voters.len(), 3, "nobody twice");
    }
    let named = servers[1].store().link(link.id).await.expect("read").expect("there");
    assert_eq!(named.link.contributors.review.as_deref(), Some("rita"));
    assert_eq!(named.totals.event_count, 48);
    let found = servers[1].store().links(&LinkQuery { search: "rita".into(), ..LinkQuery::default() }).await;
    assert_eq!(found.expect("a page").items.len(), 1, "found by the new name");
    servers[1].assert_verified().await;
}
