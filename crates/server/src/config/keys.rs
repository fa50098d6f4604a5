//! Keys that the operator brought along.

use std::{fmt, fs, path::PathBuf};

use base64::{Engine, engine::general_purpose::STANDARD};
use protocol::{
    jose::{KeyError, SigningKey},
    secret::Secret,
};
use zeroize::Zeroizing;

use super::{ConfigError, Database, reader::Reader};

/// Keys from outside. Signing and cookie keys are used when a tenant is seeded; later the database holds them.
#[derive(Clone, Debug)]
pub struct Keys {
    /// `OIDC_PRIVATE_KEYS`, or the files of `OIDC_PRIVATE_KEY_PATHS`. The first of an algorithm signs, the others are still published.
    pub private: Vec<SigningKey>,
    /// `OIDC_COOKIE_KEYS`, the current one first.
    pub cookie: Vec<Secret>,
    /// `SECRET_VAULT_KEK`.
    pub vault: Option<Kek>,
    /// Where the vault key is kept when `SECRET_VAULT_KEK` is not set.
    pub file: PathBuf,
    /// Seconds between publishing a new signing key and signing with it, when a rotation does not say.
    pub rotation_grace_period: i64,
}

/// The key that encrypts secrets in the database.
#[derive(Clone)]
pub struct Kek(pub Zeroizing<[u8; 32]>);

impl Keys {
    pub(super) fn read(reader: &Reader<'_>, database: &Database) -> Result<Self, ConfigError> {
        let file = reader.text("HUFU_KEY_FILE").map(PathBuf::from);
        let beside = || {
            database.file().map_or_else(
                || PathBuf::from("./data/hufu.key"),
                |path| path.with_extension("key"),
            )
        };
        Ok(Self {
            private: private_keys(reader)?,
            cookie: reader
                .list("OIDC_COOKIE_KEYS")
                .into_iter()
                .map(Secret::new)
                .collect(),
            vault: kek(reader)?,
            file: file.unwrap_or_else(beside),
            rotation_grace_period: reader
                .number("PRIVATE_KEY_ROTATION_GRACE_PERIOD", &(0..=31_536_000))?
                .unwrap_or(0),
        })
    }
}

fn kek(reader: &Reader<'_>) -> Result<Option<Kek>, ConfigError> {
    let Some(text) = reader.text("SECRET_VAULT_KEK") else {
        return Ok(None);
    };
    let bytes = STANDARD.decode(text).ok().map(Zeroizing::new);
    let key = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes.as_slice()).ok());
    key.map(|key| Some(Kek(Zeroizing::new(key)))).ok_or_else(|| {
        ConfigError::sentence("SECRET_VAULT_KEK is not the base64 of 32 bytes; make one with: openssl rand -base64 32.".to_owned())
    })
}

fn private_keys(reader: &Reader<'_>) -> Result<Vec<SigningKey>, ConfigError> {
    const TEXTS: &str = "OIDC_PRIVATE_KEYS";
    const PATHS: &str = "OIDC_PRIVATE_KEY_PATHS";
    let (texts, paths) = (reader.list(TEXTS), reader.list(PATHS));
    if !texts.is_empty() {
        let entries = texts.iter().zip(1..);
        return entries
            .map(|(text, number)| {
                private_key(text).map_err(|error| bad(TEXTS, &format!("number {number}"), error))
            })
            .collect();
    }
    let read = |path: &String| {
        let text = fs::read_to_string(path).map_err(|error| {
            let fault = format!("names \"{path}\", which cannot be read ({error})");
            reader.wrong_secret(PATHS, &fault)
        })?;
        private_key(&text).map_err(|error| bad(PATHS, path, error))
    };
    paths.iter().map(read).collect()
}

fn bad(name: &str, entry: &str, error: KeyError) -> ConfigError {
    ConfigError::sentence(format!(
        "{name} has an entry ({entry}) that cannot be used: {error}; make one with: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048."
    ))
}

