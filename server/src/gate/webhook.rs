//! Tells others when a verdict changes, signed as the Standard Webhooks specification has it.
//!
//! The signature is HMAC-SHA256, in base64, of `id.timestamp.body` under the secret; the id is the run's, the same at
//! every try, so that a receiver can tell a repetition.

use super::http::{base_address, client, reason};
use anyhow::{Context as _, Result, ensure};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use domain::gate::GateReport;
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::StatusCode;
use serde_json::json;
use sha2::Sha256;
use std::time::Duration;

/// How long a receiver may take.
const TIMEOUT: Duration = Duration::from_secs(15);
/// What is waited after each try that failed; then it is given up.
const BACKOFF: [TimeDelta; 8] = [
    TimeDelta::seconds(5),
    TimeDelta::seconds(30),
    TimeDelta::minutes(2),
    TimeDelta::minutes(10),
    TimeDelta::hours(1),
    TimeDelta::hours(4),
    TimeDelta::hours(12),
    TimeDelta::hours(24),
];
/// Bytes that a secret has, as the specification asks.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// Why a receiver did not take a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotTaken {
    /// It may take it later.
    Later(String),
    /// It answers that it is gone for good.
    Gone,
}

/// A receiver, and the secret shared with it.
#[derive(Clone)]
pub struct Webhook {
    address: String,
    secret: Vec<u8>,
}

impl std::fmt::Debug for Webhook {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("Webhook").field(&self.address).finish()
    }
}

impl Webhook {
    /// A receiver at an address, with a secret `whsec_…`.
    pub fn new(address: &str, secret: &str) -> Result<Self> {
        let secret = secret
            .strip_prefix("whsec_")
            .and_then(|digits| BASE64_STANDARD.decode(digits).ok())
            .context("the webhook's secret must be whsec_ and base64")?;
        ensure!(
            SECRET_BYTES.contains(&secret.len()),
            "the webhook's secret must have 24 to 64 bytes, not {}; make one by: \
             echo whsec_$(head -c 32 /dev/urandom | base64)",
            secret.len()
        );
        // Checked as other addresses are, but kept as given: a receiver's path may end with a slash.
        base_address(address.split('?').next().unwrap_or(address))?;
        Ok(Self { address: address.to_owned(), secret })
    }

    /// The signature of a message, `v1,` and base64.
    pub fn sign(&self, id: &str, timestamp: i64, body: &str) -> String {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.secret) else { return String::new() };
        mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
        format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()))
    }

    /// Tells of a report.
    pub async fn tell(&self, report: &GateReport, now: DateTime<Utc>) -> Result<(), NotTaken> {
        let id = report.id.to_string();
        let body = json!({
            "type": "gate.verdict_changed",
            "timestamp": report.finished_at,
            "data": {
                "run_id": report.id,
                "gate": report.gate,
                "result": report.result,
                "verdict": report.verdict,
                "reason": report.reason,
                "failing_checks": report.failing_checks,
                "target": report.target,
                "expected_sha": report.expected_sha,
                "deployed_sha": report.deployed_sha,
            },
        })
        .to_string();
        let timestamp = now.timestamp();
        let sent = client(TIMEOUT)
            .map_err(|error| NotTaken::Later(error.to_string()))?
            .post(&self.address)
            .header("content-type", "application/json")
            .header("webhook-id", &id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", self.sign(&id, timestamp, &body))
            .body(body)
            .send()
            .await;
        match sent {
            Ok(response) if response.status().is_success() => Ok(()),
            // As the specification has it: nobody is there any more.
            Ok(response) if response.status() == StatusCode::GONE => Err(NotTaken::Gone),
            Ok(response) => Err(NotTaken::Later(format!("the receiver answers {}", response.status()))),
            Err(error) => Err(NotTaken::Later(reason(&error))),
        }
    }
}

/// When to try again after a number of tries that failed; none where it is given up.
pub fn next_try(attempts: i64, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let wait = BACKOFF.get(usize::try_from(attempts).ok()?)?;
    Some(now + *wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_as_the_specification_s_example() {
        let webhook =
            Webhook::new("https://receiver.example/hook", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature =
            webhook.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn refuses_a_secret_that_is_too_short_or_no_base64() {
        for secret in ["", "secret", "whsec_", "whsec_c2hvcnQ=", "whsec_%%%"] {
            assert!(Webhook::new("https://receiver.example", secret).is_err(), "{secret}");
        }
    }

    #[test]
    fn gives_up_after_eight_tries() {
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(next_try(0, now), Some(now + TimeDelta::seconds(5)));
        assert!(next_try(7, now).is_some());
        assert_eq!(next_try(8, now), None);
    }
}
