//! Vetoes.
