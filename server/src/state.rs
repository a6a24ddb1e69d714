//! What every handler is given.

use crate::{auth::Auth, changes::Changes, gate::Gates};
use app::context::Site;
use axum::http::HeaderName;
use chrono::{DateTime, SubsecRound as _, Utc};
use domain::{ledger::Actor, origin::Origin, record::Context, store::Store};
use std::{ops::Deref, sync::Arc};
use uuid::Uuid;

/// Where time and ids come from; tests bring their own.
pub trait Source: Send + Sync {
    /// Now, to the microsecond.
    fn now(&self) -> DateTime<Utc>;

    /// A new id, later in sort order than those before it.
    fn id(&self) -> Uuid;
}

/// The clock of the machine, and UUIDs of version 7.
#[derive(Debug, Clone, Copy)]
pub struct System;

#[expect(clippy::disallowed_methods, reason = "this is where time and ids come from")]
impl Source for System {
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }

    fn id(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// What every handler is given. It is cloned several times a request, so it is one pointer.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

/// What all handlers share.
pub struct Shared {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// Who may write.
    pub auth: Auth,
    /// Time and ids.
    pub source: Arc<dyn Source>,
    /// What tries deployments and commits.
    pub gates: Gates,
    /// What pages need to know.
    pub site: Site,
    /// Who listens for changes.
    pub changes: Changes,
    /// The header in which a proxy in front names the client; none where whoever connects is the client.
    pub client_header: Option<HeaderName>,
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl AppState {
    /// A server's state.
    pub fn new(store: Arc<dyn Store>, auth: Auth, source: Arc<dyn Source>, gates: Gates) -> Self {
        let site = Site {
            store: store.clone(),
            stylesheet: crate::assets::address("tributary.css"),
            script: crate::assets::address("tributary.js"),
            bundle: crate::assets::has_bundle(),
            version: env!("CARGO_PKG_VERSION"),
            commit: crate::commit(),
            locked: auth.is_locked(),
            gates: Arc::new(gates.site()),
        };
        let changes = Changes::of(store.clone());
        Self(Arc::new(Shared { store, auth, source, gates, site, changes, client_header: None }))
    }

    /// The same, where a proxy in front names the client in a header. To be said before the state is shared.
    pub fn with_client_header(mut self, header: Option<HeaderName>) -> Self {
        if let Some(shared) = Arc::get_mut(&mut self.0) {
            shared.client_header = header;
        }
        self
    }

    /// The same, with the islands' bundle or without it, whatever was built. To be said before the state is shared.
    pub fn with_bundle(mut self, bundle: bool) -> Self {
        if let Some(shared) = Arc::get_mut(&mut self.0) {
            shared.site.bundle = bundle;
        }
        self
    }

    /// What a write needs beside its content.
    pub fn context(&self, actor: Actor, idempotency_key: Option<String>) -> Context {
        let ids = [self.source.id(), self.source.id()];
        Context { actor, now: self.source.now(), ids, origin: Origin::Work, idempotency_key }
    }
}
