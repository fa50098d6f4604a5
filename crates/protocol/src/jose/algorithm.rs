//! The algorithms of signatures that are checked.

use aws_lc_rs::{
    rsa::PublicKeyComponents,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, ED25519,
        ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
        RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384,
        RSA_PSS_2048_8192_SHA512, RsaParameters,
    },
};

use super::SigningAlgorithm;

/// An algorithm whose signatures are checked: every one with a public key (RFC 7518 §3.1, RFC 8037 §3.1), and no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VerifyingAlgorithm {
    /// RSA PKCS#1 v1.5 with SHA-256.
    RS256,
    /// RSA PKCS#1 v1.5 with SHA-384.
    RS384,
    /// RSA PKCS#1 v1.5 with SHA-512.
    RS512,
    /// RSA PSS with SHA-256.
    PS256,
    /// RSA PSS with SHA-384.
    PS384,
    /// RSA PSS with SHA-512.
    PS512,
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// ECDSA on P-384 with SHA-384.
    ES384,
    /// ECDSA on P-521 with SHA-512.
    ES512,
    /// Ed25519.
    EdDSA,
}

impl VerifyingAlgorithm {
    /// Every algorithm.
    pub const ALL: [Self; 10] = [
        Self::RS256,
        Self::RS384,
        Self::RS512,
        Self::PS256,
        Self::PS384,
        Self::PS512,
        Self::ES256,
        Self::ES384,
        Self::ES512,
        Self::EdDSA,
    ];

    /// Those of an RSA key.
    pub(super) const RSA: [Self; 6] = [
        Self::RS256,
        Self::RS384,
        Self::RS512,
        Self::PS256,
        Self::PS384,
        Self::PS512,
    ];

    /// The `alg` value, such as `PS256`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RS256 => "RS256",
            Self::RS384 => "RS384",
            Self::RS512 => "RS512",
            Self::PS256 => "PS256",
            Self::PS384 => "PS384",
            Self::PS512 => "PS512",
            Self::ES256 => "ES256",
            Self::ES384 => "ES384",
            Self::ES512 => "ES512",
            Self::EdDSA => "EdDSA",
        }
    }

    /// The algorithm with this `alg` value; `None` for those not spoken here, `none` and the HMAC family among them.
    pub fn parse(alg: &str) -> Option<Self> {
        // The name that RFC 9864 §2.2 gives to the only curve of EdDSA spoken here.
        if alg == "Ed25519" {
            return Some(Self::EdDSA);
        }
        Self::ALL.into_iter().find(|known| known.as_str() == alg)
    }

    /// An RSA key for this algorithm; `None` for other kinds of algorithm, and for moduli below 2048 or above 8192 bits.
    pub(super) fn rsa(self, n: &[u8], e: &[u8]) -> Option<ParsedPublicKey> {
        let parameters: &'static RsaParameters = match self {
            Self::RS256 => &RSA_PKCS1_2048_8192_SHA256,
            Self::RS384 => &RSA_PKCS1_2048_8192_SHA384,
            Self::RS512 => &RSA_PKCS1_2048_8192_SHA512,
            Self::PS256 => &RSA_PSS_2048_8192_SHA256,
            Self::PS384 => &RSA_PSS_2048_8192_SHA384,
            Self::PS512 => &RSA_PSS_2048_8192_SHA512,
            _ => return None,
        };
        // The library looks at the length only when it checks a signature.
        let unused = n.first()?.leading_zeros() as usize;
        if !(2048..=8192).contains(&(n.len() * 8 - unused)) {
            return None;
        }
        PublicKeyComponents { n, e }
            .to_parsed_public_key(parameters)
            .ok()
    }

    /// A key on a curve for this algorithm, from its point; `None` for RSA.
    pub(super) fn curve(self, point: &[u8]) -> Option<ParsedPublicKey> {
        let parsed = match self {
            Self::ES256 => ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point),
            Self::ES384 => ParsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, point),
            Self::ES512 => ParsedPublicKey::new(&ECDSA_P521_SHA512_FIXED, point),
            // Longer input would be read as DER.
            Self::EdDSA if point.len() == 32 => ParsedPublicKey::new(&ED25519, point),
            _ => return None,
        };
        parsed.ok()
    }
}

impl From<SigningAlgorithm> for VerifyingAlgorithm {
    fn from(algorithm: SigningAlgorithm) -> Self {
        match algorithm {
            SigningAlgorithm::RS256 => Self::RS256,
            SigningAlgorithm::ES256 => Self::ES256,
            SigningAlgorithm::ES384 => Self::ES384,
            SigningAlgorithm::ES512 => Self::ES512,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::VerifyingAlgorithm;

    #[test]
    fn t19_none_and_hmac_are_no_algorithms() {
        for alg in [
            "none", "None", "", "HS256", "HS384", "HS512", "rs256", "Ed448", "ES256K", "RSA-OAEP",
        ] {
            assert_eq!(VerifyingAlgorithm::parse(alg), None, "{alg}");
        }
        for known in VerifyingAlgorithm::ALL {
            assert_eq!(VerifyingAlgorithm::parse(known.as_str()), Some(known));
        }
        assert_eq!(
            VerifyingAlgorithm::parse("Ed25519"),
            Some(VerifyingAlgorithm::EdDSA)
        );
    }
}
