//! The server as its callers meet it: by its router over a real database, and as the real command.

mod given;

mod assets;
mod auth;
mod autonomy;
mod changes;
mod claim_uses;
mod conformance;
mod contract;
mod contribution_forms;
mod contributors;
mod faults;
mod flags;
mod forms;
mod gates;
mod governance;
mod history;
mod ideas;
mod idempotency;
mod import;
mod ledger;
mod link_references;
mod lists;
mod openapi;
mod operation;
mod payouts;
mod payouts_by_history;
mod refusals;
mod registry_forms;
mod specs;
mod verify;
mod vetoes;
