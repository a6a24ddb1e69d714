//! What the server hands to the pages, one value of each in every request's context.

use domain::{error::FieldError, store::Store};
use std::{collections::BTreeMap, sync::Arc};

/// What is the same for every request of a running server.
#[derive(Clone)]
pub struct Site {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// Address of the style sheet, with its hash.
    pub stylesheet: String,
    /// Address of the small script that makes pages better where there is JavaScript, with its hash.
    pub script: String,
    /// Whether the islands' WebAssembly bundle was built; without it no hydration script is written.
    pub bundle: bool,
    /// The version that runs.
    pub version: &'static str,
    /// The commit it was built from, where that is known.
    pub commit: Option<&'static str>,
    /// Whether writing asks for an API key.
    pub locked: bool,
}

/// What the server knows of one request.
#[derive(Clone, Debug, Default)]
pub struct Visit {
    /// Scheme and host that the reader used, for commands to copy: `http://127.0.0.1:3000`.
    pub origin: String,
    /// The name of the API key that the reader signed in with.
    pub signed_in: Option<String>,
    /// A new key for the request that a form on this page will make, so that sending it twice files it once.
    pub request_key: String,
    /// A word about what was just done, from the address: `filed`, `appended`.
    pub done: Option<String>,
}

/// A form as it was sent, when it is to be shown again: what was typed, and what was wrong with it.
#[derive(Clone, Debug, Default)]
pub struct SentForm {
    /// What was typed, by field name. Field names are the paths of the API: `investments[0].energy_units`.
    pub typed: BTreeMap<String, String>,
    /// What is wrong, by the same paths; empty where a row was only added or removed.
    pub errors: Vec<FieldError>,
    /// What is wrong with the whole, where no field is to blame.
    pub message: Option<String>,
}
