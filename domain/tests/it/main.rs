//! Tests of the rules from outside.
