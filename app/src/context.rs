//! What the server hands to the pages, one value of each in every request's context.

use chrono::{DateTime, Utc};
use domain::{
    error::{Described, FieldError},
    gate::Contract,
    store::Store,
};
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
    /// What pages need to know of this server's gates.
    pub gates: Arc<GateSite>,
}

/// What pages need to know of a server's gates.
#[derive(Clone, Debug, Default)]
pub struct GateSite {
    /// The contracts, in the order in which they are shown.
    pub contracts: Vec<Contract>,
    /// The base address that deployment gates look at.
    pub target: String,
    /// The git repository that is asked about commits, by its path; none where nobody told of one.
    pub repository: Option<String>,
    /// Its branch.
    pub branch: String,
    /// The commit that should be deployed, where an operator told; else the head of the branch is expected.
    pub expected_sha: Option<String>,
    /// How often gates run by themselves, in minutes; none where they do not.
    pub every_minutes: Option<u64>,
    /// How long what a gate filed is kept, in days.
    pub retention_days: u64,
    /// For how long a report is given again, in seconds.
    pub max_age_seconds: u64,
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
    /// When the request came.
    pub now: DateTime<Utc>,
    /// A word about what was just done, from the address: `filed`, `appended`.
    pub done: Option<String>,
}

/// Something that went wrong before any page was reached: shown in the page's place, whatever its address.
#[derive(Clone, Debug)]
pub struct Failure(pub Described);

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

impl SentForm {
    /// What was typed into a field, where the form was sent.
    pub fn typed(&self, name: &str) -> Option<&str> {
        self.typed.get(name).map(String::as_str)
    }

    /// What is wrong with a field, or with an item of the list that it holds.
    pub fn errors_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a FieldError> {
        self.errors.iter().filter(move |error| is_about(&error.field, name))
    }

    /// Whether anything is wrong.
    pub fn is_refused(&self) -> bool {
        !self.errors.is_empty() || self.message.is_some()
    }

    /// How many rows of a list were typed: one more than the highest index.
    pub fn rows(&self, list: &str) -> usize {
        let index = |name: &str| -> Option<usize> {
            name.strip_prefix(list)?.strip_prefix('[')?.split_once(']')?.0.parse().ok()
        };
        self.typed.keys().filter_map(|name| index(name)).max().map_or(0, |highest| highest + 1)
    }
}

/// Whether an error's path names a field or an item of its list.
pub(crate) fn is_about(path: &str, field: &str) -> bool {
    path.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(names: &[&str], errors: &[&str]) -> SentForm {
        let error = |field: &&str| FieldError { field: (*field).into(), message: "must not be empty".into() };
        SentForm {
            typed: names.iter().map(|name| ((*name).to_owned(), String::new())).collect(),
            errors: errors.iter().map(error).collect(),
            message: None,
        }
    }

    #[test]
    fn rows_are_one_more_than_the_highest_index_typed() {
        assert_eq!(sent(&["idea_id"], &[]).rows("investments"), 0);
        let names =
            ["investments[10].stage", "investments[2].contributor", "investments_note", "investments[x]"];
        assert_eq!(sent(&names, &[]).rows("investments"), 11);
    }

    #[test]
    fn errors_of_a_list_belong_to_its_field_and_those_of_a_longer_name_do_not() {
        let form = sent(&[], &["implementation_refs[3]", "idea_id", "idea_ids"]);
        assert_eq!(form.errors_of("implementation_refs").count(), 1);
        assert_eq!(form.errors_of("idea_id").count(), 1);
    }
}
