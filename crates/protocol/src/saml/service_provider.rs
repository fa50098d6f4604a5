//! What is registered of a service provider (`contract/logto-api.md` §5.6).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use url::Url;

use super::{Refused, certificate, encryption, name_id::NameIdFormat};
use crate::claims;

/// An application that takes SAML answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ServiceProvider {
    /// Names of attributes by the claims that they carry; [`super::attribute::DEFAULT`] where there are none.
    pub attribute_mapping: BTreeMap<String, String>,
    /// What it calls itself.
    pub entity_id: Option<String>,
    /// Where answers go: its assertion consumer service.
    pub acs_url: Option<AcsUrl>,
    /// Whether assertions are encrypted, and to which key.
    pub encryption: Option<Encryption>,
    /// How people are named.
    pub name_id_format: NameIdFormat,
}

/// An assertion consumer service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcsUrl {
    /// How answers come to it.
    pub binding: Binding,
    /// Its address.
    pub url: String,
}

/// How a message travels (SAML Bindings).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Binding {
    /// As a form: the only way for answers.
    #[serde(rename = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST")]
    Post,
    /// As a query.
    #[serde(rename = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect")]
    Redirect,
}

/// How assertions are encrypted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Encryption {
    /// Whether they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encrypt_assertion: Option<bool>,
    /// Whether the whole answer is signed once more, after the assertion in it was signed and encrypted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encrypt_then_sign: Option<bool>,
    /// The service provider's certificate, as PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
}

impl ServiceProvider {
    /// Whether it can be registered so.
    ///
    /// # Errors
    /// When an attribute is mapped from no claim, the address cannot take answers, or there is no key to encrypt to.
    pub fn check(&self) -> Result<(), Refused> {
        let is_claim = |claim: &str| claim == "sub" || claims::scope_of(claim).is_some();
        for (claim, name) in &self.attribute_mapping {
            if !is_claim(claim) {
                return Err(invalid(format!("attributeMapping: {claim:?} is no claim")));
            }
            if name.trim().is_empty() || name.chars().count() > 256 {
                return Err(invalid(format!(
                    "attributeMapping: the attribute for {claim} needs a name of 1 to 256 characters"
                )));
            }
        }
        self.acs_url.as_ref().map_or(Ok(()), AcsUrl::check)?;
        self.encryption.as_ref().map_or(Ok(()), Encryption::check)
    }

    /// Its name, which answers are addressed to.
    ///
    /// # Errors
    /// When it has none yet.
    pub fn audience(&self) -> Result<&str, Refused> {
        self.entity_id.as_deref().ok_or_else(|| {
            let message = "The application has no entity id yet.";
            Refused::new("application.saml.entity_id_required", message)
        })
    }

    /// The address that answers go to.
    ///
    /// # Errors
    /// When it has none yet.
    pub fn acs_url(&self) -> Result<&str, Refused> {
        let url = self.acs_url.as_ref().map(|acs| acs.url.as_str());
        url.ok_or_else(|| {
            let message = "The application has no assertion consumer service yet.";
            Refused::new("application.saml.acs_url_required", message)
        })
    }
}

impl AcsUrl {
    fn check(&self) -> Result<(), Refused> {
        if self.binding != Binding::Post {
            let message = "Answers travel as forms only: the binding must be HTTP-POST.";
            return Err(Refused::new(
                "application.saml.acs_url_binding_not_supported",
                message,
            ));
        }
        let url = Url::parse(&self.url)
            .ok()
            .filter(|_| self.url.trim() == self.url)
            .ok_or_else(|| invalid("acsUrl.url is no address"))?;
        // The browser posts to it, so a scheme that runs what it says would run in our page (T05).
        if !matches!(url.scheme(), "http" | "https") {
            let message = "The assertion consumer service must be at an http or https address.";
            return Err(Refused::new(
                "application.saml.acs_url_scheme_not_supported",
                message,
            ));
        }
        let is_plain = url.username().is_empty() && url.password().is_none();
        if url.fragment().is_some() || !is_plain || self.url.chars().count() > 2048 {
            let message = "acsUrl.url must have no fragment, no user and at most 2048 characters";
            return Err(invalid(message));
        }
        Ok(())
    }
}

impl Encryption {
    /// The certificate and whether the answer is signed after that, where assertions are encrypted.
    pub fn wanted(&self) -> Option<(&str, bool)> {
        let certificate = self.certificate.as_deref()?;
        let sign_after = self.encrypt_then_sign.unwrap_or(false);
        (self.encrypt_assertion == Some(true)).then_some((certificate, sign_after))
    }

