//! `PATCH /api/contributors/{handle}`

use crate::api::{
    answer, conditional,
    error::{ApiError, ErrorBody},
    extract::{JsonBody, PathContributor, Sender},
};
use crate::state::AppState;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use chrono::{DateTime, Utc};
use domain::{
    contribution::{ContributorKind, ContributorRecord},
    record,
};
use utoipa::ToSchema;

/// What can be decided about a contributor; any of it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the body, which the domain reads")]
struct ContributorDecision {
    /// What they are; null leaves it to what it looks like.
    kind: Option<ContributorKind>,
    /// Their name; null leaves it to what history writes.
    name: Option<String>,
    /// For whom they work, by handle; null where they work for nobody.
    #[schema(example = "m3taversal")]
    principal: Option<String>,
    /// From when on they do; now when absent. Only the first such decision may lie in the past.
    principal_from: Option<DateTime<Utc>>,
    /// All handles that are theirs too: one that is added brings its credits, one that is left out takes them back.
    aliases: Vec<String>,
    /// All handles that are not theirs, whatever is proposed.
    dismissed: Vec<String>,
    /// Why, for the record.
    reason: Option<String>,
}

/// Decide about a contributor
///
/// A JSON merge patch (RFC 7396) of what people decide: kind, name, principal and aliases. Credits and every index follow.
/// The past is not rewritten: for whom somebody works is told of the past once, where nobody decided it before, and every
/// later decision holds from when it is made. Somebody who is in no history is made known by naming
/// their kind, with `If-Match: *`.
#[utoipa::path(
    patch,
    path = "/api/contributors/{handle}",
    tag = "contributors",
    security((), ("api_key" = []), ("bearer" = [])),
    params(
        ("handle" = String, Path, description = "The contributor's handle, or an alias", example = "rio"),
        ("If-Match" = String, Header, description = "The ETag of the answer that was read, or * for whichever version there is"),
    ),
    request_body(content = ContributorDecision, description = "Any of its fields", content_type = "application/merge-patch+json"),
    responses(
        (
            status = 200,
            description = "What is known of them now; GET adds what they earned",
            body = ContributorRecord,
            headers(("ETag" = String, description = "Of the new version"))
        ),
        (status = 400, description = "Broken JSON", body = ErrorBody),
        (status = 401, description = "An API key is needed", body = ErrorBody),
        (status = 404, description = "No such contributor", body = ErrorBody),
        (status = 409, description = "The Idempotency-Key was used for other content", body = ErrorBody),
        (status = 412, description = "Somebody decided something meanwhile; read it again", body = ErrorBody),
        (status = 428, description = "If-Match is missing", body = ErrorBody),
        (status = 413, description = "Body too large", body = ErrorBody),
        (status = 415, description = "Not JSON", body = ErrorBody),
        (status = 422, description = "Content that cannot be taken; every wrong field is named", body = ErrorBody),
        (status = 408, description = "It took too long", body = ErrorBody),
        (status = 503, description = "The store does not answer", body = ErrorBody),
    )
)]
pub async fn edit_contributor(
    State(state): State<AppState>,
    PathContributor(handle): PathContributor,
    headers: HeaderMap,
    sender: Sender,
    JsonBody(content): JsonBody,
) -> Result<Response, ApiError> {
    let context = state.context(sender.actor, sender.idempotency_key);
    let if_match = conditional::if_match(&headers);
    let record = record::edit_contributor(&*state.store, context, &handle, if_match, &content).await?;
    Ok(conditional::tagged(answer::json(StatusCode::OK, &record)?, record.version))
}
