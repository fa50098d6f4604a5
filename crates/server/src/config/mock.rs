//! Connectors for tests, which exist only where they are asked for.

use std::path::PathBuf;

use super::{ConfigError, reader::Reader};

const DIRECTORY: &str = "MOCK_CONNECTOR_MESSAGE_DIR";
const DEFAULT: &str = "/tmp/logto";

/// The directory into which the connectors for tests write messages; `None` when there are no such connectors.
pub(super) fn read(reader: &Reader<'_>) -> Result<Option<PathBuf>, ConfigError> {
    let wanted = reader.flag("HUFU_MOCK_CONNECTORS", false)?;
    Ok(match reader.text(DIRECTORY) {
        Some(directory) => Some(directory.into()),
        None => wanted.then(|| DEFAULT.into()),
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::tests::load;

    #[test]
    fn they_exist_only_where_they_are_asked_for() {
        let directory = |variables: &[_]| load(variables).unwrap().mock_messages;
        assert_eq!(directory(&[]), None);
        assert_eq!(directory(&[("HUFU_MOCK_CONNECTORS", "no")]), None);
        assert_eq!(
            directory(&[("HUFU_MOCK_CONNECTORS", "1")]).as_deref(),
            Some(Path::new("/tmp/logto"))
        );
        assert_eq!(
            directory(&[("MOCK_CONNECTOR_MESSAGE_DIR", "/tmp/x")]).as_deref(),
            Some(Path::new("/tmp/x"))
        );
    }
}