    fn check(&self) -> Result<(), Refused> {
        let is_wanted = self.encrypt_assertion == Some(true);
        if is_wanted && (self.encrypt_then_sign.is_none() || self.certificate.is_none()) {
            return Err(invalid(
                "encryption: encryptAssertion needs encryptThenSign and certificate",
            ));
        }
        let Some(pem) = &self.certificate else {
            return Ok(());
        };
        let fits = pem.len() <= 16 * 1024
            && certificate::from_pem(pem).is_some_and(|der| encryption::is_key(&der));
        if fits {
            return Ok(());
        }
        let message = "encryption.certificate must be an X.509 certificate as PEM, with an RSA key of 2048 to 8192 bits.";
        Err(Refused::new(
            "application.saml.invalid_certificate_pem_format",
            message,
        ))
    }
}

fn invalid(message: impl Into<String>) -> Refused {
    Refused::new("guard.invalid_input", message.into())
}

#[cfg(test)]
mod tests {
    use super::{AcsUrl, Binding, Encryption, ServiceProvider};
    use crate::saml::samples::{CERTIFICATE, CERTIFICATE_V1, encryption, service_provider};

    fn code(provider: &ServiceProvider) -> Option<&'static str> {
        provider.check().err().map(|refused| refused.code)
    }

    #[test]
    fn an_ordinary_service_provider_is_registered() {
        for certificate in [CERTIFICATE, CERTIFICATE_V1] {
            let mut provider = service_provider();
            provider.encryption = Some(Encryption {
                certificate: Some(certificate.to_owned()),
                ..encryption()
            });
            provider.attribute_mapping = [("sub", "uid"), ("email", "mail"), ("roles", "groups")]
                .map(|(claim, name)| (claim.to_owned(), name.to_owned()))
                .into();
            assert_eq!(code(&provider), None);
        }
        assert_eq!(code(&ServiceProvider::default()), None);
    }

    #[test]
    fn attributes_carry_claims_only() {
        for (claim, name) in [
            ("password_digest", "x"),
            ("", "x"),
            ("email", ""),
            ("email", " "),
            ("email", &*"x".repeat(257)),
        ] {
            let mut provider = service_provider();
            provider.attribute_mapping = [(claim.to_owned(), name.to_owned())].into();
            assert_eq!(code(&provider), Some("guard.invalid_input"), "{claim}");
        }
    }

    #[test]
    fn t05_answers_are_posted_to_web_addresses_only() {
        let invalid = Some("guard.invalid_input");
        let scheme = Some("application.saml.acs_url_scheme_not_supported");
        for (url, expected) in [
            ("https://sp.example.com/acs?x=1", None),
            ("http://localhost:3000/acs", None),
            ("javascript:alert(1)", scheme),
            ("data:text/html,x", scheme),
            ("com.example:/acs", scheme),
            ("https://sp.example.com/acs#x", invalid),
            ("https://sp@evil.example.com/acs", invalid),
            (" https://sp.example.com/acs", invalid),
            ("/acs", invalid),
            ("", invalid),
        ] {
            let mut provider = service_provider();
            provider.acs_url = Some(AcsUrl {
                binding: Binding::Post,
                url: url.to_owned(),
            });
            assert_eq!(code(&provider), expected, "{url}");
        }
        let mut provider = service_provider();
        provider.acs_url = provider.acs_url.map(|acs| AcsUrl {
            binding: Binding::Redirect,
            ..acs
        });
        let expected = Some("application.saml.acs_url_binding_not_supported");
        assert_eq!(code(&provider), expected);
    }

    #[test]
    fn encryption_needs_a_certificate_that_can_encrypt() {
        let invalid = Some("guard.invalid_input");
        let format = Some("application.saml.invalid_certificate_pem_format");
        let of = |encrypt, then_sign, certificate: Option<&str>| Encryption {
            encrypt_assertion: encrypt,
            encrypt_then_sign: then_sign,
            certificate: certificate.map(str::to_owned),
        };
        for (encryption, expected) in [
            (of(None, None, None), None),
            (of(Some(false), None, None), None),
            (of(Some(true), None, Some(CERTIFICATE)), invalid),
            (of(Some(true), Some(true), None), invalid),
            (of(Some(true), Some(true), Some("nonsense")), format),
            (of(Some(false), None, Some("nonsense")), format),
            (of(Some(true), Some(true), Some(CERTIFICATE)), None),
        ] {
            let provider = ServiceProvider {
                encryption: Some(encryption),
                ..service_provider()
            };
            assert_eq!(code(&provider), expected, "{:?}", provider.encryption);
        }
    }

    #[test]
    fn it_is_stored_in_logtos_words() {
        let provider = ServiceProvider {
            encryption: Some(Encryption {
                encrypt_assertion: Some(false),
                ..Encryption::default()
            }),
            ..service_provider()
        };
        let text = serde_json::to_string(&provider).unwrap();
        assert_eq!(
            text,
            r#"{"attributeMapping":{},"entityId":"https://sp.example.com/metadata","acsUrl":{"binding":"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST","url":"https://sp.example.com/acs"},"encryption":{"encryptAssertion":false},"nameIdFormat":"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"}"#
        );
        assert_eq!(
            serde_json::from_str::<ServiceProvider>(&text).unwrap(),
            provider
        );
    }
}
