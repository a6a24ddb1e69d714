//! How a page is kept in step with the server: told of changes, it fetches itself and takes over what differs.

mod morph;
mod region;
mod source;

pub(super) use source::Live;
