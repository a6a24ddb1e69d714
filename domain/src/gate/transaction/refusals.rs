//! Step 7: what is not there, and what cannot be taken.

use super::links::listed;
use super::steps::{LINKS, Steps};
use crate::gate::report::Verdict;
use crate::gate::target::Request;

/// A link's id that is well formed and that nobody has: its time is the beginning of time.
const UNKNOWN: &str = "lnk_00000000000000000000000000";
/// What a link that is not there is answered with, byte for byte.
const NOT_FOUND: &str = r#"{"detail":"Lineage link not found"}"#;

impl Steps<'_> {
    /// Asks for a link that is not there.
    pub(super) async fn ask_unknown_link(&mut self) {
        let asked = self.ask(Request::get(format!("{LINKS}/{UNKNOWN}"))).await;
        let outcome = match &asked.answer {
            Err(none) => Err((Verdict::Inconclusive, none.to_string())),
            Ok(answer) if answer.status == 404 && answer.body == NOT_FOUND => Ok(format!("404 {NOT_FOUND}")),
            Ok(answer) => Err((Verdict::Fail, format!("{}: {}", answer.status, answer.excerpt()))),
        };
        self.note("unknown_link_404", &asked, format!("404 {NOT_FOUND}"), outcome);
    }

    /// Sends what cannot be taken, and looks that nothing of it was stored.
    pub(super) async fn send_invalid_body(&mut self) {
        let marker = format!("{}-invalid", self.script.marker);
        let body = format!(
            r#"{{"idea_id":"{marker}","spec_id":"{marker}","contributors":{{"idea":"gate-idea"}},"estimated_cost":-1}}"#
        );
        let asked = self.ask(Request::post(LINKS, body)).await;
        let refused = asked.body(422).and_then(|answer| {
            let names_it = crate::gate::answer::items(&answer, "errors")
                .unwrap_or_default()
                .iter()
                .any(|error| crate::gate::answer::text(error, "field") == Some("estimated_cost"));
            if names_it {
                Ok(())
            } else {
                Err((Verdict::Fail, "422 that does not name estimated_cost".into()))
            }
        });
        let outcome = match refused {
            Err(broken) => Err(broken),
            Ok(()) => self.look_nothing_stored(&marker).await,
        };
        self.note("invalid_body_422", &asked, "422 that names estimated_cost, and nothing stored", outcome);
    }

    async fn look_nothing_stored(&mut self, marker: &str) -> Result<String, (Verdict, String)> {
        for origin in ["work", "gate"] {
            let asked = self.ask(Request::get(format!("{LINKS}?q={marker}&origin={origin}"))).await;
            if let Some(stored) = listed(&asked)?.first() {
                return Err((Verdict::Fail, format!("422, but {stored} was stored")));
            }
        }
        Ok("422, and nothing stored".into())
    }
}
