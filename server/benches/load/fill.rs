//! Histories to measure against, filed by the same rules as any other.

use anyhow::Result;
use domain::{
    input::Node,
    ledger::Actor,
    record::{self, Context},
    store::Store,
};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use server::state::{Source as _, System};

/// Events under way at a time: as many as one transaction takes.
const UNDER_WAY: usize = 512;

/// Files a link with that many events; its id.
pub async fn link_with_events(store: &dyn Store, events: u64) -> Result<String> {
    let content = Node::from_json(
        br#"{"idea_id":"bench","spec_id":"bench","estimated_cost":120.0,
             "contributors":{"idea":"alice","research":"rita","spec":"bob","implementation":"carol","review":"dave"},
             "investments":[{"stage":"research","contributor":"rita","energy_units":3.0},
                            {"stage":"implementation","contributor":"carol","energy_units":4.0}]}"#,
    )?;
    let link = record::file_link(store, context(), &content).await?.made.id;
    let event = Node::from_json(br#"{"source":"api","metric":"adoption_events","value":1.0}"#)?;
    stream::iter(0..events)
        .map(|_| record::append_event(store, context(), link, &event))
        .buffer_unordered(UNDER_WAY)
        .try_for_each(|_| async { Ok(()) })
        .await?;
    Ok(link.to_string())
}

fn context() -> Context {
    Context {
        actor: Actor::anonymous(),
        now: System.now(),
        ids: [System.id(), System.id()],
        origin: domain::origin::Origin::Work,
        idempotency_key: None,
    }
}
