//! Where variables come from: the process, then a `.env` file.

use std::{
    collections::HashMap,
    env, fs,
    path::{Path, PathBuf},
};

use super::{ConfigError, dotenv};

/// The variables of this process and, behind them, those of a `.env` file.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    file: HashMap<String, String>,
    fixed: HashMap<String, String>,
}

impl Environment {
    /// Reads `env_file`, or else the first `.env` found from the working directory upwards. `db_url` goes before everything.
    ///
    /// # Errors
    /// When the named file cannot be read. A `.env` that is not there is none.
    pub fn of_process(env_file: Option<&Path>, db_url: Option<&str>) -> Result<Self, ConfigError> {
        let path = match env_file {
            Some(path) => Some(path.to_owned()),
            None => env::current_dir()
                .ok()
                .and_then(|directory| upwards(&directory)),
        };
        let file = match path {
            Some(path) => assignments(&path)?,
            None => HashMap::new(),
        };
        let fixed = db_url
            .map(|url| ("DB_URL".to_owned(), url.to_owned()))
            .into_iter()
            .collect();
        Ok(Self { file, fixed })
    }

    /// The value of a variable: given on the command line, set in the process, or in the file.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where variables enter"
    )]
    pub fn get(&self, name: &str) -> Option<String> {
        let fixed = self.fixed.get(name).cloned();
        fixed
            .or_else(|| env::var(name).ok())
            .or_else(|| self.file.get(name).cloned())
    }
}

fn upwards(directory: &Path) -> Option<PathBuf> {
    directory
        .ancestors()
        .map(|directory| directory.join(".env"))
        .find(|path| path.is_file())
}

fn assignments(path: &Path) -> Result<HashMap<String, String>, ConfigError> {
    let text = fs::read_to_string(path).map_err(|error| {
        ConfigError::sentence(format!(
            "The file {} cannot be read ({error}).",
            path.display()
        ))
    })?;
    Ok(dotenv::parse(&text).into_iter().collect())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Environment, upwards};

    #[test]
    fn the_file_is_found_upwards_from_the_working_directory() {
        let root = tempfile::tempdir().unwrap();
        let deep = root.path().join("a/b");
        fs::create_dir_all(&deep).unwrap();
        fs::write(root.path().join(".env"), "PORT=1").unwrap();
        assert_eq!(upwards(&deep), Some(root.path().join(".env")));
        fs::write(root.path().join("a/.env"), "PORT=2").unwrap();
        assert_eq!(upwards(&deep), Some(root.path().join("a/.env")));
    }

    #[test]
    fn real_variables_win_over_the_file_and_the_command_line_over_both() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("some.env");
        fs::write(&file, "PATH=/from/file\nDB_URL=sqlite:file.db\nPORT=1").unwrap();
        let environment = Environment::of_process(Some(&file), Some("sqlite:line.db")).unwrap();
        assert_ne!(environment.get("PATH").unwrap(), "/from/file");
        assert_eq!(environment.get("DB_URL").unwrap(), "sqlite:line.db");
        assert_eq!(environment.get("PORT").unwrap(), "1");
    }

    #[test]
    fn a_file_that_was_named_must_be_there() {
        let error = Environment::of_process(Some("/nowhere/.env".as_ref()), None).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("The file /nowhere/.env cannot be read")
        );
    }
}
