//! Messages of the connectors for tests: each is a line of JSON at the end of a file.

use std::{fs::OpenOptions, io::Write, path::Path};

use serde_json::{Map, Value, json};

use super::{Message, template};
use crate::error::ConnectorError;

pub(super) fn write(
    directory: &Path,
    file: &str,
    recipient: &str,
    config: &Map<String, Value>,
    message: &Message<'_>,
) -> Result<(), ConnectorError> {
    let template = template::choose(config, message)?.fill(message.payload);
    let mut record = json!({
        "code": message.payload.get("code"),
        "type": message.usage.as_str(),
        "payload": message.payload,
        "template": template,
        "ip": message.ip,
    });
    if let Some(members) = record.as_object_mut() {
        members.insert(recipient.to_owned(), message.to.into());
    }
    append(&directory.join(file), &record)
        .map_err(|error| ConnectorError::NotSent(error.to_string()))
}

fn append(path: &Path, record: &Value) -> std::io::Result<()> {
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory)?;
    }
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    file.write_all(format!("{record}\n").as_bytes())
}
