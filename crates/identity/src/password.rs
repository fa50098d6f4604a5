//! Passwords as they are stored and compared.

pub mod legacy;
pub mod policy;

use argon2::{Algorithm, Argon2, Params, Version};
use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use subtle::ConstantTimeEq;
use thiserror::Error;

use crate::user::StoredPassword;

/// Base64 as PHC strings use it: without padding.
const PHC: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Memory of new hashes in KiB, passes and lanes: the first choice of OWASP's password storage cheat sheet.
const MEMORY: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// More than this nobody stores on purpose: 1 GiB, 64 passes, 16 lanes, 4 GiB written in all; bcrypt cost 16.
const MOST_MEMORY: u32 = 1024 * 1024;
const MOST_PASSES: u32 = 64;
const MOST_WRITTEN: u32 = 4 * MOST_MEMORY;
const MOST_LANES: u32 = 16;
const MOST_BCRYPT_COST: u32 = 16;

/// The longest digest that is taken over (`contract/logto-core.md` §6), and room for legacy descriptions.
const MOST_DIGEST: usize = 1024;

/// The longest password that is looked at, in bytes: longer ones are refused before any work (T53).
pub const MOST_BYTES: usize = 1024;

/// What comparing a password gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    /// It is the password. `rehash`: the stored form is not the current one.
    Right {
        /// Whether the hash should be replaced.
        rehash: bool,
    },
    /// It is not.
    Wrong,
}

/// Why a digest from elsewhere cannot be taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DigestRefused {
    /// The algorithm is not one of those that can be imported.
    #[error(
        "the algorithm is not one of Argon2i, Argon2id, Argon2d, Bcrypt, MD5, SHA1, SHA256, Legacy"
    )]
    UnknownAlgorithm,
    /// The digest is not written as the algorithm's digests are.
    #[error("the digest is not written as this algorithm writes it")]
    Malformed,
    /// Checking it would take unreasonable memory or time.
    #[error("the digest's cost is beyond what a server can check")]
    TooCostly,
}

/// Hashes a new password: Argon2id, 19 MiB, 2 passes, 1 lane, as a PHC string.
///
/// Takes some 20 ms: call it where that does no harm.
pub fn hash(password: &str, salt: [u8; 16]) -> StoredPassword {
    let mut output = [0; 32];
    if let Ok(params) = Params::new(MEMORY, PASSES, LANES, Some(output.len())) {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        // Fails only for parameters out of range, which these constants are not.
        let _ = argon2.hash_password_into(password.as_bytes(), &salt, &mut output);
    }
    let digest = format!(
        "$argon2id$v=19$m={MEMORY},t={PASSES},p={LANES}${}${}",
        PHC.encode(salt),
        PHC.encode(output)
    );
    StoredPassword {
        digest,
        algorithm: "Argon2id".to_owned(),
    }
}

/// Compares a password with a stored one; without a stored one it does the same work and says no (T50).
pub fn verify(stored: Option<&StoredPassword>, password: &str) -> Verified {
    let Some(stored) = stored else {
        hash(password, [0; 16]);
        return Verified::Wrong;
    };
    let right = match stored.algorithm.as_str() {
        "Argon2i" | "Argon2id" | "Argon2d" => verify_argon2(&stored.digest, password),
        "Bcrypt" => {
            bcrypt_cost(&stored.digest).is_some_and(|cost| cost <= MOST_BCRYPT_COST)
                && bcrypt::verify(password, &stored.digest).unwrap_or(false)
        }
        "MD5" => same_hex(
            legacy::digest("md5", password.as_bytes()).as_deref(),
            &stored.digest,
        ),
        "SHA1" => same_hex(
            legacy::digest("sha1", password.as_bytes()).as_deref(),
            &stored.digest,
        ),
        "SHA256" => same_hex(
            legacy::digest("sha256", password.as_bytes()).as_deref(),
            &stored.digest,
        ),
        "Legacy" => legacy::verify(&stored.digest, password),
        _ => false,
    };
    if right {
        return Verified::Right {
            rehash: !is_current(stored),
        };
    }
    if !matches!(
        stored.algorithm.as_str(),
        "Argon2i" | "Argon2id" | "Argon2d" | "Bcrypt"
    ) {
        // A fast no would tell that the account exists and how it is stored.
        hash(password, [0; 16]);
    }
    Verified::Wrong
}

