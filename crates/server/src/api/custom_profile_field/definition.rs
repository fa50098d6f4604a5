//! The definition of a field, as callers give it.

use identity::profile_field::{Config, Fault, FieldType, Strictness, check, check_name};
use protocol::time::Time;
use serde::Deserialize;
use store::custom_profile_field::CustomProfileField;
use utoipa::{ToSchema, openapi};

use crate::{api::text::Text, operation::Refused};

/// What a field is.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct FieldDefinition {
    #[schema(schema_with = kinds)]
    r#type: FieldType,
    #[schema(nullable = false)]
    label: Option<Text<1, 128>>,
    #[schema(nullable = false)]
    description: Option<Text<0, 256>>,
    /// Whether it may not be left empty; `false` for boxes.
    required: bool,
    /// `placeholder` for all but boxes and parts; texts have `minLength`, `maxLength`; numbers `minValue`, `maxValue`;
    /// dates `format`, `customFormat`; boxes `defaultValue`; choices `options`; regular expressions `format`;
    /// addresses and full names `parts`.
    #[schema(value_type = Option<Object>, nullable = false)]
    config: Option<Config>,
}

/// A field to add.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewField {
    /// Letters and digits of ASCII.
    #[schema(pattern = "^[a-zA-Z0-9]+$")]
    name: Text<0, 128>,
    #[serde(flatten)]
    definition: FieldDefinition,
}

/// The longest settings, as JSON, in bytes.
const LARGEST: usize = 64 * 1024;

impl FieldDefinition {
    /// Writes the definition over what a field was.
    pub(crate) fn apply(
        self,
        field: &mut CustomProfileField,
        strictness: Strictness,
    ) -> Result<(), Refused> {
        let config = check(self.r#type, self.required, self.config, strictness).map_err(refused)?;
        if serde_json::to_string(&config).map_or(LARGEST, |text| text.len()) >= LARGEST {
            let message = format!("config must be smaller than {LARGEST} bytes");
            return Err(Refused::new("guard.invalid_input", message));
        }
        field.kind = self.r#type;
        field.label = self.label.map(String::from).unwrap_or_default();
        // A box has a label and nothing else to say.
        field.description = self
            .description
            .map(String::from)
            .filter(|_| self.r#type != FieldType::Checkbox);
        field.required = self.required;
        field.config = config;
        Ok(())
    }
}

impl NewField {
    /// The field with this id and place.
    pub(super) fn field(
        self,
        id: String,
        sie_order: i64,
        now: Time,
    ) -> Result<CustomProfileField, Refused> {
        check_name(&self.name).map_err(refused)?;
        let mut field = CustomProfileField {
            id,
            name: self.name.into(),
            kind: FieldType::Text,
            label: String::new(),
            description: None,
            required: false,
            config: serde_json::Map::new(),
            sie_order,
            created_at: now,
        };
        self.definition.apply(&mut field, Strictness::Draft)?;
        Ok(field)
    }
}

fn refused(fault: Fault) -> Refused {
    Refused::new(fault.code, fault.message)
}

fn kinds() -> openapi::Object {
    const KINDS: [FieldType; 9] = [
        FieldType::Text,
        FieldType::Number,
        FieldType::Date,
        FieldType::Checkbox,
        FieldType::Select,
        FieldType::Url,
        FieldType::Regex,
        FieldType::Address,
        FieldType::Fullname,
    ];
    openapi::ObjectBuilder::new()
        .schema_type(openapi::Type::String)
        .enum_values(Some(KINDS.map(FieldType::as_str)))
        .build()
}
