//! `PATCH /api/sign-in-exp`.

use axum::{Json, extract::State};
use serde_json::{Map, Value, json};
use store::custom_profile_field::CustomProfileField;

use super::document::{ChangeDocument, SignInExperienceView, checked, view};
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::ApiError,
    operation::{self, Refused},
};

/// Changes how the tenant's people sign in.
#[utoipa::path(
    patch,
    path = "/sign-in-exp",
    operation_id = "UpdateSignInExp",
    tag = "Sign-in experience",
    request_body = ChangeDocument,
    responses((status = 200, body = SignInExperienceView))
)]
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    Input(body): Input<Map<String, Value>>,
) -> Result<Json<Value>, ApiError> {
    let tenant = &caller.tenant;
    let mut change = checked(&body)?;
    let mut tx = caller.begin(&app).await?;
    let before = operation::experience::find(&mut tx, &tenant.id).await?;
    date_expiration(&mut change, &before, app.now().as_millis());
    if ignores_case_from_now_on(&before, &change) {
        let conflicts = store::user::case_conflicts(&mut tx, &tenant.id, 20).await?;
        if conflicts.total > 0 {
            return Err(case_conflict(&conflicts).into());
        }
    }
    let languages = store::custom_phrase::languages(&mut tx, &tenant.id).await?;
    // As they are now, and not when the request came: a provider may have gone meanwhile.
    let fields = store::custom_profile_field::list(&mut tx, &tenant.id).await?;
    keep_known_fields(&fields, &mut change);
    let connectors = store::connector::list(&mut tx, app.vault(), &tenant.id).await?;
    let after = operation::experience::apply(&connectors, &languages, before, change)?;
    operation::experience::save(&mut tx, &tenant.id, after.clone()).await?;
    app.commit(tx).await?;
    Ok(Json(view(&tenant.id, after)))
}

/// Fields that the tenant does not have are dropped (`contract/logto-api.md` §4.3).
fn keep_known_fields(known: &[CustomProfileField], change: &mut Map<String, Value>) {
    let listed = change.get_mut("signUpProfileFields");
    if let Some(listed) = listed.and_then(Value::as_array_mut) {
        listed.retain(|field| known.iter().any(|known| field["name"] == *known.name));
    }
}

/// `enabledAt` is the server's: it says since when passwords expire.
fn date_expiration(change: &mut Map<String, Value>, before: &Map<String, Value>, now: i64) {
    let held = before
        .get("passwordExpiration")
        .and_then(|held| held.get("enabledAt"))
        .cloned();
    let Some(expiration) = change
        .get_mut("passwordExpiration")
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    expiration.remove("enabledAt");
    if expiration.get("enabled").is_some_and(|on| on == true) {
        expiration.insert("enabledAt".to_owned(), held.unwrap_or_else(|| now.into()));
    }
}

/// Whether user names that differ in case only become the same.
pub(crate) fn ignores_case_from_now_on(
    before: &Map<String, Value>,
    change: &Map<String, Value>,
) -> bool {
    let minds = |document: &Map<String, Value>| {
        let policy = document.get("usernamePolicy")?;
        policy.get("caseSensitive")?.as_bool()
    };
    minds(before) != Some(false) && minds(change) == Some(false)
}

/// There are such user names.
pub(crate) fn case_conflict(conflicts: &store::user::CaseConflicts) -> Refused {
    Refused::new(
        "sign_in_experiences.username_policy_case_conflicts_exist",
        "There are user names that differ in case only: rename them first.",
    )
    .with(json!({
        "totalConflicts": conflicts.total,
        "samples": super::username_conflicts::samples(conflicts),
    }))
}
