//! The parts of pages that go on working in the browser.

mod live;
pub mod live_refresh;
pub mod what_if;
