//! Tests of the rules from outside.

mod contributors;
mod credits;
mod given;
mod governance;
mod imports;
mod kept;
mod laws;
mod limits;
mod registry;
mod seed;
mod validation;
