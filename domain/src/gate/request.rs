//! What somebody asks of a gate.

use super::contract::is_sha;
use crate::error::Error;
use crate::input::{Errors, Fields, Node};
use serde::Serialize;

/// A request to run a gate now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GateRequest {
    /// For a gate of a deployment: the commit that the sender expects, by 7 to 40 digits; what the operator expects
    /// when absent.
    #[cfg_attr(feature = "openapi", schema(example = "a6b1932"))]
    pub expected_sha: Option<String>,
    /// For a gate of a commit: the commit, by 7 to 40 digits.
    #[cfg_attr(feature = "openapi", schema(example = "a6b1932"))]
    pub sha: Option<String>,
}

impl GateRequest {
    /// Checks what was sent, if anything was.
    pub fn read(content: Option<&Node>, of_commit: bool) -> Result<Self, Error> {
        let nothing = Node::Object(Vec::new());
        let known: &[&str] = if of_commit { &["sha"] } else { &["expected_sha"] };
        let mut errors = Errors::default();
        let request = Fields::open(content.unwrap_or(&nothing), "", known, &mut errors).map(|fields| {
            if of_commit {
                fields.required("sha", &mut errors);
            }
            let mut sha = |name: &str| {
                let sha = fields.optional_text(name, 40, &mut errors);
                if sha.as_deref().is_some_and(|sha| !is_sha(sha)) {
                    errors.add(name, "must name a commit by 7 to 40 lower-case hexadecimal digits");
                }
                sha
            };
            Self { expected_sha: sha("expected_sha"), sha: sha("sha") }
        });
        errors.finish(request)
    }
}
