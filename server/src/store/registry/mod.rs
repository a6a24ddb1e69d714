//! Specs, ideas and change requests in the store: what a batch knows of them, decides and writes, and how they are read.

pub mod imports;
pub mod known;
pub mod plan;
pub mod reads;
mod rows;
mod statements;
pub mod verify;
