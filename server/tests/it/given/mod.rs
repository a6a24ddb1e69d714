//! What every test begins with: databases, the app over one of them, the real command, and requests to both.

mod answer;
mod app;
pub mod branch;
mod call;
mod client;
mod codex;
mod command;
mod database;
mod history;
mod json;
mod seed;
mod source;

pub use answer::Answer;
pub use app::{TestApp, unreachable_gates};
pub use branch::{Branch, busy};
pub use call::Call;
pub use client::Client;
pub use codex::{Codex, decide, sea};
pub use command::{Running, Tributary};
pub use database::{Database, on_postgres};
pub use history::{Repository, Signed, git};
pub use json::{Json, minified};
pub use seed::{
    EVENT, LINK, LINK_ANSWER, POOL, PREVIEW_ANSWER, SECOND_EVENT, VALUATION_ANSWER, link_of_cost,
};
pub use source::{BEGINNING, FixedSource};

/// Where links are filed and listed.
pub const LINKS: &str = "/api/value-lineage/links";
/// Where specs are registered and listed.
pub const SPECS: &str = "/api/spec-registry";
/// Where ideas are registered and listed.
pub const IDEAS: &str = "/api/ideas";
/// Where changes are proposed and listed.
pub const CHANGE_REQUESTS: &str = "/api/governance/change-requests";
/// Where flags are raised and listed.
pub const FLAGS: &str = "/api/governance/flags";
/// Where vetoes are cast and listed.
pub const VETOES: &str = "/api/governance/vetoes";
/// Where agents' autonomy is decided and listed.
pub const AUTONOMY: &str = "/api/governance/autonomy";
/// A link's id that is well formed and that nobody has.
pub const UNKNOWN: &str = "lnk_01h455vb4pex5vsknk084sn02q";
