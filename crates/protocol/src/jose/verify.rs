//! Checking signed tokens.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};
use thiserror::Error;

use super::{TokenType, VerifyingAlgorithm, VerifyingKey};
use crate::time::Time;

/// The longest token that is looked at, in bytes.
const LONGEST: usize = 16 * 1024;

/// Header parameters that name a key or change what is signed: a token that brings its own is refused (RFC 8725 §3.1).
const FORBIDDEN_HEADERS: [&str; 6] = ["crit", "jwk", "jku", "x5u", "x5c", "b64"];

/// What a token must be to be accepted.
#[derive(Clone, Copy, Debug)]
pub struct Expect<'a> {
    /// Its kind.
    pub typ: TokenType,
    /// Its `iss`.
    pub issuer: &'a str,
    /// A value that `aud` must name; `None` leaves it to the caller.
    pub audience: Option<&'a str>,
    /// Whether `exp` may be past, as for an `id_token_hint` (OpenID Connect RP-Initiated Logout §2).
    pub allow_expired: bool,
    /// Seconds by which the other side's clock may differ.
    pub leeway: i64,
}

/// Why a token is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum JwsRefused {
    /// It is not a compact JWS of at most 16 kB with JSON objects for header and claims.
    #[error("the token is malformed")]
    Malformed,
    /// Its header asks for something that is never done.
    #[error("the token's header has a parameter that is not accepted")]
    Header,
    /// Its `typ` is that of another kind of token.
    #[error("the token is of another type")]
    Type,
    /// No known key has its `kid` and algorithm.
    #[error("the token names no known key")]
    UnknownKey,
    /// The signature is wrong.
    #[error("the token's signature is wrong")]
    Signature,
    /// It is from somebody else.
    #[error("the token has another issuer")]
    Issuer,
    /// It is for somebody else.
    #[error("the token has another audience")]
    Audience,
    /// It has expired, or does not say when it will.
    #[error("the token has expired")]
    Expired,
    /// It is not valid yet.
    #[error("the token is not valid yet")]
    NotYet,
}

/// Checks a compact JWS and returns its claims (RFC 7515 §5.2, RFC 8725 §3).
///
/// The key decides the algorithm: a token is only ever checked with a key of `keys` that is used with the algorithm which
/// its header names, and whose `kid`, when both have one, is the same.
pub fn verify<'k>(
    token: &str,
    keys: impl IntoIterator<Item = &'k VerifyingKey>,
    expect: &Expect<'_>,
    now: Time,
) -> Result<Map<String, Value>, JwsRefused> {
    if token.len() > LONGEST {
        return Err(JwsRefused::Malformed);
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(JwsRefused::Malformed)?;
    let (header, payload) = signed.split_once('.').ok_or(JwsRefused::Malformed)?;
    let signature = decode(signature)?;

    let header = object(header)?;
    if FORBIDDEN_HEADERS
        .iter()
        .any(|name| header.contains_key(*name))
    {
        return Err(JwsRefused::Header);
    }
    let text = |name: &str| header.get(name).and_then(Value::as_str);
    let algorithm = text("alg")
        .and_then(VerifyingAlgorithm::parse)
        .ok_or(JwsRefused::UnknownKey)?;
    if !expect.typ.admits(text("typ")) {
        return Err(JwsRefused::Type);
    }

    let kid = text("kid");
    let mut known = false;
    let accepted = keys
        .into_iter()
        .filter(|key| key.algorithms().any(|known| known == algorithm))
        .filter(|key| kid.is_none() || key.kid().is_none() || key.kid() == kid)
        .inspect(|_| known = true)
        .any(|key| key.accepts(algorithm, signed.as_bytes(), &signature));
    if !accepted {
        return Err(if known {
            JwsRefused::Signature
        } else {
            JwsRefused::UnknownKey
        });
    }

    let claims = object(payload)?;
    check_claims(&claims, expect, now)?;
    Ok(claims)
}

fn check_claims(
    claims: &Map<String, Value>,
    expect: &Expect<'_>,
    now: Time,
) -> Result<(), JwsRefused> {
    if claims.get("iss").and_then(Value::as_str) != Some(expect.issuer) {
        return Err(JwsRefused::Issuer);
    }
    if let Some(audience) = expect.audience
        && !names_audience(claims.get("aud"), audience)
    {
        return Err(JwsRefused::Audience);
    }
    let expires_at = numeric_date(claims, "exp").ok_or(JwsRefused::Expired)?;
    if !expect.allow_expired && now >= expires_at.plus(expect.leeway) {
        return Err(JwsRefused::Expired);
    }
    if claims.contains_key("nbf") {
        let not_before = numeric_date(claims, "nbf").ok_or(JwsRefused::NotYet)?;
        if now < not_before.plus(-expect.leeway) {
            return Err(JwsRefused::NotYet);
        }
    }
    Ok(())
}

fn names_audience(aud: Option<&Value>, audience: &str) -> bool {
    match aud {
        Some(Value::String(one)) => one == audience,
        Some(Value::Array(several)) => several.iter().any(|one| one.as_str() == Some(audience)),
        _ => false,
    }
}

fn numeric_date(claims: &Map<String, Value>, name: &str) -> Option<Time> {
    let number = claims.get(name)?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a fraction of a second is of no account, and a float cast saturates"
    )]
    let whole = || number.as_f64().map(|seconds| seconds as i64);
    number.as_i64().or_else(whole).map(Time)
}

