//! Whether an ID token is from this provider, for us, for this sign-in, and of this moment (OpenID Connect Core §3.1.3.7).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use protocol::{
    jose::{Expect, TokenType, VerifyingAlgorithm, VerifyingKey, verify},
    time::Time,
};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::error::ConnectorError;

/// Seconds by which the provider's clock may differ, unless the operator says otherwise.
const TOLERANCE: i64 = 60;

/// The most that an operator can say.
const MOST_TOLERANCE: i64 = 300;

/// `idTokenVerificationConfig` (`contract/logto-core.md` §8.4).
///
/// `audience` has no effect: it is always our client id. Nor has `currentDate`: it is now. Nor has `crit`: a token whose
/// header names extensions is refused whatever they are.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Verification {
    /// Where the provider's keys are.
    pub jwks_uri: String,
    issuer: Option<OneOrMany>,
    algorithms: Option<Vec<String>>,
    clock_tolerance: Option<Seconds>,
    max_token_age: Option<Seconds>,
    subject: Option<String>,
    typ: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

/// A number of seconds, or a text such as `10m`.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Seconds {
    Number(u32),
    Text(String),
}

impl Seconds {
    fn value(&self) -> Option<i64> {
        let text = match self {
            Self::Number(number) => return Some((*number).into()),
            Self::Text(text) => text.trim(),
        };
        let (number, unit) = text.split_at(
            text.find(|c: char| !c.is_ascii_digit())
                .unwrap_or(text.len()),
        );
        let unit = match unit.trim_start().to_ascii_lowercase().as_str() {
            "" | "s" | "sec" | "secs" | "second" | "seconds" => 1,
            "m" | "min" | "mins" | "minute" | "minutes" => 60,
            "h" | "hr" | "hrs" | "hour" | "hours" => 3_600,
            "d" | "day" | "days" => 86_400,
            _ => return None,
        };
        Some(i64::from(number.parse::<u32>().ok()?) * unit)
    }
}

impl Verification {
    /// What `iss` may be; empty where the operator leaves it open.
    pub(super) fn issuers(&self) -> &[String] {
        match &self.issuer {
            Some(OneOrMany::One(issuer)) => std::slice::from_ref(issuer),
            Some(OneOrMany::Many(issuers)) => issuers,
            None => &[],
        }
    }

    /// Refuses what cannot be done as it is said; nothing that makes the check stricter is passed over.
    pub(super) fn check(&self) -> Result<(), ConnectorError> {
        let wrong = |what: String| {
            Err(ConnectorError::InvalidConfig(format!(
                "idTokenVerificationConfig.{what}"
            )))
        };
        for name in self.algorithms.iter().flatten() {
            if VerifyingAlgorithm::parse(name).is_none() {
                return wrong(format!(
                    "algorithms: {name} is no algorithm with a public key that is spoken here"
                ));
            }
        }
        for (name, seconds) in [
            ("clockTolerance", &self.clock_tolerance),
            ("maxTokenAge", &self.max_token_age),
        ] {
            if seconds
                .as_ref()
                .is_some_and(|seconds| seconds.value().is_none())
            {
                return wrong(format!("{name}: give seconds, or a text such as \"10m\""));
            }
        }
        if self.typ.as_deref().is_some_and(|typ| !is_jwt(typ)) {
            return wrong("typ: ID tokens are JWT".to_owned());
        }
        Ok(())
    }

    fn algorithms(&self) -> Option<Vec<VerifyingAlgorithm>> {
        let names = self.algorithms.as_ref()?.iter();
        Some(
            names
                .filter_map(|name| VerifyingAlgorithm::parse(name))
                .collect(),
        )
    }

    fn leeway(&self) -> i64 {
        let said = self.clock_tolerance.as_ref().and_then(Seconds::value);
        said.unwrap_or(TOLERANCE).clamp(0, MOST_TOLERANCE)
    }
}

/// From whom and for what an ID token must be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin<'a> {
    /// What `iss` may be; empty when it is whoever holds the keys.
    pub(super) issuers: &'a [String],
    /// Our id there.
    pub(super) client_id: &'a str,
    /// What ties it to this sign-in.
    pub(super) nonce: &'a str,
}

