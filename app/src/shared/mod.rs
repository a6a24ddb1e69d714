//! What pages and islands both show things with.

pub mod chip;
pub mod number;
pub mod order;
pub mod slide;
