//! Uses of claims, which the third Contribution Index counts: one for each session and day.

use crate::contribution::{ContributionPolicy, DEFAULT_POLICY, Reference, Repository, slug_as_is};
use crate::error::Error;
use crate::event::{MAX_EXTERNAL_ID, UsageEvent, read_time};
use crate::id::EventId;
use crate::input::{Errors, Fields, Node, word};
use crate::link::MAX_NAME;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The metric of a use that names none.
pub const CLAIM_USAGE: &str = "claim_usage";

/// What a claim's slug may be, of however it is written, the likelier first: as it is, case-folded, without folder and
/// `.md`; else without brackets, heading and alias as well, as a ref of a link is read. Names may hold what begins these.
pub fn claim_slugs(text: &str) -> Vec<String> {
    let mut slugs: Vec<String> = slug_as_is(text).into_iter().collect();
    slugs.extend(claim_of_ref(&format!("claim:{text}")));
    slugs.dedup();
    slugs
}

/// The claim that an implementation ref of a link names: `claim:some-slug`.
pub fn claim_of_ref(reference: &str) -> Option<String> {
    match Reference::read(reference) {
        Some(Reference::Claim { slug, .. }) => Some(slug),
        _ => None,
    }
}

/// Whether a ref may name a claim, to be found out cheaply: none names one that does not.
pub fn may_name_claim(reference: &str) -> bool {
    reference.get(..6).is_some_and(|prefix| prefix.eq_ignore_ascii_case("claim:"))
}

/// The metrics whose events are uses of claims: those that policies of imported repositories name; the default
/// policy's where nothing was imported.
pub fn usage_metrics<'a>(policy_texts: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let read =
        |text| ContributionPolicy::from_toml(text).map(|policy| policy.usage.metrics).unwrap_or_default();
    let mut texts = policy_texts.into_iter().peekable();
    if texts.peek().is_none() {
        let default = ContributionPolicy::named(DEFAULT_POLICY);
        return default.map(|policy| policy.usage.metrics.iter().cloned().collect()).unwrap_or_default();
    }
    texts.flat_map(read).collect()
}

/// The metrics of these repositories.
pub fn metrics_of(repositories: &[Repository]) -> BTreeSet<String> {
    usage_metrics(repositories.iter().map(|repository| repository.policy_text.as_str()))
}

/// A use as a sender sends it, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewClaimUse {
    /// In which session it was used: each counts once a day.
    #[cfg_attr(feature = "openapi", schema(example = "session-7f3a", min_length = 1, max_length = 200))]
    pub session: String,
    /// What was measured; `claim_usage` when absent.
    #[cfg_attr(feature = "openapi", schema(required = false, default = "claim_usage"))]
    pub metric: String,
    /// Where it was measured.
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub source: Option<String>,
    /// When it was used, at most five minutes ahead of the server; the server's time when absent.
    pub captured_at: Option<DateTime<Utc>>,
    /// The sender's own id, unique for the claim: sent again with the same content it answers the first use.
    #[cfg_attr(feature = "openapi", schema(max_length = 128))]
    pub external_id: Option<String>,
}

/// A use of a claim, as it is kept and answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClaimUse {
    /// The claim's slug.
    #[cfg_attr(feature = "openapi", schema(example = "some-claim"))]
    pub claim: String,
    /// What was measured.
    #[cfg_attr(feature = "openapi", schema(example = "claim_usage"))]
    pub metric: String,
    /// In which session.
    #[cfg_attr(feature = "openapi", schema(example = "session-7f3a"))]
    pub session: String,
    /// The day, UTC.
    pub day: NaiveDate,
    /// Where it was measured.
    pub source: Option<String>,
    /// When it was used.
    pub captured_at: DateTime<Utc>,
    /// The sender's own id, if one was given.
    pub external_id: Option<String>,
    /// When it arrived here.
    pub created_at: DateTime<Utc>,
    /// Whether it counts: false where the session used the claim that day already, by this metric.
    pub counted: bool,
    /// How many uses of the claim count for that day, this one included.
    pub uses_that_day: i64,
}