/// The claims of an ID token that is good.
pub(super) fn claims(
    token: &str,
    jwks: &Value,
    origin: &Origin<'_>,
    verification: Option<&Verification>,
    now: Time,
) -> Result<Map<String, Value>, ConnectorError> {
    let bad = |why: &str| ConnectorError::InvalidIdToken(why.to_owned());
    let usual = Verification::default();
    let verification = verification.unwrap_or(&usual);
    let mut keys = VerifyingKey::from_jwks(jwks);
    if let Some(algorithms) = verification.algorithms() {
        let limited = keys
            .into_iter()
            .filter_map(|key| key.limited_to(&algorithms));
        keys = limited.collect();
    }
    let said = segment(token, 1).and_then(|claims| Some(claims.get("iss")?.as_str()?.to_owned()));
    let said = said.ok_or_else(|| bad("it cannot be read"))?;
    if !origin.issuers.is_empty() && !origin.issuers.contains(&said) {
        return Err(bad("it has another issuer"));
    }
    let leeway = verification.leeway();
    let expect = Expect {
        typ: TokenType::IdToken,
        issuer: &said,
        audience: Some(origin.client_id),
        allow_expired: false,
        leeway,
    };
    let claims = verify(token, &keys, &expect, now)
        .map_err(|refused| ConnectorError::InvalidIdToken(refused.to_string()))?;
    if verification.typ.is_some()
        && segment(token, 0).is_none_or(|header| !header.contains_key("typ"))
    {
        return Err(bad("its header has no typ"));
    }
    check(&claims, origin, verification, leeway, now)?;
    Ok(claims)
}

/// What holds beyond the claims that every token has.
fn check(
    claims: &Map<String, Value>,
    origin: &Origin<'_>,
    verification: &Verification,
    leeway: i64,
    now: Time,
) -> Result<(), ConnectorError> {
    let bad = |why: &str| Err(ConnectorError::InvalidIdToken(why.to_owned()));
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let Some(issued_at) = claims.get("iat").and_then(Value::as_i64) else {
        return bad("it does not say when it was issued");
    };
    if issued_at > now.0.saturating_add(leeway) {
        return bad("it was issued in the future");
    }
    let oldest = verification.max_token_age.as_ref().and_then(Seconds::value);
    if oldest.is_some_and(|oldest| now.since(Time(issued_at)) > oldest.saturating_add(leeway)) {
        return bad("it is too old");
    }
    if claims.contains_key("azp") && text("azp") != Some(origin.client_id) {
        return bad("it was issued to another client");
    }
    if text("nonce") != Some(origin.nonce) {
        return bad("it is of another sign-in");
    }
    let subject = verification.subject.as_deref();
    if subject.is_some_and(|subject| text("sub") != Some(subject)) {
        return bad("it names somebody else");
    }
    Ok(())
}

/// Header or claims, before anybody knows whether they are true.
fn segment(token: &str, place: usize) -> Option<Map<String, Value>> {
    let segment = URL_SAFE_NO_PAD.decode(token.split('.').nth(place)?).ok()?;
    serde_json::from_slice(&segment).ok()
}

