//! The first administrator, for set-ups without a browser.

use protocol::secret::Secret;

use super::{ConfigError, reader::Reader};

/// Who may administer a fresh installation.
#[derive(Clone, Debug)]
pub struct Administrator {
    /// `HUFU_ADMIN_USERNAME`.
    pub username: String,
    /// `HUFU_ADMIN_PASSWORD`.
    pub password: Secret,
}

impl Administrator {
    pub(super) fn read(reader: &Reader<'_>) -> Result<Option<Self>, ConfigError> {
        let name = "HUFU_ADMIN_USERNAME";
        match (reader.text(name), reader.secret("HUFU_ADMIN_PASSWORD")) {
            (Some(username), Some(password)) if is_username(&username) => {
                Ok(Some(Self { username, password }))
            }
            (Some(username), Some(_)) => Err(reader.wrong(
                name,
                &username,
                "which is not a user name (letters, digits and _, not beginning with a digit)",
            )),
            (None, None) => Ok(None),
            (Some(_), None) => Err(lonely(name, "HUFU_ADMIN_PASSWORD")),
            (None, Some(_)) => Err(lonely("HUFU_ADMIN_PASSWORD", name)),
        }
    }
}

fn lonely(name: &str, partner: &str) -> ConfigError {
    ConfigError::sentence(format!(
        "{name} is set without {partner}; set both or neither."
    ))
}

fn is_username(text: &str) -> bool {
    !text.starts_with(|first: char| first.is_ascii_digit())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
