//! Reads the history of a branch.

mod front_matter;
mod issue;
mod links;
mod markdown;
mod message;