fn is_jwt(typ: &str) -> bool {
    let typ = typ.strip_prefix("application/").unwrap_or(typ);
    typ.eq_ignore_ascii_case("JWT")
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::{
        encoding::AsDer,
        rsa::{KeyPair, KeySize},
        signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
    };
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use protocol::{
        jose::{MacAlgorithm, SigningKey, TokenType, sign_with_secret},
        secret::Secret,
        time::Time,
    };
    use serde_json::{Value, json};

    use super::{Origin, Seconds, Verification, claims};

    const NOW: Time = Time(1_000_000);
    const ISSUER: &str = "https://a.example";

    fn elliptic() -> SigningKey {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        SigningKey::from_der(pair.to_pkcs8v1().unwrap().as_ref()).unwrap()
    }

    fn rsa() -> SigningKey {
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        SigningKey::from_der(pair.as_der().unwrap().as_ref()).unwrap()
    }

    fn good() -> Value {
        json!({
            "iss": ISSUER, "aud": "hufu", "sub": "olga", "nonce": "n", "iat": NOW, "exp": NOW.plus(300),
        })
    }

    fn with(name: &str, value: impl Into<Value>) -> Value {
        let mut claims = good();
        claims[name] = value.into();
        claims
    }

    fn without(name: &str) -> Value {
        let mut claims = good();
        claims.as_object_mut().unwrap().remove(name);
        claims
    }

    fn settings(more: Value) -> Verification {
        let mut settings = json!({ "jwksUri": "https://a.example/jwks" });
        let members = settings.as_object_mut().unwrap();
        members.extend(more.as_object().unwrap().clone());
        serde_json::from_value(settings).unwrap()
    }

    fn checked_at(
        now: Time,
        key: &SigningKey,
        token: &str,
        settings: Option<&Verification>,
    ) -> Result<(), String> {
        let issuers = [ISSUER.to_owned()];
        let origin = Origin {
            issuers: &issuers,
            client_id: "hufu",
            nonce: "n",
        };
        let jwks = json!({ "keys": [key.public_jwk()] });
        let claims = claims(token, &jwks, &origin, settings, now);
        claims.map(drop).map_err(|error| error.to_string())
    }

    fn check(
        key: &SigningKey,
        claims: &Value,
        settings: Option<&Verification>,
    ) -> Result<(), String> {
        let token = key.sign(TokenType::IdToken, claims).unwrap();
        checked_at(NOW, key, &token, settings)
    }

    #[test]
    fn t40_each_claim_must_be_there_and_right() {
        let key = elliptic();
        assert_eq!(check(&key, &good(), None), Ok(()));
        assert_eq!(
            check(&key, &with("aud", json!(["other", "hufu"])), None),
            Ok(())
        );
        assert_eq!(check(&key, &with("azp", "hufu"), None), Ok(()));
        for claims in [
            without("aud"),
            with("aud", "other"),
            with("aud", json!(["other"])),
            with("aud", json!([])),
            with("azp", "other"),
            with("azp", Value::Null),
            without("exp"),
            with("exp", "soon"),
            without("iat"),
            with("iat", "now"),
            without("iss"),
            with("iss", "https://b.example"),
            with("iss", json!([ISSUER])),
            without("nonce"),
            with("nonce", "m"),
            with("nonce", Value::Null),
            with("nonce", json!(["n"])),
            with("nbf", NOW.0 + 61),
        ] {
            assert!(check(&key, &claims, None).is_err(), "{claims}");
        }
    }

    #[test]
    fn t40_no_other_signature_is_taken() {
        let key = elliptic();
        let token = key.sign(TokenType::IdToken, &good()).unwrap();
        assert!(
            checked_at(NOW, &elliptic(), &token, None).is_err(),
            "of another key"
        );
        let (_, payload) = token.split_once('.').unwrap();
        let (payload, signature) = payload.split_once('.').unwrap();
        for alg in ["none", "HS256", "RS256", "EdDSA", "ES384"] {
            let header = json!({ "alg": alg, "kid": key.kid() }).to_string();
            let header = URL_SAFE_NO_PAD.encode(header);
            for signature in ["", signature] {
                let forged = format!("{header}.{payload}.{signature}");
                assert!(checked_at(NOW, &key, &forged, None).is_err(), "{alg}");
            }
        }
        for secret in [
            key.public_jwk().to_string(),
            key.public_jwk()["x"].as_str().unwrap().to_owned(),
            "hush".to_owned(),
        ] {
            let forged =
                sign_with_secret(MacAlgorithm::HS256, &Secret::new(secret), &good()).unwrap();
            assert!(checked_at(NOW, &key, &forged, None).is_err());
        }
        let access = key.sign(TokenType::AccessToken, &good()).unwrap();
        assert!(
            checked_at(NOW, &key, &access, None).is_err(),
            "another kind of token"
        );
    }

    #[test]
    fn t40_an_operator_can_limit_the_algorithms() {
        let only = settings(json!({ "algorithms": ["RS256", "PS256"] }));
        assert!(check(&elliptic(), &good(), Some(&only)).is_err());
        assert_eq!(check(&rsa(), &good(), Some(&only)), Ok(()));
        let none = settings(json!({ "algorithms": [] }));
        assert!(check(&rsa(), &good(), Some(&none)).is_err());
    }

    #[test]
    fn t42_clocks_may_differ_by_the_tolerance_and_by_five_minutes_at_most() {
        let key = elliptic();
        let token = key.sign(TokenType::IdToken, &good()).unwrap();
        for (said, tolerance) in [
            (json!({}), 60),
            (json!({ "clockTolerance": 0 }), 0),
            (json!({ "clockTolerance": "2 minutes" }), 120),
            (json!({ "clockTolerance": "1d" }), 300),
        ] {
            let settings = settings(said);
            let checked =
                |seconds: i64| checked_at(NOW.plus(seconds), &key, &token, Some(&settings));
            assert_eq!(checked(-tolerance), Ok(()));
            assert!(checked(-tolerance - 1).is_err(), "from the future");
            assert_eq!(checked(299 + tolerance), Ok(()));
            assert!(checked(300 + tolerance).is_err(), "expired");
        }
    }

    #[test]
    fn what_an_operator_asks_for_beyond_that_is_asked() {
        let key = elliptic();
        for (said, claims, is_good) in [
            (json!({ "subject": "olga" }), good(), true),
            (json!({ "subject": "ann" }), good(), false),
            (
                json!({ "maxTokenAge": "5m" }),
                with("iat", NOW.0 - 360),
                true,
            ),
            (
                json!({ "maxTokenAge": 300 }),
                with("iat", NOW.0 - 361),
                false,
            ),
            (json!({ "typ": "JWT" }), good(), true),
        ] {
            let checked = check(&key, &claims, Some(&settings(said.clone())));
            assert_eq!(checked.is_ok(), is_good, "{said} {checked:?}");
        }
        // One that leaves its type out is an ID token too, unless the operator says `typ`.
        let header = URL_SAFE_NO_PAD.encode(json!({ "alg": "ES256" }).to_string());
        let payload = URL_SAFE_NO_PAD.encode(good().to_string());
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let key = SigningKey::from_der(pair.to_pkcs8v1().unwrap().as_ref()).unwrap();
        let signed = format!("{header}.{payload}");
        let signature = pair.sign(&aws_lc_rs::rand::SystemRandom::new(), signed.as_bytes());
        let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.unwrap()));
        assert_eq!(checked_at(NOW, &key, &token, None), Ok(()));
        let typed = settings(json!({ "typ": "jwt" }));
        assert!(checked_at(NOW, &key, &token, Some(&typed)).is_err());
    }

    #[test]
    fn one_issuer_or_several() {
        let issuers = |said: Value| settings(json!({ "issuer": said })).issuers().to_vec();
        assert_eq!(issuers(json!("a")), ["a"]);
        assert_eq!(issuers(json!(["a", "b"])), ["a", "b"]);
        assert!(settings(json!({})).issuers().is_empty());
    }

    #[test]
    fn what_cannot_be_done_is_refused_by_name() {
        for (name, value) in [
            ("algorithms", json!(["none"])),
            ("algorithms", json!(["RS256", "HS512"])),
            ("clockTolerance", json!("soon")),
            ("maxTokenAge", json!("1.5h")),
            ("maxTokenAge", json!("")),
            ("typ", json!("at+jwt")),
        ] {
            let error = settings(json!({ name: value })).check().unwrap_err();
            assert!(error.to_string().contains(name), "{error}");
        }
        let full = json!({
            "issuer": ISSUER, "audience": "other", "algorithms": ["PS512", "Ed25519"], "clockTolerance": "10 secs",
            "crit": { "b64": true }, "currentDate": "2026-01-01", "maxTokenAge": "2 hours", "subject": "a", "typ": "JWT",
        });
        assert!(settings(full).check().is_ok());
    }

    #[test]
    fn seconds_are_a_number_or_have_a_unit() {
        for (text, seconds) in [
            ("30", Some(30)),
            ("30s", Some(30)),
            ("5 Minutes", Some(300)),
            ("2h", Some(7_200)),
            ("1 day", Some(86_400)),
            ("4294967295d", Some(4_294_967_295 * 86_400)),
            ("4294967296", None),
            ("-5s", None),
            ("5 parsecs", None),
            ("m", None),
        ] {
            assert_eq!(Seconds::Text(text.to_owned()).value(), seconds, "{text}");
        }
    }
}