/// Reads a PEM private key, its base64, or either with `\n` for line ends (`contract/logto-core.md` §1.4).
pub fn private_key(text: &str) -> Result<SigningKey, KeyError> {
    let text = Zeroizing::new(text.trim().replace("\\n", "\n"));
    if text.contains('-') {
        return SigningKey::from_pem(&text);
    }
    let digits: String = text.split_ascii_whitespace().collect();
    let pem = STANDARD
        .decode(digits)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .map(Zeroizing::new);
    SigningKey::from_pem(&pem.ok_or(KeyError::NotPem)?)
}

impl fmt::Debug for Kek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kek(…)")
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use protocol::jose::{SigningAlgorithm, SigningKey};

    use super::{super::tests::load, private_key};

    const RSA: &str = include_str!("../../tests/keys/rsa.pem");
    const P384: &str = include_str!("../../tests/keys/p384.pem");

    #[test]
    fn every_common_form_of_a_private_key_is_read() {
        let cases = [
            (RSA, SigningAlgorithm::RS256),
            (
                include_str!("../../tests/keys/rsa_pkcs1.pem"),
                SigningAlgorithm::RS256,
            ),
            (
                include_str!("../../tests/keys/p256.pem"),
                SigningAlgorithm::ES256,
            ),
            (P384, SigningAlgorithm::ES384),
            (
                include_str!("../../tests/keys/p384_sec1.pem"),
                SigningAlgorithm::ES384,
            ),
            (
                include_str!("../../tests/keys/p521.pem"),
                SigningAlgorithm::ES512,
            ),
        ];
        for (pem, algorithm) in cases {
            let key = private_key(pem).unwrap();
            assert_eq!(key.algorithm(), algorithm);
            for form in [
                STANDARD.encode(pem),
                pem.replace('\n', "\\n"),
                format!("  {pem}\n\n"),
            ] {
                assert_eq!(private_key(&form).unwrap().kid(), key.kid(), "{form}");
            }
        }
    }

    #[test]
    fn one_key_in_two_notations_is_one_key() {
        let other = private_key(include_str!("../../tests/keys/rsa_pkcs1.pem")).unwrap();
        assert_eq!(private_key(RSA).unwrap().kid(), other.kid());
    }

    #[test]
    fn keys_that_cannot_sign_are_refused() {
        for text in [
            include_str!("../../tests/keys/ed25519.pem"),
            include_str!("../../tests/keys/rsa_1024.pem"),
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
            "nonsense",
            "",
        ] {
            assert!(private_key(text).is_err(), "{text}");
        }
    }

    #[test]
    fn several_keys_stand_in_one_variable_and_texts_win_over_files() {
        let both = format!("{},{}", P384.replace('\n', "\\n"), STANDARD.encode(RSA));
        let keys = load(&[
            ("OIDC_PRIVATE_KEYS", &both),
            ("OIDC_PRIVATE_KEY_PATHS", "/nowhere"),
        ])
        .unwrap()
        .keys;
        let algorithms: Vec<_> = keys.private.iter().map(SigningKey::algorithm).collect();
        assert_eq!(
            algorithms,
            [SigningAlgorithm::ES384, SigningAlgorithm::RS256]
        );
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/rsa.pem");
        assert_eq!(
            load(&[("OIDC_PRIVATE_KEY_PATHS", path)])
                .unwrap()
                .keys
                .private
                .len(),
            1
        );
    }

    #[test]
    fn the_key_file_stands_beside_the_database() {
        let file = |set: &[(&str, &str)]| load(set).unwrap().keys.file.display().to_string();
        assert_eq!(file(&[]), "./data/hufu.key");
        assert_eq!(
            file(&[("DB_URL", "sqlite:/var/lib/id.sqlite")]),
            "/var/lib/id.key"
        );
        assert_eq!(file(&[("DB_URL", "postgres://db/hufu")]), "./data/hufu.key");
        assert_eq!(file(&[("HUFU_KEY_FILE", "/etc/k")]), "/etc/k");
    }
}
