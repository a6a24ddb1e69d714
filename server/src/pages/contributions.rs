//! Forms of contributors and of governance after the fact: each calls the same rule as the API's route.

use super::{
    forms::Form,
    render,
    submit::{Typed, context, show, sign_in_first},
};
use crate::state::AppState;
use axum::{
    extract::{Form as Fields, Path, State},
    http::HeaderMap,
    response::{IntoResponse as _, Redirect, Response},
};
use domain::{
    error::Error,
    governance::Flaggable,
    id::{FlagId, VetoId},
    record::{self, Context},
    registry::entry_path,
};

/// Where governance is.
const GOVERNANCE: &str = "/governance";

/// `POST /contributors/{handle}/decide`: decides what somebody is, for whom they work and which handles are theirs, at
/// the version that was seen.
pub async fn decide(
    State(state): State<AppState>,
    Path(handle): Path<String>,
    headers: HeaderMap,
    Fields(fields): Typed,
) -> Response {
    let own = entry_path("/contributors", &handle);
    let form = Form::read(fields.into_iter());
    let Some(context) = context(&state, &headers, &form) else { return sign_in_first(&own) };
    let version = format!("\"{}\"", form.get("version").unwrap_or("none"));
    let patch = form.contributor();
    match record::edit_contributor(&*state.store, context, &handle, Some(&version), &patch).await {
        Ok(made) => Redirect::to(&format!("{}?done=decided", entry_path("/contributors", &made.handle)))
            .into_response(),
        Err(error) => show(&state, headers, &own, form, Some(error)).await,
    }
}

/// `POST /contributors/{handle}/identities`: accepts another identity as theirs, or dismisses the proposal.
pub async fn identities(
    State(state): State<AppState>,
    Path(handle): Path<String>,
    headers: HeaderMap,
    Fields(fields): Typed,
) -> Response {
    let own = entry_path("/contributors", &handle);
    let form = Form::read(fields.into_iter());
    let Some(context) = context(&state, &headers, &form) else { return sign_in_first(&own) };
    match settle(&state, context, &handle, &form).await {
        Ok(done) => Redirect::to(&format!("{own}?done={done}")).into_response(),
        Err(error) => show(&state, headers, &own, form, Some(error)).await,
    }
}

/// Adds one handle to those that are theirs, or to those that are not; what was done.
async fn settle(
    state: &AppState,
    context: Context,
    handle: &str,
    form: &Form,
) -> Result<&'static str, Error> {
    let record = state.store.contributor(handle).await?.ok_or(Error::ContributorNotFound)?;
    let accepts = form.get("act") == Some("accept");
    let alias = form.get("alias").unwrap_or_default();
    let held = if accepts { &record.aliases } else { &record.dismissed };
    let patch = form.identities(if accepts { "aliases" } else { "dismissed" }, held, alias);
    let version = format!("\"{}\"", record.version);
    record::edit_contributor(&*state.store, context, handle, Some(&version), &patch).await?;
    Ok(if accepts { "merged" } else { "dismissed" })
}

/// `POST /governance/flags`: flags something; the page of what is flagged shows what came of it.
pub async fn raise_flag(
    State(state): State<AppState>,
    headers: HeaderMap,
    Fields(fields): Typed,
) -> Response {
    let form = Form::read(fields.into_iter());
    let own = flagged_page(form.get("subject_kind"), form.get("subject").unwrap_or_default());
    let Some(context) = context(&state, &headers, &form) else { return sign_in_first(&own) };
    match record::raise_flag(&*state.store, context, &form.flag()).await {
        Ok(_) => Redirect::to(&format!("{own}?done=flagged")).into_response(),
        Err(error) => show(&state, headers, &own, form, Some(error)).await,
    }
}

/// The page of what a form flags; governance where that names nothing.
fn flagged_page(kind: Option<&str>, subject: &str) -> String {
    match kind.and_then(Flaggable::named) {
        Some(Flaggable::Unit) => entry_path("/units", subject),
        Some(Flaggable::Claim) => entry_path("/claims", subject),
        Some(Flaggable::Link) => entry_path("/links", subject),
        Some(Flaggable::GateRun) => entry_path("/gates/runs", subject),
        None => GOVERNANCE.to_owned(),
    }
}

/// `POST /governance/flags/{id}/withdraw`: withdraws a flag.
pub async fn withdraw_flag(
    State(state): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Fields(fields): Typed,
) -> Response {
    let Ok(flag) = id.parse::<FlagId>() else {
        return render::failure(&state, headers, Error::FlagNotFound.describe()).await;
    };
    let form = Form::read(fields.into_iter());
    let Some(context) = context(&state, &headers, &form) else { return sign_in_first(GOVERNANCE) };
    match record::withdraw_flag(&*state.store, context, flag, &form.ending()).await {
        Ok(_) => Redirect::to(&format!("{GOVERNANCE}?done=withdrawn#flags")).into_response(),
        Err(error) => show(&state, headers, GOVERNANCE, form, Some(error)).await,
    }
}

/// `POST /governance/vetoes`: rolls a change back.
pub async fn cast_veto(State(state): State<AppState>, headers: HeaderMap, Fields(fields): Typed) -> Response {
    let form = Form::read(fields.into_iter());
    let own = entry_path("/units", form.get("unit").unwrap_or_default());
    let Some(context) = context(&state, &headers, &form) else { return sign_in_first(&own) };
    match record::cast_veto(&*state.store, context, &form.veto()).await {
        Ok(_) => Redirect::to(&format!("{own}?done=vetoed")).into_response(),
        Err(error) => show(&state, headers, &own, form, Some(error)).await,
    }
}

/// `POST /governance/vetoes/{id}/undo`: undoes a veto.
pub async fn undo_veto(
    State(state): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Fields(fields): Typed,
) -> Response {
    let Ok(veto) = id.parse::<VetoId>() else {
        return render::failure(&state, headers, Error::VetoNotFound.describe()).await;
    };
    let form = Form::read(fields.into_iter());
    let Some(context) = context(&state, &headers, &form) else { return sign_in_first(GOVERNANCE) };
    match record::undo_veto(&*state.store, context, veto, &form.ending()).await {
        Ok(_) => Redirect::to(&format!("{GOVERNANCE}?done=undone#vetoes")).into_response(),
        Err(error) => show(&state, headers, GOVERNANCE, form, Some(error)).await,
    }
}

/// `POST /governance/autonomy`: decides the level of an agent.
pub async fn decide_autonomy(
    State(state): State<AppState>,
    headers: HeaderMap,
    Fields(fields): Typed,
) -> Response {
    let form = Form::read(fields.into_iter());
    let Some(context) = context(&state, &headers, &form) else { return sign_in_first(GOVERNANCE) };
    match record::decide_autonomy(&*state.store, context, &form.autonomy()).await {
        Ok(_) => Redirect::to(&format!("{GOVERNANCE}?done=decided#autonomy")).into_response(),
        Err(error) => show(&state, headers, GOVERNANCE, form, Some(error)).await,
    }
}
