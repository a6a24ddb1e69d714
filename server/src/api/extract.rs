//! What handlers take out of a request, each with an error that says what to do.

use super::error::ApiError;
use crate::state::AppState;
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Path, Request, rejection::BytesRejection},
    http::{StatusCode, header, request::Parts},
};
use domain::{
    error::Error,
    id::{ChangeRequestId, FlagId, LinkId, UnitId, VetoId},
    input::Node,
    ledger::Actor,
    origin::Origin,
};

/// A JSON body as it was sent, before any of it is believed.
pub struct JsonBody(pub Node);

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !content_type.is_some_and(is_json) {
            let sent = content_type.map_or_else(|| "none".to_owned(), |kind| format!("{kind:?}"));
            return Err(wrong_content_type(&sent));
        }
        let body = Bytes::from_request(request, state).await.map_err(too_large_or_broken)?;
        Node::from_json(&body)
            .map(Self)
            .map_err(|error| ApiError::new(StatusCode::BAD_REQUEST, "Broken JSON", error.to_string()))
    }
}

/// A JSON body that may be absent.
pub struct OptionalJsonBody(pub Option<Node>);

impl<S: Send + Sync> FromRequest<S> for OptionalJsonBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if request.headers().contains_key(header::CONTENT_TYPE) {
            return JsonBody::from_request(request, state).await.map(|JsonBody(node)| Self(Some(node)));
        }
        let body = Bytes::from_request(request, state).await.map_err(too_large_or_broken)?;
        if body.is_empty() {
            return Ok(Self(None));
        }
        Err(wrong_content_type("none"))
    }
}

fn wrong_content_type(sent: &str) -> ApiError {
    let detail = format!("Send the body as Content-Type: application/json; it had {sent}");
    ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Wrong content type", detail)
}

fn is_json(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// The error of a body that did not arrive.
pub fn too_large_or_broken(rejection: BytesRejection) -> ApiError {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "Body too large",
            "The body is larger than this server takes; send it in smaller parts",
        ),
        _ => ApiError::new(
            StatusCode::BAD_REQUEST,
            "Broken body",
            "The body did not arrive whole; send it again",
        ),
    }
}

/// The link of a path. Whatever is no id is no link.
pub struct PathLink(pub LinkId);

impl<S: Send + Sync> FromRequestParts<S> for PathLink {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Path(text) =
            Path::<String>::from_request_parts(parts, state).await.map_err(|_| Error::LinkNotFound)?;
        Ok(Self(text.parse().map_err(|_| Error::LinkNotFound)?))
    }
}

/// The change request of a path. Whatever is no id is no request.
pub struct PathChangeRequest(pub ChangeRequestId);

impl<S: Send + Sync> FromRequestParts<S> for PathChangeRequest {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let id = path_text(parts, state).await.and_then(|text| text.parse().ok());
        Ok(Self(id.ok_or(Error::ChangeRequestNotFound)?))
    }
}

/// The flag of a path. Whatever is no id is no flag.
pub struct PathFlag(pub FlagId);

impl<S: Send + Sync> FromRequestParts<S> for PathFlag {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let id = path_text(parts, state).await.and_then(|text| text.parse().ok());
        Ok(Self(id.ok_or(Error::FlagNotFound)?))
    }
}

/// The veto of a path. Whatever is no id is no veto.
pub struct PathVeto(pub VetoId);

impl<S: Send + Sync> FromRequestParts<S> for PathVeto {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let id = path_text(parts, state).await.and_then(|text| text.parse().ok());
        Ok(Self(id.ok_or(Error::VetoNotFound)?))
    }
}

/// The agent of a path, by handle.
pub struct PathAgent(pub String);

impl<S: Send + Sync> FromRequestParts<S> for PathAgent {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        Ok(Self(path_text(parts, state).await.ok_or(Error::AgentNotFound)?))
    }
}