impl NewClaimUse {
    /// Checks what was sent at `now`, naming every wrong field.
    pub fn read(node: &Node, metrics: &BTreeSet<String>, now: DateTime<Utc>) -> Result<Self, Error> {
        const KNOWN: [&str; 5] = ["session", "metric", "source", "captured_at", "external_id"];
        let metrics: Vec<&str> = metrics.iter().map(String::as_str).collect();
        let mut errors = Errors::default();
        let errors_ref = &mut errors;
        let read = Fields::open(node, "", &KNOWN, errors_ref).and_then(|fields| {
            let session = fields.text("session", MAX_NAME, errors_ref);
            let default = Node::Text(CLAIM_USAGE.into());
            let metric = fields.optional("metric").unwrap_or(&default);
            let metric = word(metric, &fields.path("metric"), &metrics, errors_ref);
            let source = fields.optional_text("source", MAX_NAME, errors_ref);
            let captured_at = read_time(&fields, "captured_at", now, errors_ref);
            let external_id = fields.optional_text("external_id", MAX_EXTERNAL_ID, errors_ref);
            let metric = metric?.to_owned();
            Some(Self { session: session?, metric, source, captured_at, external_id })
        });
        errors.finish(read)
    }

    /// The use as kept, of a claim and time. Whether it counts is decided where it is kept.
    pub fn of(self, claim: String, at: DateTime<Utc>) -> ClaimUse {
        let captured_at = self.captured_at.unwrap_or(at);
        ClaimUse {
            claim,
            metric: self.metric,
            session: self.session,
            day: captured_at.date_naive(),
            source: self.source,
            captured_at,
            external_id: self.external_id,
            created_at: at,
            counted: true,
            uses_that_day: 0,
        }
    }
}

impl ClaimUse {
    /// The use that an event on a link tells of: its source is the session. With the event's id, for whoever asks
    /// where it comes from.
    pub fn of_event(claim: String, event: &UsageEvent) -> (Self, EventId) {
        let new = NewClaimUse {
            session: event.source.clone(),
            metric: event.metric.clone(),
            source: Some(event.source.clone()),
            captured_at: Some(event.captured_at),
            external_id: None,
        };
        (new.of(claim, event.created_at), event.id)
    }

    /// What makes it one use: claim, day, metric and session.
    pub fn key(&self) -> (String, NaiveDate, String, String) {
        (self.claim.clone(), self.day, self.metric.clone(), self.session.clone())
    }

    /// Whether this is a use that was kept before, sent again. The time counts only where the sender gave it.
    pub fn repeats(&self, kept: &Self, captured_at_given: bool) -> bool {
        self.metric == kept.metric
            && self.session == kept.session
            && self.source == kept.source
            && (!captured_at_given || self.captured_at == kept.captured_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ref_names_a_claim_however_it_is_written() {
        for (reference, slug) in [
            ("claim:some-claim", Some("some-claim")),
            ("Claim: domains/sea/Some-Claim.md", Some("some-claim")),
            ("claim:", None),
            ("PR#26", None),
            ("commit:e616516", None),
        ] {
            assert_eq!(claim_of_ref(reference).as_deref(), slug, "{reference:?}");
            assert!(slug.is_none() || may_name_claim(reference), "{reference:?}");
        }
    }

    #[test]
    fn a_slug_is_looked_for_whole_first() {
        for (text, slugs) in [
            ("Some-Claim.md", &["some-claim"][..]),
            ("domains/sea/Some-Claim.md", &["some-claim"]),
            ("C# | a tide", &["c# | a tide", "c"]),
            ("[[some-claim#heading|alias]]", &["[[some-claim#heading|alias]]", "some-claim"]),
            ("some-claim|a/", &["some-claim"]),
            (" .md", &[]),
        ] {
            assert_eq!(claim_slugs(text), slugs, "{text:?}");
        }
    }

    #[test]
    fn metrics_are_those_of_imported_policies_and_the_default_s_without_any() {
        let default = ContributionPolicy::text_of(DEFAULT_POLICY).unwrap();
        let own = default.replace("\"claim_usage\"", "\"reads\", \"citations\"");
        let names = |texts: &[&str]| usage_metrics(texts.iter().copied()).into_iter().collect::<Vec<_>>();
        assert_eq!(names(&[]), ["claim_usage"]);
        assert_eq!(names(&[&own]), ["citations", "reads"]);
        assert_eq!(names(&[&own, default]), ["citations", "claim_usage", "reads"]);
    }
}
