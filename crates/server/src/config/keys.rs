//! Keys that the operator brought along.

use std::{fmt, fs, path::PathBuf};

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::KeyPair as RsaKeyPair,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING,
        ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair,
    },
};
use base64::{Engine, engine::general_purpose::STANDARD};
use protocol::{jose::SigningAlgorithm, secret::Secret};
use rustls::pki_types::{PrivateKeyDer, pem::PemObject};
use zeroize::Zeroizing;

use super::{ConfigError, Database, reader::Reader};

/// Keys from outside. Signing and cookie keys are used when a tenant is seeded; later the database holds them.
#[derive(Clone, Debug)]
pub struct Keys {
    /// `OIDC_PRIVATE_KEYS`, or the files of `OIDC_PRIVATE_KEY_PATHS`. The first of an algorithm signs, the others are still published.
    pub private: Vec<PrivateKey>,
    /// `OIDC_COOKIE_KEYS`, the current one first.
    pub cookie: Vec<Secret>,
    /// `SECRET_VAULT_KEK`.
    pub vault: Option<Kek>,
    /// Where the vault key is kept when `SECRET_VAULT_KEK` is not set.
    pub file: PathBuf,
    /// Seconds between publishing a new signing key and signing with it, when a rotation does not say.
    pub rotation_grace_period: i64,
}

/// A private key for signatures.
#[derive(Clone)]
pub struct PrivateKey {
    /// What it signs with.
    pub algorithm: SigningAlgorithm,
    /// The key as PKCS#8 in DER.
    pub pkcs8: Zeroizing<Vec<u8>>,
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

fn private_keys(reader: &Reader<'_>) -> Result<Vec<PrivateKey>, ConfigError> {
    const TEXTS: &str = "OIDC_PRIVATE_KEYS";
    const PATHS: &str = "OIDC_PRIVATE_KEY_PATHS";
    let (texts, paths) = (reader.list(TEXTS), reader.list(PATHS));
    if !texts.is_empty() {
        return texts
            .iter()
            .enumerate()
            .map(|(index, text)| {
                private_key(text).ok_or_else(|| not_a_key(TEXTS, &format!("number {}", index + 1)))
            })
            .collect();
    }
    let read = |path: &String| {
        let text = fs::read_to_string(path).map_err(|error| {
            let fault = format!("names \"{path}\", which cannot be read ({error})");
            reader.wrong_secret(PATHS, &fault)
        })?;
        private_key(&text).ok_or_else(|| not_a_key(PATHS, path))
    };
    paths.iter().map(read).collect()
}

fn not_a_key(name: &str, entry: &str) -> ConfigError {
    ConfigError::sentence(format!(
        "{name} has an entry ({entry}) that is not a PEM private key; make one with: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048."
    ))
}

/// Reads a PEM private key (PKCS#8, PKCS#1 or SEC 1; RSA of 2048 bits or more, P-256, P-384 or P-521), its base64, or either with `\n` for line ends.
pub fn private_key(text: &str) -> Option<PrivateKey> {
    let text = Zeroizing::new(text.trim().replace("\\n", "\n"));
    let pem = if text.contains('-') {
        Zeroizing::new(text.as_bytes().to_vec())
    } else {
        let compact: String = text.split_ascii_whitespace().collect();
        Zeroizing::new(STANDARD.decode(compact).ok()?)
    };
    let key = PrivateKeyDer::from_pem_slice(&pem).ok()?;
    rsa(&key).or_else(|| ec(&key))
}

fn rsa(key: &PrivateKeyDer<'_>) -> Option<PrivateKey> {
    let pair = match key {
        PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der()),
        PrivateKeyDer::Pkcs8(der) => RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()),
        _ => return None,
    }
    .ok()?;
    let pkcs8: Pkcs8V1Der<'_> = pair.as_der().ok()?;
    Some(PrivateKey {
        algorithm: SigningAlgorithm::RS256,
        pkcs8: Zeroizing::new(pkcs8.as_ref().to_vec()),
    })
}

fn ec(key: &PrivateKeyDer<'_>) -> Option<PrivateKey> {
    let curves = [
        (SigningAlgorithm::ES256, &ECDSA_P256_SHA256_FIXED_SIGNING),
        (SigningAlgorithm::ES384, &ECDSA_P384_SHA384_FIXED_SIGNING),
        (SigningAlgorithm::ES512, &ECDSA_P521_SHA512_FIXED_SIGNING),
    ];
    curves.iter().find_map(|&(algorithm, curve)| {
        let pair = EcdsaKeyPair::from_private_key_der(curve, key.secret_der()).ok()?;
        let pkcs8 = pair.to_pkcs8v1().ok()?;
        Some(PrivateKey {
            algorithm,
            pkcs8: Zeroizing::new(pkcs8.as_ref().to_vec()),
        })
    })
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({:?})", self.algorithm)
    }
}

impl fmt::Debug for Kek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kek(…)")
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use protocol::jose::SigningAlgorithm;

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
            assert_eq!(key.algorithm, algorithm);
            for form in [
                STANDARD.encode(pem),
                pem.replace('\n', "\\n"),
                format!("  {pem}\n\n"),
            ] {
                assert_eq!(private_key(&form).unwrap().pkcs8, key.pkcs8, "{form}");
            }
        }
    }

    #[test]
    fn one_key_in_two_notations_is_one_key() {
        let other = private_key(include_str!("../../tests/keys/rsa_pkcs1.pem")).unwrap();
        assert_eq!(private_key(RSA).unwrap().pkcs8, other.pkcs8);
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
            assert!(private_key(text).is_none(), "{text}");
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
        let algorithms: Vec<_> = keys.private.iter().map(|key| key.algorithm).collect();
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
