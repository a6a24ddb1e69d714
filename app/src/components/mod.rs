//! The pieces that pages are made of.

pub(crate) mod bar;
pub(crate) mod bundle;
pub(crate) mod chain;
pub(crate) mod chain_shape;
pub(crate) mod chart;
pub(crate) mod chart_shape;
pub(crate) mod command;
pub(crate) mod copy;
pub(crate) mod crumbs;
pub(crate) mod field;
pub(crate) mod figures;
pub(crate) mod footer;
pub(crate) mod nav;
pub(crate) mod notice;
pub(crate) mod pager;
pub(crate) mod people;
pub(crate) mod sankey;
pub(crate) mod sankey_shape;
pub(crate) mod scroll;
pub(crate) mod signals;
pub(crate) mod sparkline;
pub(crate) mod time;
pub(crate) mod title;
pub(crate) mod url;
pub(crate) mod waterfall;