/// The claim of a path, by slug, which may be any text.
pub struct PathClaim(pub String);

impl<S: Send + Sync> FromRequestParts<S> for PathClaim {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        Ok(Self(path_text(parts, state).await.ok_or(Error::ClaimNotFound)?))
    }
}

/// The spec of a path, whose id may be any text.
pub struct PathSpec(pub String);

impl<S: Send + Sync> FromRequestParts<S> for PathSpec {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        Ok(Self(path_text(parts, state).await.ok_or(Error::SpecNotFound)?))
    }
}

/// The idea of a path, whose id may be any text.
pub struct PathIdea(pub String);

impl<S: Send + Sync> FromRequestParts<S> for PathIdea {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        Ok(Self(path_text(parts, state).await.ok_or(Error::IdeaNotFound)?))
    }
}

/// The contributor of a path, by a handle or an alias.
pub struct PathContributor(pub String);

impl<S: Send + Sync> FromRequestParts<S> for PathContributor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        Ok(Self(path_text(parts, state).await.ok_or(Error::ContributorNotFound)?))
    }
}

/// The unit of a path. Whatever is no id is no unit.
pub struct PathUnit(pub UnitId);

impl<S: Send + Sync> FromRequestParts<S> for PathUnit {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let id = path_text(parts, state).await.and_then(|text| text.parse().ok());
        Ok(Self(id.ok_or(Error::UnitNotFound)?))
    }
}

/// The one text of a path; none where it holds what no name holds.
pub struct PathText(pub Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for PathText {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        Ok(Self(path_text(parts, state).await))
    }
}

/// The kind and slug of a path; the slug of nothing where it holds what no name holds.
pub struct PathPiece {
    /// What it is said to be.
    pub kind: String,
    /// Its slug.
    pub slug: String,
}

impl<S: Send + Sync> FromRequestParts<S> for PathPiece {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let texts = Path::<(String, String)>::from_request_parts(parts, state).await;
        let (kind, slug) = texts.map(|Path(texts)| texts).unwrap_or_default();
        let slug = if slug.chars().any(char::is_control) { String::new() } else { slug };
        Ok(Self { kind, slug })
    }
}

/// The one parameter of a path, percent-decoded; none where it is no text or holds what no id holds.
async fn path_text<S: Send + Sync>(parts: &mut Parts, state: &S) -> Option<String> {
    let Path(text) = Path::<String>::from_request_parts(parts, state).await.ok()?;
    (!text.chars().any(char::is_control)).then_some(text)
}

/// Who sends a write, with their `Idempotency-Key`.
pub struct Sender {
    /// Who.
    pub actor: Actor,
    /// Their key for this request.
    pub idempotency_key: Option<String>,
}

impl FromRequestParts<AppState> for Sender {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let actor = state.auth.actor_of_api(&parts.headers).ok_or_else(ApiError::unauthorized)?;
        // What is not text is kept as something that no key may be, and refused with its rules.
        let idempotency_key = parts
            .headers
            .get("idempotency-key")
            .map(|value| value.to_str().map_or_else(|_| "\u{0}".to_owned(), str::to_owned));
        Ok(Self { actor, idempotency_key })
    }
}

/// Where a link comes from, as its sender says by a header: a body holds the contract's fields and no other.
pub struct FiledBy(pub Origin);

impl<S: Send + Sync> FromRequestParts<S> for FiledBy {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        const HEADER: &str = "Tributary-Origin";
        let Some(value) = parts.headers.get(HEADER) else { return Ok(Self(Origin::Work)) };
        let origin = value.to_str().ok().and_then(Origin::named);
        let message = || format!("must be one of {}", Origin::NAMES.join(", "));
        Ok(Self(origin.ok_or_else(|| Error::field(HEADER, message()))?))
    }
}

/// The parameters of a query, in order.
pub struct QueryParameters(pub Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for QueryParameters {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect()))
    }
}
