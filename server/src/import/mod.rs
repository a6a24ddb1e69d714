//! What is brought in from elsewhere.

mod front_matter;
pub mod git;
pub mod history;
pub mod specs;
