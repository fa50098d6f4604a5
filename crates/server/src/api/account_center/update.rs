//! `PATCH /api/account-center`.

use std::collections::BTreeSet;

use axum::{Json, extract::State};
use serde::Deserialize;
use url::Url;
use utoipa::ToSchema;

use super::{
    AccountCenterView,
    view::{FieldName, Fields, Settings},
};
use crate::{
    api::{caller::Caller, input::Input, patch::Patch, text::Text},
    app::App,
    error::ApiError,
    operation::Refused,
};

/// What may change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountCenterChange {
    enabled: Option<bool>,
    /// Those that are left out stay as they are.
    fields: Option<Fields>,
    #[schema(max_items = 100)]
    webauthn_related_origins: Option<Vec<Text<1, 2048>>>,
    /// An http or https address; an empty text or `null` takes it away.
    #[serde(default)]
    #[schema(value_type = Option<Text<0, 2048>>)]
    delete_account_url: Patch<Text<0, 2048>>,
    #[serde(default)]
    #[schema(value_type = Option<Text<0, 65_536>>)]
    custom_css: Patch<Text<0, 65_536>>,
    #[serde(default)]
    #[schema(value_type = Option<Vec<FieldName>>)]
    profile_fields: Patch<Vec<FieldName>>,
}

/// Changes what people may see and change of their own account.
#[utoipa::path(
    patch,
    path = "/account-center",
    operation_id = "UpdateAccountCenterSettings",
    tag = "Account center",
    request_body = AccountCenterChange,
    responses((status = 200, body = AccountCenterView))
)]
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    Input(change): Input<AccountCenterChange>,
) -> Result<Json<AccountCenterView>, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    let known = store::custom_profile_field::list(&mut tx, tenant).await?;
    let held = Settings::read(store::account_center::find(&mut tx, tenant).await?);
    let mut settings = changed(held, change)?;
    if let Some(listed) = &mut settings.profile_fields {
        // As in the sign-in experience: what the tenant does not have is dropped.
        listed.retain(|field| known.iter().any(|known| known.name == field.name));
    }
    let settings = settings.write();
    store::account_center::set(&mut tx, tenant, &settings).await?;
    app.commit(tx).await?;
    Ok(Json(AccountCenterView::new(tenant, Some(settings))))
}

/// The settings with a change, if that can be.
///
/// # Errors
/// When an address is none.
pub(crate) fn changed(
    mut settings: Settings,
    change: AccountCenterChange,
) -> Result<Settings, Refused> {
    settings.enabled = change.enabled.unwrap_or(settings.enabled);
    if let Some(fields) = change.fields {
        settings.fields.extend(fields.said());
    }
    if let Some(origins) = change.webauthn_related_origins {
        let mut seen = BTreeSet::new();
        settings.webauthn_related_origins = origins
            .into_iter()
            .map(Text::into_inner)
            .filter(|origin| seen.insert(origin.clone()))
            .collect();
    }
    let address = change.delete_account_url.map(Text::into_inner);
    settings.delete_account_url = address
        .apply(settings.delete_account_url)
        .filter(|address| !address.is_empty());
    if let Some(address) = &settings.delete_account_url {
        check_address(address)?;
    }
    let css = change.custom_css.map(Text::into_inner);
    settings.custom_css = css.apply(settings.custom_css);
    settings.profile_fields = change.profile_fields.apply(settings.profile_fields);
    Ok(settings)
}

fn check_address(address: &str) -> Result<(), Refused> {
    let is_web = Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if !is_web {
        let message = "deleteAccountUrl must be an http or https address";
        return Err(Refused::new("guard.invalid_input", message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Settings, changed};

    fn after(changes: &[Value]) -> Value {
        let mut settings = Settings::default();
        for change in changes {
            let change = serde_json::from_value(change.clone()).unwrap();
            settings = changed(settings, change).unwrap();
        }
        Value::Object(settings.write())
    }

    #[test]
    fn fields_are_merged_and_lists_replaced() {
        let settings = after(&[
            json!({ "enabled": true, "fields": { "name": "Edit", "email": "ReadOnly" } }),
            json!({ "fields": { "email": "Off" }, "webauthnRelatedOrigins": ["https://a", "https://a"],
                "deleteAccountUrl": "https://a/bye", "profileFields": [{ "name": "nickname" }] }),
            json!({ "deleteAccountUrl": "" }),
        ]);
        assert_eq!(
            settings,
            json!({ "enabled": true, "fields": { "email": "Off", "name": "Edit" },
                "webauthnRelatedOrigins": ["https://a"], "deleteAccountUrl": null, "customCss": null,
                "profileFields": [{ "name": "nickname" }] })
        );
    }

    #[test]
    fn an_address_must_be_one_of_the_web() {
        let change = json!({ "deleteAccountUrl": "javascript:alert(1)" });
        let change = serde_json::from_value(change).unwrap();
        assert!(changed(Settings::default(), change).is_err());
    }
}
