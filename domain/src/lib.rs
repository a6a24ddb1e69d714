//! The rules of Tributary: links, events, valuations, payout policies, and the one port to where they are kept.
//!
//! No web, no SQL, no clock, no randomness: time and ids are arguments. It compiles to WebAssembly, so the
//! browser runs the very same payout engine as the server.

pub mod allocate;
pub mod canonical;
mod catalog;
pub mod change_request;
pub mod contribution;
pub mod decimal;
pub mod edit;
pub mod error;
pub mod event;
pub mod gate;
pub mod governance;
pub mod id;
pub mod idea;
pub mod input;
pub mod ledger;
pub mod link;
pub mod money;
pub mod origin;
pub mod page;
pub mod payout;
pub mod policy;
pub mod record;
pub mod registry;
pub mod report;
pub mod spec;
pub mod stage;
pub mod store;
pub mod valuation;
