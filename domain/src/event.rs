//! Usage events: measured value signals on a link.

use crate::error::Error;
use crate::id::{EventId, LinkId};
use crate::input::{Errors, Fields, Node, Range};
use crate::link::MAX_NAME;
use crate::money::Amount;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// Characters that a sender's own id may have.
pub const MAX_EXTERNAL_ID: usize = 128;
/// How far ahead of this server's clock a sender's may be.
pub const MAX_AHEAD: TimeDelta = TimeDelta::minutes(5);

/// An event as a sender appends it, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewEvent {
    /// Where it was measured.
    #[cfg_attr(feature = "openapi", schema(example = "api", min_length = 1, max_length = 200))]
    pub source: String,
    /// What was measured. `claim_usage`, or another metric that a policy names, also tells that the claims were used
    /// which the link's refs name: once for each source and day, whatever the value.
    #[cfg_attr(feature = "openapi", schema(example = "adoption_events", min_length = 1, max_length = 200))]
    pub metric: String,
    /// What it is worth; kept to six places.
    #[cfg_attr(feature = "openapi", schema(example = 45.5, minimum = 0, maximum = 1_000_000_000_000_i64))]
    pub value: Amount,
    /// When it was measured, at most five minutes ahead of the server; the server's time when absent.
    pub captured_at: Option<DateTime<Utc>>,
    /// The sender's own id, unique on the link: sent again with the same content it answers the first event.
    #[cfg_attr(feature = "openapi", schema(max_length = 128))]
    pub external_id: Option<String>,
}

/// An event as it is kept and answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsageEvent {
    /// Its id, `evt_…`.
    pub id: EventId,
    /// The link it was appended to.
    pub lineage_id: LinkId,
    /// Where it was measured.
    #[cfg_attr(feature = "openapi", schema(example = "api"))]
    pub source: String,
    /// What was measured.
    #[cfg_attr(feature = "openapi", schema(example = "adoption_events"))]
    pub metric: String,
    /// What it is worth, kept to six places.
    #[cfg_attr(feature = "openapi", schema(example = 45.5))]
    pub value: Amount,
    /// When it was measured, in UTC.
    pub captured_at: DateTime<Utc>,
    /// The sender's own id, if one was given.
    pub external_id: Option<String>,
    /// When it arrived here.
    pub created_at: DateTime<Utc>,
}

impl NewEvent {
    /// Checks what was sent at `now`, naming every wrong field.
    pub fn read(node: &Node, now: DateTime<Utc>) -> Result<Self, Error> {
        const KNOWN: [&str; 5] = ["source", "metric", "value", "captured_at", "external_id"];
        let mut errors = Errors::default();
        let errors_ref = &mut errors;
        let event = Fields::open(node, "", &KNOWN, errors_ref).and_then(|fields| {
            let source = fields.text("source", MAX_NAME, errors_ref);
            let metric = fields.text("metric", MAX_NAME, errors_ref);
            let value = fields.number("value", Range::UpTo(Amount::MAX.micros()), errors_ref);
            let captured_at = read_time(&fields, "captured_at", now, errors_ref);
            let external_id = fields.optional_text("external_id", MAX_EXTERNAL_ID, errors_ref);
            Some(Self {
                source: source?,
                metric: metric?,
                value: Amount::from_micros(value?),
                captured_at,
                external_id,
            })
        });
        errors.finish(event)
    }

    /// The event as kept, with the id and time given to it.
    pub fn appended(self, id: EventId, lineage_id: LinkId, at: DateTime<Utc>) -> UsageEvent {
        UsageEvent {
            id,
            lineage_id,
            source: self.source,
            metric: self.metric,
            value: self.value,
            captured_at: self.captured_at.unwrap_or(at),
            external_id: self.external_id,
            created_at: at,
        }
    }
}

impl UsageEvent {
    /// Whether this is an event that was kept before, sent again. The time counts only where the sender gave it.
    pub fn repeats(&self, kept: &Self, captured_at_given: bool) -> bool {
        self.source == kept.source
            && self.metric == kept.metric
            && self.value == kept.value
            && self.external_id == kept.external_id
            && (!captured_at_given || self.captured_at == kept.captured_at)
    }
}

/// Reads a time with its zone; not before 1970, not more than [`MAX_AHEAD`] of the clock.
pub(crate) fn read_time(
    fields: &Fields<'_>,
    name: &str,
    now: DateTime<Utc>,
    errors: &mut Errors,
) -> Option<DateTime<Utc>> {
    let path = fields.path(name);
    let text = crate::input::text(fields.optional(name)?, &path, 64, errors)?;
    // As every store keeps it: whole microseconds since 1970, where a leap second is the second after it.
    let time = DateTime::parse_from_rfc3339(&text)
        .ok()
        .and_then(|time| DateTime::from_timestamp_micros(time.timestamp_micros()));
    let Some(time) = time else {
        errors.add(path, "must be a time with its zone, such as 2026-02-15T00:00:00Z");
        return None;
    };
    if time > now + MAX_AHEAD {
        errors.add(path, "is more than five minutes ahead of this server's clock");
    } else if time < DateTime::UNIX_EPOCH {
        errors.add(path, "must not be before 1970");
    } else {
        return Some(time);
    }
    None
}