fn decode(segment: &str) -> Result<Vec<u8>, JwsRefused> {
    URL_SAFE_NO_PAD
        .decode(segment)
        .map_err(|_| JwsRefused::Malformed)
}

fn object(segment: &str) -> Result<Map<String, Value>, JwsRefused> {
    serde_json::from_slice(&decode(segment)?).map_err(|_| JwsRefused::Malformed)
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{Expect, JwsRefused, verify};
    use crate::{
        jose::{SigningKey, TokenType, VerifyingKey, test_keys::*},
        time::Time,
    };

    fn check(token: &str, key: &SigningKey, expect: &Expect<'_>) -> Option<JwsRefused> {
        verify(token, [key.verifying()], expect, NOW).err()
    }

    /// `token` with its header replaced; the signature is left as it was.
    fn with_header(token: &str, header: &Value) -> String {
        let (_, rest) = token.split_once('.').unwrap();
        format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header.to_string()))
    }

    #[test]
    fn the_example_of_rfc_7515_appendix_a_3() {
        let key = VerifyingKey::from_jwk(&json!({
            "kty": "EC", "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        }))
        .unwrap();
        let token = "eyJhbGciOiJFUzI1NiJ9.\
            eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
            DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
        let expect = Expect {
            issuer: "joe",
            audience: None,
            ..expect()
        };
        let claims = verify(token, [&key], &expect, Time(1_300_819_379)).unwrap();
        assert_eq!(claims["http://example.com/is_root"], true);
        let late = verify(token, [&key], &expect, Time(1_300_819_380));
        assert_eq!(late, Err(JwsRefused::Expired));
    }

    #[test]
    fn t19_an_unsigned_token_is_refused() {
        let key = es384();
        let token = key.sign(TokenType::IdToken, &claims()).unwrap();
        for alg in ["none", "None", "NONE", ""] {
            let forged = with_header(&token, &json!({"alg": alg, "kid": key.kid()}));
            let (signed, _) = forged.rsplit_once('.').unwrap();
            let refused = Some(JwsRefused::UnknownKey);
            assert_eq!(check(&format!("{signed}."), &key, &expect()), refused);
            assert_eq!(check(&forged, &key, &expect()), refused);
        }
    }

    #[test]
    fn t19_hs256_with_the_public_key_as_secret_is_refused() {
        use aws_lc_rs::hmac;
        let key = rs256();
        let header = URL_SAFE_NO_PAD.encode(json!({"alg": "HS256", "kid": key.kid()}).to_string());
        let payload = URL_SAFE_NO_PAD.encode(claims().to_string());
        let signed = format!("{header}.{payload}");
        let secret = hmac::Key::new(hmac::HMAC_SHA256, key.public_jwk().to_string().as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(hmac::sign(&secret, signed.as_bytes()));
        let refused = check(&format!("{signed}.{signature}"), &key, &expect());
        assert_eq!(refused, Some(JwsRefused::UnknownKey));
    }

    #[test]
    fn t19_the_key_decides_the_algorithm() {
        let (p256, p384) = (es256(), es384());
        let token = p384.sign(TokenType::IdToken, &claims()).unwrap();
        let forged = with_header(&token, &json!({"alg": "ES256", "kid": p384.kid()}));
        assert_eq!(
            verify(
                &forged,
                [p384.verifying(), p256.verifying()],
                &expect(),
                NOW
            ),
            Err(JwsRefused::UnknownKey)
        );
    }

    #[test]
    fn t19_a_token_cannot_bring_its_own_key() {
        let (ours, theirs) = (es384(), es384());
        let token = theirs.sign(TokenType::IdToken, &claims()).unwrap();
        assert_eq!(
            check(&token, &ours, &expect()),
            Some(JwsRefused::UnknownKey)
        );
        let claiming = with_header(&token, &json!({"alg": "ES384", "kid": ours.kid()}));
        assert_eq!(
            check(&claiming, &ours, &expect()),
            Some(JwsRefused::Signature)
        );
        for kid in ["../../dev/null", "' OR 1=1 --", ""] {
            let injected = with_header(&token, &json!({"alg": "ES384", "kid": kid}));
            assert_eq!(
                check(&injected, &ours, &expect()),
                Some(JwsRefused::UnknownKey)
            );
        }
        for name in ["jwk", "jku", "x5u", "x5c", "crit", "b64"] {
            let mut header = json!({"alg": "ES384", "kid": ours.kid()});
            header[name] = theirs.public_jwk().clone();
            let refused = check(&with_header(&token, &header), &ours, &expect());
            assert_eq!(refused, Some(JwsRefused::Header), "{name}");
        }
    }

    #[test]
    fn t19_one_kind_of_token_is_not_taken_for_another() {
        let key = es384();
        let kinds = [
            TokenType::IdToken,
            TokenType::AccessToken,
            TokenType::LogoutToken,
        ];
        for made in kinds {
            let token = key.sign(made, &claims()).unwrap();
            for wanted in kinds {
                let expect = Expect {
                    typ: wanted,
                    ..expect()
                };
                let refused = (made != wanted).then_some(JwsRefused::Type);
                assert_eq!(check(&token, &key, &expect), refused, "{made:?} {wanted:?}");
            }
        }
    }

    #[test]
    fn claims_that_are_wrong_or_missing_are_refused() {
        let key = es384();
        for (name, value, refused) in [
            (
                "iss",
                json!("https://evil.example.com"),
                Some(JwsRefused::Issuer),
            ),
            ("iss", json!(null), Some(JwsRefused::Issuer)),
            ("aud", json!("other"), Some(JwsRefused::Audience)),
            ("aud", json!(["other"]), Some(JwsRefused::Audience)),
            ("aud", json!(null), Some(JwsRefused::Audience)),
            ("aud", json!(["other", "chat"]), None),
            ("exp", json!(null), Some(JwsRefused::Expired)),
            ("exp", json!("never"), Some(JwsRefused::Expired)),
            ("exp", json!(NOW), Some(JwsRefused::Expired)),
            ("exp", json!(1_000_001.5), None),
            ("exp", json!(1e300), None),
            ("nbf", json!(NOW.plus(1)), Some(JwsRefused::NotYet)),
            ("nbf", json!("soon"), Some(JwsRefused::NotYet)),
            ("nbf", json!(NOW), None),
        ] {
            let mut changed = claims();
            changed[name] = value.clone();
            let token = key.sign(TokenType::IdToken, &changed).unwrap();
            assert_eq!(check(&token, &key, &expect()), refused, "{name} {value}");
        }
    }

    #[test]
    fn t42_clocks_may_differ_by_the_leeway_and_no_more() {
        let key = es384();
        let expect = Expect {
            leeway: 300,
            ..expect()
        };
        for (name, time, refused) in [
            ("exp", -299, None),
            ("exp", -300, Some(JwsRefused::Expired)),
            ("nbf", 300, None),
            ("nbf", 301, Some(JwsRefused::NotYet)),
        ] {
            let mut changed = claims();
            changed[name] = json!(NOW.plus(time));
            let token = key.sign(TokenType::IdToken, &changed).unwrap();
            assert_eq!(check(&token, &key, &expect), refused, "{name} {time}");
        }
    }

    #[test]
    fn an_expired_token_serves_as_a_hint() {
        let key = es384();
        let mut old = claims();
        old["exp"] = json!(1);
        let token = key.sign(TokenType::IdToken, &old).unwrap();
        let hint = Expect {
            allow_expired: true,
            ..expect()
        };
        assert_eq!(check(&token, &key, &hint), None);
        assert_eq!(check(&token, &key, &expect()), Some(JwsRefused::Expired));
    }

    #[test]
    fn t53_a_huge_or_deep_token_is_refused() {
        let key = es384();
        let huge = "a".repeat(20_000);
        assert_eq!(check(&huge, &key, &expect()), Some(JwsRefused::Malformed));
        let deep = URL_SAFE_NO_PAD.encode(format!("{}1{}", "[".repeat(3000), "]".repeat(3000)));
        let token = format!("{deep}.{deep}.AAAA");
        assert_eq!(check(&token, &key, &expect()), Some(JwsRefused::Malformed));
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(token in "[A-Za-z0-9._=-]{0,200}|.*") {
            let key = VerifyingKey::from_jwk(&json!({
                "kty": "EC", "crv": "P-256",
                "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
            })).unwrap();
            prop_assert!(verify(&token, [&key], &expect(), NOW).is_err());
        }

        #[test]
        fn any_changed_character_spoils_a_token(position in 0_usize..4000, with in "[A-Za-z0-9_-]") {
            let key = es256();
            let token = key.sign(TokenType::IdToken, &claims()).unwrap();
            let position = position % token.len();
            let mut changed = token.clone();
            changed.replace_range(position..=position, &with);
            prop_assume!(changed != token);
            prop_assert!(check(&changed, &key, &expect()).is_some());
        }
    }
}
