//! `POST /api/custom-profile-fields/properties/sie-order`.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use serde::Deserialize;
use serde_json::json;
use store::custom_profile_field::CustomProfileField;
use utoipa::ToSchema;

use super::CustomProfileFieldView;
use crate::{
    api::{caller::Caller, input::Input, list::MOST, text::Text},
    app::App,
    error::ApiError,
    operation::Refused,
};

/// The places of fields in the form.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct FieldOrder {
    #[schema(max_items = 2000)]
    order: Vec<FieldPlace>,
}

/// The place of a field in the form.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FieldPlace {
    name: Text<1, 128>,
    sie_order: i32,
}

/// Moves fields to other places in the form, and answers with those fields.
#[utoipa::path(
    post,
    path = "/custom-profile-fields/properties/sie-order",
    operation_id = "UpdateCustomProfileFieldsSieOrder",
    tag = "Custom profile fields",
    request_body = FieldOrder,
    responses((status = 200, body = Vec<CustomProfileFieldView>))
)]
pub(super) async fn order(
    State(app): State<App>,
    caller: Caller,
    Input(asked): Input<FieldOrder>,
) -> Result<Json<Vec<CustomProfileFieldView>>, ApiError> {
    let tenant = &caller.tenant.id;
    let places = places(asked)?;
    let mut tx = caller.begin(&app).await?;
    let fields = store::custom_profile_field::list(&mut tx, tenant).await?;
    let fields = moved(fields, &places)?;
    for field in &fields {
        store::custom_profile_field::update(&mut tx, tenant, field).await?;
    }
    app.commit(tx).await?;
    Ok(Json(CustomProfileFieldView::list(tenant, fields)))
}

fn places(asked: FieldOrder) -> Result<BTreeMap<String, i64>, Refused> {
    let given = asked.order.len();
    if given > MOST {
        let message = format!("expected at most {MOST} places, received {given}");
        return Err(Refused::new("guard.invalid_input", message));
    }
    let places: BTreeMap<String, i64> = asked
        .order
        .into_iter()
        .map(|place| (place.name.into(), i64::from(place.sie_order)))
        .collect();
    let taken: std::collections::BTreeSet<i64> = places.values().copied().collect();
    if taken.len() < given {
        return Err(Refused::new(
            "custom_profile_fields.conflicted_sie_order",
            "Every field needs one place of its own.",
        ));
    }
    Ok(places)
}

/// The fields that have a new place, in their new order.
fn moved(
    fields: Vec<CustomProfileField>,
    places: &BTreeMap<String, i64>,
) -> Result<Vec<CustomProfileField>, Refused> {
    let mut moved: Vec<CustomProfileField> = fields
        .into_iter()
        .filter_map(|field| {
            let sie_order = *places.get(&field.name)?;
            Some(CustomProfileField { sie_order, ..field })
        })
        .collect();
    let unknown: Vec<&String> = places
        .keys()
        .filter(|name| !moved.iter().any(|field| field.name == **name))
        .collect();
    if !unknown.is_empty() {
        let message = format!("There are no profile fields {unknown:?}.");
        let code = "custom_profile_fields.entity_not_exists_with_names";
        return Err(Refused::new(code, message).with(json!({ "names": unknown })));
    }
    moved.sort_by_key(|field| field.sie_order);
    Ok(moved)
}
