//! JSON in text columns.

use serde::{Serialize, de::DeserializeOwned};

use crate::error::StoreError;

/// The value in `text`; `column` names the place when it is not what it should be.
pub(crate) fn read<T: DeserializeOwned>(column: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::corrupt(column, error))
}

/// The text of `value`.
pub(crate) fn write<T: Serialize + ?Sized>(
    column: &'static str,
    value: &T,
) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::corrupt(column, error))
}

/// The name that serde gives a unit variant such as `SigningAlgorithm::RS256`.
pub(crate) fn name<T: Serialize>(column: &'static str, value: &T) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => Ok(name),
        Ok(_) => Err(StoreError::corrupt(column, "not a name")),
        Err(error) => Err(StoreError::corrupt(column, error)),
    }
}

/// The unit variant that serde gives `name`.
pub(crate) fn named<T: DeserializeOwned>(
    column: &'static str,
    name: String,
) -> Result<T, StoreError> {
    serde_json::from_value(serde_json::Value::String(name))
        .map_err(|error| StoreError::corrupt(column, error))
}
