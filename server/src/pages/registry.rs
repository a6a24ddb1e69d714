//! Forms of the registry and of governance: each calls the same rule as the API's route.

use super::{
    forms::Form,
    render,
    submit::{Typed, context, show, sign_in_first, signed_out},
};
use crate::state::AppState;
use axum::{
    extract::{Form as Fields, Path, State},
    http::HeaderMap,
    response::{IntoResponse as _, Redirect, Response},
};
use domain::{
    error::{Error, FieldError},
    id::ChangeRequestId,
    record,
    registry::{InventorySource, entry_path},
};

/// Where specs are.
const SPECS: &str = "/specs";
/// Where ideas are.
const IDEAS: &str = "/ideas";
/// Where change requests are.
const REQUESTS: &str = "/governance/change-requests";

/// `POST /specs/new`: registers a spec.
pub async fn register_spec(
    State(state): State<AppState>,
    headers: HeaderMap,
    Fields(fields): Typed,
) -> Response {
    const PAGE: &str = "/specs/new";
    let form = Form::read(fields.into_iter());
    let Some(context) = context(&state, &headers, &form) else {
        return signed_out(&state, headers, PAGE, form).await;
    };
    match record::register_spec(&*state.store, context, &form.spec(), InventorySource::Local).await {
        Ok(written) => {
            Redirect::to(&format!("{}?done=registered", page_of(&written.made.spec_id))).into_response()
        }
        Err(error) => show(&state, headers, PAGE, form, Some(error)).await,
    }
}

/// `POST /specs/{id}/edit`: edits a spec, at the version that its editor saw.
pub async fn edit_spec(
    State(state): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Fields(fields): Typed,
) -> Response {
    let form = Form::read(fields.into_iter());
    let own = format!("{}/edit", page_of(&id));
    let Some(context) = context(&state, &headers, &form) else { return sign_in_first(&own) };
    let version = format!("\"{}\"", form.get("version").unwrap_or("none"));
    let kept = match state.store.spec(&id).await {
        Ok(entry) => entry.map(|entry| entry.content).unwrap_or_default(),
        Err(error) => return show(&state, headers, &own, form, Some(error)).await,
    };
    // Should it be another version that was read here, the one that the form names is not the newest any more.
    match record::edit_spec(&*state.store, context, &id, Some(&version), &form.spec_edit(&kept)).await {
        Ok(_) => Redirect::to(&format!("{}?done=saved", page_of(&id))).into_response(),
        Err(error) => show(&state, headers, &own, form, Some(error)).await,
    }
}

/// `POST /specs/{id}/change-requests`: proposes somebody for a stage of one of its links.
pub async fn propose_contributor(
    State(state): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Fields(fields): Typed,
) -> Response {
    let form = Form::read(fields.into_iter());
    let Some(context) = context(&state, &headers, &form) else {
        return sign_in_first(&format!("{}#contribute", page_of(&id)));
    };
    match record::propose_change(&*state.store, context, &form.link_contributor()).await {
        Ok(_) => Redirect::to(&format!("{}?done=proposed#requests", page_of(&id))).into_response(),
        Err(error) => show(&state, headers, &page_of(&id), form, Some(error)).await,
    }
}

/// `POST /specs/{id}/proposals`: proposes another value for a field of a spec.
pub async fn propose_spec_change(
    State(state): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Fields(fields): Typed,
) -> Response {
    propose_change(&state, headers, fields, "spec", &id, page_of(&id)).await
}

/// `POST /ideas/{id}/proposals`: proposes another value for a field of an idea.
pub async fn propose_idea_change(
    State(state): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Fields(fields): Typed,
) -> Response {
    propose_change(&state, headers, fields, "idea", &id, entry_path(IDEAS, &id)).await
}

async fn propose_change(
    state: &AppState,
    headers: HeaderMap,
    fields: Vec<(String, String)>,
    kind: &str,
    id: &str,
    own: String,
) -> Response {
    let form = Form::read(fields.into_iter());
    let Some(context) = context(state, &headers, &form) else {
        return sign_in_first(&format!("{own}#propose"));
    };
    match record::propose_change(&*state.store, context, &form.change(kind, id)).await {
        Ok(_) => Redirect::to(&format!("{own}?done=proposed#requests")).into_response(),
        Err(error) => show(state, headers, &own, form, Some(by_fields_of_the_form(error))).await,
    }
}

/// The fields of a proposal by the names that they have on its page, where other forms stand beside it.
fn by_fields_of_the_form(error: Error) -> Error {
    let Error::Invalid(errors) = error else { return error };
    let named = |error: FieldError| {
        let field = match error.field.as_str() {
            "proposer" => "change_proposer",
            "reason" => "change_reason",
            "required_approvals" => "change_approvals",
            _ => "change_value",
        };
        FieldError { field: field.to_owned(), ..error }
    };
    Error::Invalid(errors.into_iter().map(named).collect())
}

/// `POST /ideas/{id}/edit`: registers an idea that is only named so far, or edits it at the version that its editor saw.
pub async fn edit_idea(
    State(state): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Fields(fields): Typed,
) -> Response {
    let form = Form::read(fields.into_iter());
    let page = entry_path(IDEAS, &id);
    let own = format!("{page}/edit");
    let Some(context) = context(&state, &headers, &form) else { return sign_in_first(&own) };
    let written = match form.get("version") {
        None => record::register_idea(&*state.store, context, &form.idea(&id)).await.map(|_| "registered"),
        Some(version) => {
            let version = format!("\"{version}\"");
            let edit = form.idea_edit();
            record::edit_idea(&*state.store, context, &id, Some(&version), &edit).await.map(|_| "saved")
        }
    };
    match written {
        Ok(done) => Redirect::to(&format!("{page}?done={done}")).into_response(),
        Err(error) => show(&state, headers, &own, form, Some(error)).await,
    }
}

/// `POST /governance/change-requests/{id}/votes`: votes on a change request.
pub async fn cast_vote(
    State(state): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Fields(fields): Typed,
) -> Response {
    let Ok(request) = id.parse::<ChangeRequestId>() else {
        return render::failure(&state, headers, Error::ChangeRequestNotFound.describe()).await;
    };
    // The page shows the vote again at its request.
    let name = ("request_id".to_owned(), request.to_string());
    let form = Form::read(fields.into_iter().chain([name]));
    // Its own page: the list of all may have it on another.
    let own = format!("{REQUESTS}/{request}");
    let Some(context) = context(&state, &headers, &form) else { return sign_in_first(&own) };
    match record::cast_vote(&*state.store, context, request, &form.vote()).await {
        Ok(_) => Redirect::to(&format!("{own}?done=voted")).into_response(),
        Err(error) => show(&state, headers, &own, form, Some(error)).await,
    }
}

/// The page of a spec, whose id may be any text.
fn page_of(spec_id: &str) -> String {
    entry_path(SPECS, spec_id)
}