/// Whether the stored form is what [`hash`] makes.
fn is_current(stored: &StoredPassword) -> bool {
    let prefix = format!("$argon2id$v=19$m={MEMORY},t={PASSES},p={LANES}$");
    stored.algorithm == "Argon2id" && stored.digest.starts_with(&prefix)
}

/// Whether a digest from elsewhere can be checked here, and at a bearable cost.
pub fn check_digest(algorithm: &str, digest: &str) -> Result<(), DigestRefused> {
    if digest.len() > MOST_DIGEST {
        return Err(DigestRefused::Malformed);
    }
    match algorithm {
        "Argon2i" | "Argon2id" | "Argon2d" => {
            let phc = Phc::parse(digest).ok_or(DigestRefused::Malformed)?;
            if !phc.name.eq_ignore_ascii_case(algorithm) {
                return Err(DigestRefused::Malformed);
            }
            phc.is_bearable()
                .then_some(())
                .ok_or(DigestRefused::TooCostly)
        }
        "Bcrypt" => match bcrypt_cost(digest) {
            None => Err(DigestRefused::Malformed),
            Some(cost) if cost > MOST_BCRYPT_COST => Err(DigestRefused::TooCostly),
            Some(_) => Ok(()),
        },
        "MD5" => hex_of(digest, 32),
        "SHA1" => hex_of(digest, 40),
        "SHA256" => hex_of(digest, 64),
        "Legacy" => legacy::check(digest),
        _ => Err(DigestRefused::UnknownAlgorithm),
    }
}

fn verify_argon2(digest: &str, password: &str) -> bool {
    let Some(phc) = Phc::parse(digest).filter(Phc::is_bearable) else {
        return false;
    };
    let algorithm = match phc.name {
        "argon2i" => Algorithm::Argon2i,
        "argon2d" => Algorithm::Argon2d,
        _ => Algorithm::Argon2id,
    };
    let version = if phc.version == 0x10 {
        Version::V0x10
    } else {
        Version::V0x13
    };
    let mut output = vec![0; phc.hash.len()];
    let Ok(params) = Params::new(phc.memory, phc.passes, phc.lanes, Some(output.len())) else {
        return false;
    };
    let argon2 = Argon2::new(algorithm, version, params);
    argon2
        .hash_password_into(password.as_bytes(), &phc.salt, &mut output)
        .is_ok()
        && bool::from(output.ct_eq(&phc.hash))
}

/// `$argon2id$v=19$m=…,t=…,p=…$salt$hash`.
struct Phc<'a> {
    name: &'a str,
    version: u32,
    memory: u32,
    passes: u32,
    lanes: u32,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl<'a> Phc<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.strip_prefix('$')?.split('$');
        let name = parts
            .next()
            .filter(|name| matches!(*name, "argon2i" | "argon2d" | "argon2id"))?;
        let mut next = parts.next()?;
        let mut version = 0x10;
        if let Some(number) = next.strip_prefix("v=") {
            version = number.parse().ok()?;
            next = parts.next()?;
        }
        let number = |key: &str| {
            next.split(',')
                .find_map(|pair| pair.strip_prefix(key)?.parse().ok())
        };
        let (memory, passes, lanes) = (number("m=")?, number("t=")?, number("p=")?);
        let salt = PHC.decode(parts.next()?).ok()?;
        let hash = PHC.decode(parts.next()?).ok()?;
        let whole = parts.next().is_none()
            && hash.len() >= 4
            && salt.len() >= 8
            && matches!(version, 0x10 | 0x13);
        whole.then_some(Self {
            name,
            version,
            memory,
            passes,
            lanes,
            salt,
            hash,
        })
    }

    const fn is_bearable(&self) -> bool {
        self.memory <= MOST_MEMORY
            && self.passes <= MOST_PASSES
            && self.lanes <= MOST_LANES
            && self.memory.saturating_mul(self.passes) <= MOST_WRITTEN
    }
}

