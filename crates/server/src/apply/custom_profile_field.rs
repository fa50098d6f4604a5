//! What an operator asks people for.

use identity::profile_field::{FieldType, Strictness, check_name};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use store::custom_profile_field;

use super::kind::{Kind, World, is_default, shaped};
use crate::{
    api::custom_profile_field::FieldDefinition,
    operation::{self, OperationError, Refused},
    random,
};

/// A field of people's profiles.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CustomProfileField {
    name: String,
    r#type: FieldType,
    #[serde(default, skip_serializing_if = "is_default")]
    label: String,
    #[serde(default, skip_serializing_if = "is_default")]
    description: Option<String>,
    #[serde(default)]
    required: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    config: Map<String, Value>,
    /// Its place in the form: behind the last one when it is left out.
    sie_order: Option<i32>,
}

impl Kind for CustomProfileField {
    const SECTION: &'static str = "customProfileFields";
    const NOUN: &'static str = "custom profile field";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];

    async fn read(world: &mut World<'_>) -> Result<Vec<Self>, OperationError> {
        let found = custom_profile_field::list(&mut *world.tx, world.tenant).await?;
        Ok(found.into_iter().map(Self::from).collect())
    }

    async fn write(
        &self,
        world: &mut World<'_>,
        before: Option<&Self>,
    ) -> Result<(), OperationError> {
        check_name(&self.name).map_err(|fault| Refused::new(fault.code, fault.message))?;
        let tenant = world.tenant;
        let held = custom_profile_field::find(&mut *world.tx, tenant, &self.name).await?;
        let mut field = held.unwrap_or_else(|| self.blank());
        // As in the API: a field may begin as a draft, and what is changed is complete.
        let strictness = match before {
            Some(before) if !self.is_moved_only(before) => Strictness::Complete,
            _ => Strictness::Draft,
        };
        self.define(&mut field, strictness)?;
        if let Some(place) = self.sie_order {
            field.sie_order = place.into();
        }
        if before.is_some() {
            custom_profile_field::update(world.tx, tenant, &field).await?;
        } else {
            let next = custom_profile_field::next_order(world.tx, tenant).await?;
            field.id = random::id(21);
            field.created_at = world.now;
            field.sie_order = self.sie_order.map_or(next, i64::from);
            custom_profile_field::insert(world.tx, tenant, &field).await?;
        }
        Ok(())
    }

    async fn remove(&self, world: &mut World<'_>) -> Result<(), OperationError> {
        operation::profile_field::remove(world.tx, world.tenant, &self.name).await
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn settle(&mut self) {
        let mut field = self.blank();
        if self.define(&mut field, Strictness::Draft).is_ok() {
            let sie_order = self.sie_order;
            *self = Self::from(field);
            self.sie_order = sie_order;
        }
    }
}

impl CustomProfileField {
    fn blank(&self) -> custom_profile_field::CustomProfileField {
        custom_profile_field::CustomProfileField {
            id: String::new(),
            name: self.name.clone(),
            kind: self.r#type,
            label: String::new(),
            description: None,
            required: false,
            config: Map::new(),
            sie_order: 0,
            created_at: protocol::time::Time(0),
        }
    }

    fn is_moved_only(&self, before: &Self) -> bool {
        let moved = Self {
            sie_order: self.sie_order,
            ..before.clone()
        };
        moved == *self
    }

    /// Writes the definition over what a field was.
    fn define(
        &self,
        field: &mut custom_profile_field::CustomProfileField,
        strictness: Strictness,
    ) -> Result<(), Refused> {
        shaped::<identity::profile_field::Config>("config", &self.config)?;
        let label = Some(&self.label).filter(|label| !label.is_empty());
        let members = json!({
            "type": self.r#type,
            "label": label,
            "description": self.description,
            "required": self.required,
            "config": self.config,
        });
        let definition: Result<FieldDefinition, _> = serde_json::from_value(members);
        let definition =
            definition.map_err(|error| Refused::new("guard.invalid_input", error.to_string()))?;
        definition.apply(field, strictness)
    }
}

impl From<custom_profile_field::CustomProfileField> for CustomProfileField {
    fn from(found: custom_profile_field::CustomProfileField) -> Self {
        Self {
            name: found.name,
            r#type: found.kind,
            label: found.label,
            description: found.description,
            required: found.required,
            config: found.config,
            sie_order: i32::try_from(found.sie_order).ok(),
        }
    }
}
