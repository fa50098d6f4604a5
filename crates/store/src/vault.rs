//! The vault: what must not be readable in a copy of the database is encrypted with a key that is not in it.

use std::{fs, io::Write, path::Path, sync::Arc};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, Salt},
    rand,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use crate::{db::Db, error::StoreError, system};

/// The first byte of everything sealed: AES-256-GCM with a random 12-byte nonce.
const VERSION: u8 = 1;

/// Where the check value stands in `systems`.
const CHECK: &str = "vault_check";

/// The secret vault's key.
#[derive(Clone)]
pub struct Vault {
    key: Arc<LessSafeKey>,
    secret: Arc<Zeroizing<[u8; 32]>>,
}

impl Vault {
    /// Takes the 32-byte key itself.
    pub fn new(key: [u8; 32]) -> Result<Self, StoreError> {
        let secret = Zeroizing::new(key);
        let unbound = UnboundKey::new(&AES_256_GCM, secret.as_slice())
            .map_err(|_| StoreError::Vault("the key of the secret vault must have 32 bytes"))?;
        Ok(Self {
            key: Arc::new(LessSafeKey::new(unbound)),
            secret: Arc::new(secret),
        })
    }

    /// Takes the key as `SECRET_VAULT_KEK` writes it: base64 of 32 bytes.
    pub fn from_base64(text: &str) -> Result<Self, StoreError> {
        const FAULT: &str = "the key of the secret vault must be base64 of 32 bytes; `openssl rand -base64 32` prints one";
        let bytes = STANDARD
            .decode(text.trim())
            .map(Zeroizing::new)
            .map_err(|_| StoreError::Vault(FAULT))?;
        let key: [u8; 32] = bytes
            .as_slice()
            .try_into()
            .map_err(|_| StoreError::Vault(FAULT))?;
        Self::new(key)
    }

    /// Takes the key from a file, which is made with a new key (mode 0600) when it is missing.
    pub fn from_file(path: &Path) -> Result<Self, StoreError> {
        let failed = |source| StoreError::File {
            path: path.display().to_string(),
            source,
        };
        match make_key_file(path) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed(error)),
        }
        let text = fs::read_to_string(path)
            .map(Zeroizing::new)
            .map_err(failed)?;
        Self::from_base64(&text)
    }

    /// Encrypts `plain`. `place` says where the result will be stored (`connectors/<tenant>/<id>`), and only
    /// [`open`](Self::open) with the same place decrypts it, so that values cannot be swapped between rows.
    ///
    /// The nonce is drawn here, from the library's own generator: a repeated nonce would give the key away, so it is
    /// not left to callers or to a test's clock and dice.
    pub fn seal(&self, place: &str, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        const FAULT: StoreError = StoreError::Vault("the secret vault could not encrypt");
        let mut nonce = [0; NONCE_LEN];
        rand::fill(&mut nonce).map_err(|_| FAULT)?;
        let mut text = plain.to_vec();
        self.key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(place),
                &mut text,
            )
            .map_err(|_| FAULT)?;
        let mut sealed = Vec::with_capacity(1 + NONCE_LEN + text.len());
        sealed.push(VERSION);
        sealed.extend_from_slice(&nonce);
        sealed.append(&mut text);
        Ok(sealed)
    }

    /// Decrypts what [`seal`](Self::seal) made for the same place.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        const FAULT: StoreError = StoreError::Vault(
            "an encrypted value cannot be read: it was damaged, moved, or written with another SECRET_VAULT_KEK",
        );
        let (&VERSION, rest) = sealed.split_first().ok_or(FAULT)? else {
            return Err(FAULT);
        };
        let (nonce, text) = rest.split_at_checked(NONCE_LEN).ok_or(FAULT)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| FAULT)?;
        let mut text = Zeroizing::new(text.to_vec());
        let length = self
            .key
            .open_in_place(nonce, Aad::from(place), &mut text)
            .map_err(|_| FAULT)?
            .len();
        text.truncate(length);
        Ok(text)
    }

    /// A key for one other purpose, named by `label` (HKDF-SHA256, RFC 5869).
    pub fn derive(&self, label: &str) -> Result<Zeroizing<[u8; 32]>, StoreError> {
        const FAULT: StoreError = StoreError::Vault("the secret vault could not derive a key");
        let mut key = Zeroizing::new([0; 32]);
        Salt::new(HKDF_SHA256, b"hufu")
            .extract(self.secret.as_slice())
            .expand(&[label.as_bytes()], HKDF_SHA256)
            .and_then(|okm| okm.fill(key.as_mut_slice()))
            .map_err(|_| FAULT)?;
        Ok(key)
    }

    /// Refuses a database that was written with another key. The first key to come is remembered, sealed with itself.
    pub async fn check(&self, db: &Db) -> Result<(), StoreError> {
        const PLAIN: &[u8] = b"this database belongs to this key";
        let sealed = STANDARD.encode(self.seal(CHECK, PLAIN)?);
        let mut tx = db.begin().await?;
        let known = system::insert_if_missing(&mut tx, CHECK, &sealed).await?;
        tx.commit().await?;
        STANDARD
            .decode(known)
            .map_err(|error| StoreError::corrupt("systems.vault_check", error))
            .and_then(|known| self.open(CHECK, &known))
            .map(drop)
            .map_err(|_| {
                StoreError::Vault(
                    "SECRET_VAULT_KEK (or the key file) is not the key this database was written with; start with the key it was made with",
                )
            })
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(…)")
    }
}

