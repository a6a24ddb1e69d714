//! The writes: what a page, a server function and a JSON route all call to change anything.

mod autonomy;
mod claim_uses;
mod contributions;
mod flags;
mod gates;
mod governance;
mod imports;
mod registry;
mod vetoes;

pub use autonomy::decide_autonomy;
pub use claim_uses::use_claim;
pub use contributions::{edit_contributor, keep_import_run};
pub use flags::{raise_flag, withdraw_flag};
pub use gates::{keep_answer, keep_gate_report, kept_answer, remove_gate_links, reserve_run};
pub use governance::{cast_vote, propose_change};
pub use imports::{import_spec, plan_import};
pub use registry::{edit_idea, edit_spec, register_idea, register_spec};
pub use vetoes::{cast_veto, undo_veto};

use crate::canonical;
use crate::contribution::link_cost;
use crate::error::Error;
use crate::event::{NewEvent, UsageEvent};
use crate::id::{EntryId, EventId, LinkId};
use crate::input::Node;
use crate::ledger::{Actor, Change};
use crate::link::{LineageLink, NewLink};
use crate::origin::Origin;
use crate::payout::{PayoutPreview, PayoutRequest, preview_under};
use crate::store::{IdempotencyKey, Made, Store, Write, Written};
use chrono::{DateTime, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Characters that an idempotency key may have.
pub const MAX_IDEMPOTENCY_KEY: usize = 255;

/// Who asks, when, and with what: everything that is not content, handed in so that nothing here reads a clock.
#[derive(Debug, Clone)]
pub struct Context {
    /// Who acts.
    pub actor: Actor,
    /// Now, to the microsecond.
    pub now: DateTime<Utc>,
    /// New ids, sorted by time: the thing made, then its ledger entry.
    pub ids: [Uuid; 2],
    /// Where a link that is filed comes from.
    pub origin: Origin,
    /// The sender's `Idempotency-Key`.
    pub idempotency_key: Option<String>,
}

impl Context {
    /// The sender's key with what it stands for.
    fn key(&self, route: &str, content: &impl Serialize) -> Result<Option<IdempotencyKey>, Error> {
        let Some(key) = &self.idempotency_key else { return Ok(None) };
        if key.is_empty()
            || key.len() > MAX_IDEMPOTENCY_KEY
            || !key.bytes().all(|byte| (0x20..0x7f).contains(&byte))
        {
            let message = format!("must have 1 to {MAX_IDEMPOTENCY_KEY} printable ASCII characters");
            return Err(Error::field("Idempotency-Key", message));
        }
        let digest = Sha256::digest(canonical::bytes(content));
        let fingerprint = canonical::hex(&digest);
        Ok(Some(IdempotencyKey { scope: format!("{} {route}", self.actor), key: key.clone(), fingerprint }))
    }

    fn write(&self, change: Change, captured_at_given: bool, idempotency: Option<IdempotencyKey>) -> Write {
        Write {
            entry_id: EntryId::new(self.ids[1]),
            actor: self.actor.clone(),
            change,
            captured_at_given,
            idempotency,
            imported: None,
        }
    }
}

/// Files a link.
pub async fn file_link(
    store: &dyn Store,
    context: Context,
    content: &Node,
) -> Result<Written<LineageLink>, Error> {
    let new = NewLink::read(content)?;
    let route = if context.origin.is_gate() { "file_gate_link" } else { "file_link" };
    let key = context.key(route, &new)?;
    let mut link = new.filed(LinkId::new(context.ids[0]), context.origin, context.now);
    let refs = crate::report::resolved_refs(store, &link).await?;
    link.cost = link_cost(link.estimated_cost, &link.implementation_refs, refs.cost.as_ref());
    let written = store.write(context.write(Change::FileLink { link }, false, key)).await?;
    match written.made {
        Made::Link(made) => Ok(Written { made, replayed: written.replayed }),
        _ => Err(Error::Store("the store answered a filed link with something else".into())),
    }
}

/// Appends an event to a link.
pub async fn append_event(
    store: &dyn Store,
    context: Context,
    link: LinkId,
    content: &Node,
) -> Result<Written<UsageEvent>, Error> {
    let new = match NewEvent::read(content, context.now) {
        // A link that is not there is the first thing to be told of.
        Err(_) if store.valuation(link).await?.is_none() => return Err(Error::LinkNotFound),
        read => read?,
    };
    let key = context.key(&format!("append_event {link}"), &new)?;
    let captured_at_given = new.captured_at.is_some();
    let event = new.appended(EventId::new(context.ids[0]), link, context.now);
    let written = store.write(context.write(Change::AppendEvent { event }, captured_at_given, key)).await?;
    match written.made {
        Made::Event(made) => Ok(Written { made, replayed: written.replayed }),
        _ => Err(Error::Store("the store answered an appended event with something else".into())),
    }
}

/// Previews a payout, as JSON. With an idempotency key, the first answer is kept and given again.
pub async fn preview_payout(
    store: &dyn Store,
    context: Context,
    link: LinkId,
    content: &Node,
) -> Result<Written<String>, Error> {
    let record = store.link(link).await?.ok_or(Error::LinkNotFound)?;
    let request = PayoutRequest::read(content)?;
    let drawn = crate::report::drawn_on(store, &record, request.policy).await?;
    let preview: PayoutPreview =
        preview_under(request.policy, &record, &request.pool, &drawn, request.pay_principals);
    let answer = serde_json::to_string(&preview).map_err(|error| Error::Store(error.to_string()))?;
    let key = context.key(&format!("preview_payout {link}"), &request.body())?;
    remember(store, &context, key, answer).await
}

/// Keeps an answer under the sender's key, if there is one: the answer, or the one that was kept before.
async fn remember(
    store: &dyn Store,
    context: &Context,
    key: Option<IdempotencyKey>,
    answer: String,
) -> Result<Written<String>, Error> {
    let Some(key) = key else { return Ok(Written { made: answer, replayed: false }) };
    let written = store.remember(key, answer, context.now).await?;
    match written.made {
        Made::Answer(made) => Ok(Written { made, replayed: written.replayed }),
        _ => Err(Error::Store("the store answered a kept answer with something else".into())),
    }
}
