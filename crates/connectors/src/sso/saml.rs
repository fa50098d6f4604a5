//! How a SAML provider describes itself (SAML 2.0 Metadata §2.4.3).

use base64::{Engine, engine::general_purpose::STANDARD};
use roxmltree::{Document, Node};
use serde::Serialize;

use super::config::Saml;
use crate::{error::ConnectorError, http::Guarded};

const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";
const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
/// More than any provider needs; a parser's memory grows with it.
const MOST_BYTES: usize = 512 * 1024;

/// Who signs people in, where, and with which key.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct IdentityProvider {
    entity_id: String,
    sign_in_endpoint: String,
    x509_certificate: String,
}

/// The provider that a configuration describes, or points to.
pub(super) async fn identity_provider(
    http: &Guarded,
    config: &Saml,
) -> Result<IdentityProvider, ConnectorError> {
    if let Some(address) = &config.metadata_url {
        let answer = http.get(address).await?;
        if !answer.is_success() {
            let why = format!(
                "the metadata's address answered with status {}",
                answer.status
            );
            return Err(ConnectorError::InvalidMetadata(why));
        }
        return parse(&answer.text());
    }
    if let Some(metadata) = &config.metadata {
        return parse(metadata);
    }
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    Ok(IdentityProvider {
        entity_id: text(&config.entity_id),
        sign_in_endpoint: text(&config.sign_in_endpoint),
        x509_certificate: certificate(&text(&config.x509_certificate))?,
    })
}

fn parse(metadata: &str) -> Result<IdentityProvider, ConnectorError> {
    let wrong = |why: &str| ConnectorError::InvalidMetadata(why.to_owned());
    if metadata.len() > MOST_BYTES {
        return Err(wrong("it is too long"));
    }
    // Documents with a DTD, and so with entities, are refused by default.
    let document = Document::parse(metadata).map_err(|error| wrong(&error.to_string()))?;
    let entities = document.descendants();
    let described = entities
        .filter(|node| node.has_tag_name((METADATA, "EntityDescriptor")))
        .find_map(|entity| Some((entity, child(entity, METADATA, "IDPSSODescriptor")?)));
    let (entity, provider) = described.ok_or_else(|| wrong("it describes no identity provider"))?;
    let entity_id = entity
        .attribute("entityID")
        .ok_or_else(|| wrong("entityID is missing"))?;
    let endpoint = children(provider, METADATA, "SingleSignOnService")
        .find(|service| service.attribute("Binding") == Some(REDIRECT))
        .and_then(|service| service.attribute("Location"))
        .ok_or_else(|| wrong("it has no SingleSignOnService for redirects"))?;
    let key = children(provider, METADATA, "KeyDescriptor")
        .filter(|key| key.attribute("use") != Some("encryption"))
        .find_map(|key| {
            let mut inside = key.descendants();
            inside
                .find(|node| node.has_tag_name((SIGNATURE, "X509Certificate")))?
                .text()
        })
        .ok_or_else(|| wrong("it has no certificate to sign with"))?;
    Ok(IdentityProvider {
        entity_id: entity_id.to_owned(),
        sign_in_endpoint: endpoint.to_owned(),
        x509_certificate: certificate(key)?,
    })
}

fn children<'a, 'input: 'a>(
    node: Node<'a, 'input>,
    namespace: &'static str,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    node.children()
        .filter(move |child| child.has_tag_name((namespace, name)))
}

fn child<'a, 'input: 'a>(
    node: Node<'a, 'input>,
    namespace: &'static str,
    name: &'static str,
) -> Option<Node<'a, 'input>> {
    children(node, namespace, name).next()
}

/// The certificate as one line of base64, whether it came so or as PEM.
fn certificate(text: &str) -> Result<String, ConnectorError> {
    let lines = text.lines().filter(|line| !line.starts_with("-----"));
    let line: String = lines.flat_map(str::split_whitespace).collect();
    let bytes = STANDARD.decode(&line).ok();
    // DER begins with a sequence (X.690 §8.9).
    let is_certificate = bytes.is_some_and(|bytes| bytes.first() == Some(&0x30));
    if is_certificate {
        return Ok(line);
    }
    Err(ConnectorError::InvalidCertificate(
        "it is no X.509 certificate",
    ))
}

#[cfg(test)]
mod tests {
    use super::{IdentityProvider, certificate, parse};

    const CERTIFICATE: &str = "MIIBszCCAVmgAwIBAgIU";

    fn metadata(inside: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?><md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
             xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" entityID=\"https://idp.test\">{inside}</md:EntityDescriptor>"
        )
    }

    fn key(usage: &str, certificate: &str) -> String {
        format!(
            "<md:KeyDescriptor{usage}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>\n{certificate}\n</ds:X509Certificate>\
             </ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        )
    }

    const SERVICES: &str = "<md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"https://idp.test/post\"/>\
        <md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" Location=\"https://idp.test/redirect\"/>";

    fn provider(inside: &str) -> String {
        metadata(&format!(
            "<md:IDPSSODescriptor>{inside}</md:IDPSSODescriptor>"
        ))
    }

    #[test]
    fn a_description_is_read() {
        let keys = key(" use=\"encryption\"", "MIIA") + &key(" use=\"signing\"", CERTIFICATE);
        let expected = IdentityProvider {
            entity_id: "https://idp.test".to_owned(),
            sign_in_endpoint: "https://idp.test/redirect".to_owned(),
            x509_certificate: CERTIFICATE.to_owned(),
        };
        let one = provider(&format!("{keys}{SERVICES}"));
        assert_eq!(parse(&one).unwrap(), expected);
        let one = one.split_once("?>").unwrap().1;
        let many = format!(
            "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">{one}</md:EntitiesDescriptor>"
        );
        assert_eq!(parse(&many).unwrap(), expected);
    }

    #[test]
    fn a_description_that_lacks_something_is_refused() {
        let signing = key("", CERTIFICATE);
        for (document, expected) in [
            (String::new(), "connector.invalid_metadata"),
            ("<x/>".to_owned(), "connector.invalid_metadata"),
            (metadata(""), "connector.invalid_metadata"),
            (provider(SERVICES), "connector.invalid_metadata"),
            (provider(&signing), "connector.invalid_metadata"),
            (
                provider(&format!("{}{SERVICES}", key("", "nonsense"))),
                "connector.invalid_certificate",
            ),
            ("<".repeat(600_000), "connector.invalid_metadata"),
        ] {
            let error = parse(&document).unwrap_err();
            assert_eq!(error.code(), expected, "{error}");
        }
    }

    #[test]
    fn entities_are_not_expanded() {
        let bomb =
            "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><x>&b;</x>";
        let outside = "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><x>&a;</x>";
        for document in [bomb, outside] {
            assert_eq!(
                parse(document).unwrap_err().code(),
                "connector.invalid_metadata"
            );
        }
    }

    #[test]
    fn a_certificate_may_be_pem_or_bare() {
        let pem =
            "-----BEGIN CERTIFICATE-----\nMIIBszCC\nAVmgAwIBAgIU\n-----END CERTIFICATE-----\n";
        assert_eq!(certificate(pem).unwrap(), CERTIFICATE);
        assert_eq!(certificate(CERTIFICATE).unwrap(), CERTIFICATE);
        assert!(certificate("").is_err());
        assert!(certificate("AAAA").is_err());
    }
}
