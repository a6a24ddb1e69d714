//! `GET /api/changes`

use super::error::{ApiError, ErrorBody};
use crate::{
    changes::{Client, Full, SEATS_OF_ONE},
    state::AppState,
};
use axum::{
    extract::{Query, State},
    http::{HeaderMap, HeaderName, header},
    response::{
        IntoResponse as _, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use domain::{error::Error, id::EntryId};
use futures::{StreamExt as _, stream};
use serde::{Deserialize, Serialize};
use std::{convert::Infallible, time::Duration};
use utoipa::ToSchema;

/// How long a listener that was let go waits before it comes back.
const RETRY: Duration = Duration::from_secs(3);
/// Sent while nothing happens, so that nobody in between takes the silence for the end.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Where to begin.
#[derive(Deserialize)]
pub struct Begin {
    after: Option<String>,
}

/// An accepted write, as `data` of an event.
#[derive(Serialize, ToSchema)]
pub struct ChangeData {
    /// What was done.
    #[schema(example = "append_event")]
    action: String,
    /// The id of what was made or changed; empty where something was only removed.
    #[schema(example = "evt_01h455vb4pex5vsknk084sn02q")]
    subject: String,
    /// When it was accepted.
    recorded_at: chrono::DateTime<chrono::Utc>,
}

/// Listen for accepted writes
///
/// Server-sent events, one for each accepted write: `id` is the ledger entry's id, `event` is `change`, `data` is an
/// object. Without `Last-Event-ID` or `after` it begins now. With either it goes on from there, at least once: entries
/// of the last five seconds before it come again. Within one connection no id comes twice. A listener that falls behind
/// is let go, and goes on when it comes back.
#[utoipa::path(
    get,
    path = "/api/changes",
    tag = "operation",
    params(
        ("after" = Option<String>, Query, description = "Id of a ledger entry, for senders that cannot set Last-Event-ID"),
        ("Last-Event-ID" = Option<String>, Header, description = "Id of the last event heard; ignored where it is none"),
    ),
    responses(
        (status = 200, description = "The changes", body = ChangeData, content_type = "text/event-stream"),
        (status = 422, description = "`after` is no id of an entry", body = ErrorBody),
        (status = 429, description = "One address has 16 listeners at the most; Retry-After says when to try again", body = ErrorBody),
        (status = 503, description = "As many listen as may; Retry-After says when to try again", body = ErrorBody),
    )
)]
pub async fn changes(
    State(state): State<AppState>,
    client: Client,
    Query(begin): Query<Begin>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let heard = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse::<EntryId>().ok());
    let after = match begin.after.as_deref().map(str::parse::<EntryId>).transpose() {
        Ok(after) => heard.or(after),
        Err(_) => return Err(Error::field("after", "must be the id of a ledger entry, led_…").into()),
    };
    let listener = match state.changes.listen(client, after).await? {
        Ok(listener) => listener,
        Err(Full::Everybody) => {
            return Err(ApiError::busy("As many listen as this server allows; try again in a moment"));
        }
        Err(Full::Client) => {
            return Err(ApiError::too_many(format!(
                "{SEATS_OF_ONE} connections from this address listen already, which is as many as one may have; close \
                 one, or ask for what you need now and then"
            )));
        }
    };
    // An id without data is heard but tells of nothing: whoever is cut off now comes back to this.
    let first = Event::default().id(listener.last().to_string()).retry(RETRY).comment("listening");
    let rest = stream::unfold(listener, |mut listener| async {
        let change = listener.next().await?;
        let data =
            ChangeData { action: change.action, subject: change.subject, recorded_at: change.recorded_at };
        let event = Event::default().id(change.id.to_string()).event("change").json_data(data);
        Some((event.unwrap_or_default(), listener))
    });
    let events = stream::iter([first]).chain(rest).map(Ok::<_, Infallible>);
    let answer = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    // A proxy that gathers answers before it passes them on would make this one wait for ever.
    let headers = [(header::CACHE_CONTROL, "no-store"), (HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((headers, answer).into_response())
}
