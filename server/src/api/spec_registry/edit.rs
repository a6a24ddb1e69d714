//! `PATCH /api/spec-registry/{spec_id}`

use crate::api::{
    answer, conditional,
    error::{ApiError, ErrorBody},
    extract::{JsonBody, PathSpec, Sender},
};
use crate::state::AppState;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use domain::{
    record,
    spec::{Spec, SpecContent},
};

/// Edit a spec
///
/// A JSON merge patch (RFC 7396): fields that are not named stay, null empties a field that may be empty. `If-Match`
/// with the ETag that was read keeps two editors from overwriting each other.
#[utoipa::path(
    patch,
    path = "/api/spec-registry/{spec_id}",
    tag = "spec registry",
    security((), ("api_key" = []), ("bearer" = [])),
    params(
        ("spec_id" = String, Path, description = "The spec's id", example = "048-value-lineage-and-payout-attribution"),
        ("If-Match" = String, Header, description = "The ETag of the answer that was read, or * for whichever version there is"),
    ),
    request_body(content = SpecContent, description = "Any of its fields", content_type = "application/merge-patch+json"),
    responses(
        (
            status = 200,
            description = "The spec as kept; GET adds what is derived",
            body = Spec,
            headers(("ETag" = String, description = "Of the new version"))
        ),
        (status = 400, description = "Broken JSON", body = ErrorBody),
        (status = 401, description = "An API key is needed", body = ErrorBody),
        (status = 404, description = "No such spec", body = ErrorBody),
        (status = 409, description = "It is named by others but not registered; POST /api/spec-registry registers it", body = ErrorBody),
        (status = 412, description = "Somebody changed it meanwhile; read it again", body = ErrorBody),
        (status = 428, description = "If-Match is missing", body = ErrorBody),
        (status = 413, description = "Body too large", body = ErrorBody),
        (status = 415, description = "Not JSON", body = ErrorBody),
        (status = 422, description = "Content that cannot be taken; every wrong field is named", body = ErrorBody),
        (status = 408, description = "It took too long", body = ErrorBody),
        (status = 503, description = "The store does not answer", body = ErrorBody),
    )
)]
pub async fn edit_spec(
    State(state): State<AppState>,
    PathSpec(id): PathSpec,
    headers: HeaderMap,
    sender: Sender,
    JsonBody(content): JsonBody,
) -> Result<Response, ApiError> {
    let context = state.context(sender.actor, None);
    let if_match = conditional::if_match(&headers);
    let spec = record::edit_spec(&*state.store, context, &id, if_match, &content).await?;
    Ok(conditional::tagged(answer::json(StatusCode::OK, &spec)?, spec.version))
}