/// Fails with `AlreadyExists` when the file is there: of two processes that start at once, one makes it.
fn make_key_file(path: &Path) -> std::io::Result<()> {
    if path.exists() {
        return Err(std::io::ErrorKind::AlreadyExists.into());
    }
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        fs::create_dir_all(folder)?;
    }
    let mut key = Zeroizing::new([0; 32]);
    rand::fill(key.as_mut_slice()).map_err(std::io::Error::other)?;
    let mut text = Zeroizing::new(STANDARD.encode(key.as_slice()));
    text.push('\n');
    // Written whole under another name and then linked, so that nobody ever reads half a key.
    let mut name = [0; 8];
    rand::fill(&mut name).map_err(std::io::Error::other)?;
    let mut draft = path.as_os_str().to_owned();
    draft.push(format!(".{:016x}", u64::from_ne_bytes(name)));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    let made = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::hard_link(&draft, path));
    fs::remove_file(&draft)?;
    made
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn vault() -> Vault {
        Vault::new([7; 32]).unwrap()
    }

    fn folder() -> std::path::PathBuf {
        let mut name = [0_u8; 8];
        rand::fill(&mut name).unwrap();
        let name = format!("hufu-vault-{:016x}", u64::from_ne_bytes(name));
        std::env::temp_dir().join(name)
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_to_the_same(plain in proptest::collection::vec(any::<u8>(), 0..200), place in ".{0,20}") {
            let sealed = vault().seal(&place, &plain).unwrap();
            let opened = vault().open(&place, &sealed).unwrap();
            prop_assert_eq!(opened.as_slice(), plain.as_slice());
        }

        #[test]
        fn damage_is_noticed(at in 0_usize..40, bit in 0_u8..8) {
            let mut sealed = vault().seal("place", b"0123456789a").unwrap();
            prop_assert_eq!(sealed.len(), 40);
            sealed[at] ^= 1 << bit;
            prop_assert!(vault().open("place", &sealed).is_err());
        }

        #[test]
        fn rubbish_does_not_open(sealed in proptest::collection::vec(any::<u8>(), 0..60)) {
            prop_assert!(vault().open("place", &sealed).is_err());
        }
    }

    #[test]
    fn a_value_does_not_open_in_another_place_or_with_another_key() {
        let sealed = vault().seal("connectors/default/a", b"secret").unwrap();
        assert!(vault().open("connectors/default/b", &sealed).is_err());
        let other = Vault::new([8; 32]).unwrap();
        assert!(other.open("connectors/default/a", &sealed).is_err());
    }

    #[test]
    fn the_same_value_is_sealed_differently_each_time() {
        let seal = || vault().seal("place", b"secret").unwrap();
        assert_ne!(seal(), seal());
    }

    #[test]
    fn each_label_has_a_key_of_its_own() {
        let derive = |key: u8, label| *Vault::new([key; 32]).unwrap().derive(label).unwrap();
        assert_eq!(
            derive(7, "refresh successor"),
            derive(7, "refresh successor")
        );
        assert_ne!(derive(7, "refresh successor"), derive(7, "other"));
        assert_ne!(
            derive(7, "refresh successor"),
            derive(8, "refresh successor")
        );
    }

    #[test]
    fn a_malformed_key_is_answered_with_the_right_form() {
        for text in ["", "short", "AAAA", "not base64 at all!", &"A".repeat(64)] {
            let error = Vault::from_base64(text).unwrap_err();
            assert!(error.to_string().contains("base64 of 32 bytes"), "{text}");
        }
        let good = STANDARD.encode([1; 32]);
        assert!(Vault::from_base64(&format!(" {good}\n")).is_ok());
    }

    #[test]
    fn a_key_file_is_made_once_for_its_owner() {
        let folder = folder();
        let path = folder.join("deeper/hufu.key");
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let path = path.clone();
                std::thread::spawn(move || Vault::from_file(&path).unwrap())
            })
            .collect();
        let sealed = Vault::from_file(&path).unwrap().seal("x", b"y").unwrap();
        for thread in threads {
            assert!(thread.join().unwrap().open("x", &sealed).is_ok());
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        fs::write(&path, "broken").unwrap();
        assert!(Vault::from_file(&path).is_err());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn t55_the_key_is_not_printed() {
        assert_eq!(format!("{:?}", vault()), "Vault(…)");
    }
}
