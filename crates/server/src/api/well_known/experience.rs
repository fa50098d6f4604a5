//! `GET /api/.well-known/sign-in-exp` and `GET /api/.well-known/experience`.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::IntoParams;

use super::{nobody, public};
use crate::{
    api::{custom_profile_field::CustomProfileFieldView, query::Query, sign_in_exp::view},
    app::App,
    error::{ApiError, NoSuchTenant},
    extract::tenant::CurrentTenant,
    operation,
    tenant::Tenant,
};

/// What the operator keeps to himself.
const HIDDEN: [&str; 3] = [
    "emailBlocklistPolicy",
    "forgotPasswordMethods",
    "trustedDevice",
];

/// Where somebody is about to sign in.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct Place {
    /// The organization whose colours and logos are shown.
    organization_id: Option<String>,
    /// The application whose colours and logos are shown.
    app_id: Option<String>,
}

/// How people sign in, with everything that a page needs to offer it: the members of the sign-in experience but those
/// that are the operator's, and `socialConnectors`, `ssoConnectors`, `forgotPassword`, `customProfileFields` and the like.
#[utoipa::path(
    get,
    path = "/.well-known/sign-in-exp",
    operation_id = "GetSignInExperienceConfig",
    tag = "Well-known",
    params(Place),
    security(()),
    responses((status = 200, body = serde_json::Map<String, Value>))
)]
pub(super) async fn sign_in_exp(
    State(app): State<App>,
    tenant: Result<CurrentTenant, NoSuchTenant>,
    Query(place): Query<Place>,
) -> Response {
    answer(&app, tenant, &place).await
}

/// The same, under its newer address.
#[utoipa::path(
    get,
    path = "/.well-known/experience",
    operation_id = "GetWellKnownExperience",
    tag = "Well-known",
    params(Place),
    security(()),
    responses((status = 200, body = serde_json::Map<String, Value>))
)]
pub(super) async fn experience(
    State(app): State<App>,
    tenant: Result<CurrentTenant, NoSuchTenant>,
    Query(place): Query<Place>,
) -> Response {
    answer(&app, tenant, &place).await
}

async fn answer(app: &App, tenant: Result<CurrentTenant, NoSuchTenant>, place: &Place) -> Response {
    match tenant {
        Ok(CurrentTenant(tenant)) => match full(app, &tenant, place).await {
            Ok(experience) => Json(experience).into_response(),
            Err(error) => error.into_response(),
        },
        Err(refused) => nobody(refused),
    }
}

async fn full(
    app: &App,
    tenant: &Arc<Tenant>,
    place: &Place,
) -> Result<Map<String, Value>, ApiError> {
    let document = operation::experience::find(app.db(), &tenant.id).await?;
    let mut experience = match view(&tenant.id, document) {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    dress(app, tenant, place, &mut experience).await?;
    let methods = experience.get("forgotPasswordMethods");
    let forgot_password = public::forgot_password(tenant, methods.filter(|list| list.is_array()));
    let catalog = store::custom_profile_field::list(app.db(), &tenant.id).await?;
    let listed = experience.get("signUpProfileFields");
    let fields = public::sign_up_fields(&tenant.id, &catalog, listed);
    let asks_captcha = experience
        .get("captchaPolicy")
        .is_some_and(|policy| policy["enabled"] == true);
    for name in HIDDEN {
        experience.remove(name);
    }
    let mut add = |name: &str, value: Value| experience.insert(name.to_owned(), value);
    add("socialConnectors", public::social_connectors(tenant).into());
    // Nobody can sign in with them yet.
    add("ssoConnectors", json!([]));
    add("forgotPassword", forgot_password);
    add("isDevelopmentTenant", false.into());
    add("customProfileFields", json!(fields));
    let catalog = CustomProfileFieldView::list(&tenant.id, catalog);
    add("customProfileFieldCatalog", json!(catalog));
    if let Some(one_tap) = public::google_one_tap(tenant) {
        add("googleOneTap", one_tap);
    }
    if asks_captcha
        && let Some(provider) =
            store::captcha_provider::find(app.db(), app.vault(), &tenant.id).await?
    {
        add("captchaConfig", public::captcha(&provider));
    }
    Ok(experience)
}

/// The colours, logos and style sheet of the place: those of the organization before those of the application.
async fn dress(
    app: &App,
    tenant: &Tenant,
    place: &Place,
    experience: &mut Map<String, Value>,
) -> Result<(), ApiError> {
    let application = place.app_id.as_deref();
    let application = application.and_then(|id| tenant.application(id));
    if let Some(application) = application.filter(|found| !found.client.is_third_party) {
        let (db, id) = (app.db(), &application.client.id);
        let own = store::application::sign_in_experience::find(db, &tenant.id, id).await?;
        let own = own.unwrap_or_default();
        let part = |name: &str| own.get(name).and_then(Value::as_object).cloned();
        let css = own.get("customCss").and_then(Value::as_str);
        let (color, branding) = (part("color"), part("branding"));
        public::overlay(
            experience,
            &color.unwrap_or_default(),
            &branding.unwrap_or_default(),
            css,
        );
    }
    if let Some(id) = place.organization_id.as_deref()
        && let Some(found) = store::organization::find(app.db(), &tenant.id, id).await?
    {
        let css = found.custom_css.as_deref();
        public::overlay(experience, &found.color, &found.branding, css);
    }
    Ok(())
}