fn bcrypt_cost(digest: &str) -> Option<u32> {
    let rest = ["$2a$", "$2b$", "$2x$", "$2y$"]
        .iter()
        .find_map(|prefix| digest.strip_prefix(prefix))?;
    let (cost, hash) = rest.split_once('$')?;
    let cost = cost.parse().ok()?;
    (hash.len() == 53 && (4..=31).contains(&cost)).then_some(cost)
}

fn hex_of(digest: &str, length: usize) -> Result<(), DigestRefused> {
    let is_hex = digest.len() == length && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then_some(()).ok_or(DigestRefused::Malformed)
}

/// Whether `stored` is the hexadecimal form of `digest`, in time that does not depend on where they differ.
fn same_hex(digest: Option<&[u8]>, stored: &str) -> bool {
    let Some(digest) = digest else { return false };
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    hex.as_bytes()
        .ct_eq(stored.to_ascii_lowercase().as_bytes())
        .into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{DigestRefused, Verified, check_digest, hash, verify};
    use crate::user::StoredPassword;

    const RIGHT: Verified = Verified::Right { rehash: true };

    /// Digests of the word `password`, made with Python's hashlib, argon2-cffi and bcrypt.
    const KNOWN: [(&str, &str); 19] = [
        ("MD5", "5f4dcc3b5aa765d61d8327deb882cf99"),
        ("SHA1", "5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8"),
        (
            "SHA256",
            "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8",
        ),
        (
            "Legacy",
            r#"["sha512",["salt","@"],"2908d2c28dfc047741fc590a026ffade237ab2ba7e1266f010fe49bde548b5987a534a86655a0d17f336588e540cd66f67234b152bbb645b4bb85758a1325d64"]"#,
        ),
        (
            "Legacy",
            r#"["pbkdf2",["salt",1000,32,"sha256","@"],"632c2812e46d4604102ba7618e9d6d7d2f8128f6266b4a03264d2a0460b7dcb3"]"#,
        ),
        (
            "Argon2i",
            "$argon2i$v=19$m=8192,t=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$67yNdRglpQx0anzshza9YhTg2BeNQYTDmeabvS3AT78",
        ),
        (
            "Bcrypt",
            "$2b$05$xNRlJR.6LNDqur0EzflBXeqp.TLa5P8xvdPuRMY1hDOmEdPXGDSnW",
        ),
        (
            "Argon2id",
            "$argon2id$v=19$m=65536,t=2,p=2$c2FsdHNhbHRzYWx0c2FsdA$tvAOwrFGLAZbLlVhWi9DJMNg093FEJhlBcHLq3SM7i8",
        ),
        (
            "Argon2d",
            "$argon2d$v=19$m=4096,t=2,p=2$c2FsdHNhbHRzYWx0c2FsdA$MaZHIcKER2y5mO4p8W3JwPNR4y4Iac2qVUg8NLt4e9o",
        ),
        (
            "Argon2i",
            "$argon2i$v=16$m=512,t=3,p=1$c2FsdHNhbHRzYWx0c2FsdA$MV6RAhiap/8sik6QYhsYkVMmSBgIVWuzYaKmXTlBDUo",
        ),
        (
            "Bcrypt",
            "$2a$04$6pwzMW7M7KwsPY2lc.sUiOnkClZarW/tdG53kNUp274rp5D8qs1vO",
        ),
        // PHP's name for the same.
        (
            "Bcrypt",
            "$2y$04$BsCCp0m0l9B8O.ZD2ibwIO5JddanQovDoR2Lboac.tl.aEgSngeq.",
        ),
        ("MD5", "5F4DCC3B5AA765D61D8327DEB882CF99"),
        (
            "Legacy",
            r#"["ripemd160",["pre-","@","-salt"],"2a31dd58d4449d43ba7d9a4e10d8989a58ba58d9"]"#,
        ),
        (
            "Legacy",
            r#"["sha3-256",["pre-","@","-salt"],"7c631247a7387ff85280dc5b9b7c971d68a15019b785d8cb11e4b65a75cb5663"]"#,
        ),
        (
            "Legacy",
            r#"["pbkdf2",["salt",1000,16,"md5","@"],"8d189946a32d883622a16ae18af0632f"]"#,
        ),
        (
            "Legacy",
            r#"["pbkdf2",["salt",1000,20,"ripemd160","@"],"b5c5682c46fdb315930cfc54e82d0987e6ef938f"]"#,
        ),
        (
            "Legacy",
            r#"["pbkdf2Sync",["salt","1000","28","sha224","@"],"d3bcf320fd918908eafcaa460faf40e201f6508d4e6f3d9c1c0abd30"]"#,
        ),
        (
            "Legacy",
            r#"["pbkdf2",["salt",1000,64,"sha512","@"],"afe6c5530785b6cc6b1c6453384731bd5ee432ee549fd42fb6695779ad8a1c5bf59de69c48f774efc4007d5298f9033c0241d5ab69305e7b64eceeb8d834cfec"]"#,
        ),
    ];

    fn stored(algorithm: &str, digest: &str) -> StoredPassword {
        StoredPassword {
            algorithm: algorithm.into(),
            digest: digest.into(),
        }
    }

    #[test]
    fn passwords_from_elsewhere_are_recognised_and_wrong_ones_are_not() {
        for (algorithm, digest) in KNOWN {
            let stored = stored(algorithm, digest);
            assert_eq!(
                check_digest(algorithm, digest),
                Ok(()),
                "{algorithm} {digest}"
            );
            assert_eq!(
                verify(Some(&stored), "password"),
                RIGHT,
                "{algorithm} {digest}"
            );
            assert_eq!(
                verify(Some(&stored), "Password"),
                Verified::Wrong,
                "{algorithm} {digest}"
            );
            assert_eq!(
                verify(Some(&stored), ""),
                Verified::Wrong,
                "{algorithm} {digest}"
            );
        }
    }

    #[test]
    fn passwords_beyond_ascii_are_compared_as_utf_8() {
        for (algorithm, digest) in [
            (
                "Argon2id",
                "$argon2id$v=19$m=1024,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$cRStIt1mAIbnSiuDu+cqig",
            ),
            (
                "SHA256",
                "46970bef70aced8123f0d5d094717e2a5cd412041e03b26376049fe65b2834a4",
            ),
        ] {
            let stored = stored(algorithm, digest);
            assert_eq!(verify(Some(&stored), "pässwörd"), RIGHT, "{algorithm}");
            assert_eq!(
                verify(Some(&stored), "password"),
                Verified::Wrong,
                "{algorithm}"
            );
        }
    }

    #[test]
    fn bcrypt_sees_no_more_than_72_bytes_as_elsewhere() {
        let stored = stored(
            "Bcrypt",
            "$2b$04$jD32sQ8DvJuOSOrlWdyA9esIPM4JRhRnjbPopL9jGvcL0K4hMFhoa",
        );
        assert_eq!(verify(Some(&stored), &"x".repeat(72)), RIGHT);
        assert_eq!(verify(Some(&stored), &"x".repeat(80)), RIGHT);
        assert_eq!(verify(Some(&stored), &"x".repeat(71)), Verified::Wrong);
    }

    #[test]
    fn t53_a_null_character_ends_no_password() {
        let bcrypt = stored(
            "Bcrypt",
            "$2b$04$BsCCp0m0l9B8O.ZD2ibwIO5JddanQovDoR2Lboac.tl.aEgSngeq.",
        );
        for stored in [bcrypt, hash("password", [1; 16])] {
            assert_eq!(verify(Some(&stored), "password\0and more"), Verified::Wrong);
        }
    }

    #[test]
    fn t50_an_unknown_algorithm_is_nobodys_password() {
        assert_eq!(
            verify(Some(&stored("Plain", "password")), "password"),
            Verified::Wrong
        );
        assert_eq!(verify(Some(&stored("Argon2id", "")), ""), Verified::Wrong);
        assert_eq!(verify(Some(&stored("Legacy", "[]")), ""), Verified::Wrong);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_digest_breaks_the_check(algorithm in "(Argon2i|Bcrypt|MD5|Legacy)", digest in ".{0,80}") {
            let _ = check_digest(&algorithm, &digest);
            prop_assert_eq!(verify(Some(&stored(&algorithm, &digest)), "password"), Verified::Wrong);
        }
    }

    #[test]
    fn a_new_hash_is_argon2id_with_19_mib_and_needs_no_other() {
        let stored = hash("correct horse", [7; 16]);
        assert!(
            stored.digest.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{}",
            stored.digest
        );
        assert_eq!(
            verify(Some(&stored), "correct horse"),
            Verified::Right { rehash: false }
        );
        assert_eq!(verify(Some(&stored), "wrong horse"), Verified::Wrong);
        assert_ne!(hash("correct horse", [8; 16]).digest, stored.digest);
    }

    #[test]
    fn t50_without_a_stored_password_the_answer_is_no() {
        assert_eq!(verify(None, "password"), Verified::Wrong);
    }

    #[test]
    fn t53_digests_that_would_eat_the_machine_are_refused() {
        let cases = [
            (
                "Argon2id",
                "$argon2id$v=19$m=4294967295,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            ),
            (
                "Argon2id",
                "$argon2id$v=19$m=1024,t=99999,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            ),
            (
                "Argon2id",
                "$argon2id$v=19$m=1048576,t=60,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            ),
            (
                "Bcrypt",
                "$2b$31$BsCCp0m0l9B8O.ZD2ibwIO5JddanQovDoR2Lboac.tl.aEgSngeq.",
            ),
            (
                "Legacy",
                r#"["pbkdf2",["salt",1000000,512,"md5","@"],"00"]"#,
            ),
            (
                "Legacy",
                r#"["pbkdf2",["salt",2000000000,32,"sha256","@"],"00"]"#,
            ),
            (
                "Legacy",
                r#"["firebase-scrypt",["c2FsdA==","a2V5","Bw==",8,31,"@"],"00"]"#,
            ),
        ];
        for (algorithm, digest) in cases {
            assert_eq!(
                check_digest(algorithm, digest),
                Err(DigestRefused::TooCostly),
                "{digest}"
            );
            assert_eq!(
                verify(Some(&stored(algorithm, digest)), "password"),
                Verified::Wrong,
                "{digest}"
            );
        }
    }

    #[test]
    fn digests_that_are_not_what_they_claim_are_refused() {
        let cases = [
            ("MD5", "5f4dcc3b", DigestRefused::Malformed),
            ("SHA256", "zz", DigestRefused::Malformed),
            (
                "Argon2i",
                "$argon2id$v=19$m=8192,t=1,p=1$c2FsdHNhbHQ$aGFzaA",
                DigestRefused::Malformed,
            ),
            ("Bcrypt", "$2b$10$short", DigestRefused::Malformed),
            ("Legacy", "not json", DigestRefused::Malformed),
            (
                "Legacy",
                r#"["sha256",["no placeholder"],"00"]"#,
                DigestRefused::Malformed,
            ),
            (
                "Legacy",
                r#"["whirlpool",["@"],"00"]"#,
                DigestRefused::UnknownAlgorithm,
            ),
            ("Plain", "password", DigestRefused::UnknownAlgorithm),
        ];
        for (algorithm, digest, refused) in cases {
            assert_eq!(
                check_digest(algorithm, digest),
                Err(refused),
                "{algorithm} {digest}"
            );
        }
    }
}
