//! The parts of pages that go on working in the browser.

pub mod what_if;
