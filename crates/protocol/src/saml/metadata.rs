//! How we describe ourselves to a service provider (SAML Metadata §2.4.3).

use super::{POST, PROTOCOL, REDIRECT, name_id::NameIdFormat, signature::key_info, xml::Element};

/// An identity provider: each application has its own.
#[derive(Clone, Copy, Debug)]
pub struct IdentityProvider<'a> {
    /// Its name.
    pub entity_id: &'a str,
    /// Where requests are taken, by redirect and by form.
    pub sso_url: &'a str,
    /// The certificate of the key that signs, as DER.
    pub certificate: &'a [u8],
    /// How people are named.
    pub name_id_format: NameIdFormat,
}

impl IdentityProvider<'_> {
    /// The description as XML.
    pub fn metadata(&self) -> String {
        let service = |binding| {
            Element::new("md:SingleSignOnService")
                .attribute("Binding", binding)
                .attribute("Location", self.sso_url)
        };
        let key = Element::new("md:KeyDescriptor")
            .attribute("use", "signing")
            .child(key_info(self.certificate));
        let format = Element::new("md:NameIDFormat").text(self.name_id_format.as_str());
        let provider = Element::new("md:IDPSSODescriptor")
            .attribute("WantAuthnRequestsSigned", "false")
            .attribute("protocolSupportEnumeration", PROTOCOL)
            .child(key)
            .child(format)
            .children([service(REDIRECT), service(POST)]);
        let entity = Element::new("md:EntityDescriptor")
            .attribute("entityID", self.entity_id)
            .child(provider);
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}",
            entity.canonical()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::IdentityProvider;
    use crate::saml::name_id::NameIdFormat;

    #[test]
    fn it_says_who_we_are_where_and_with_which_key() {
        let provider = IdentityProvider {
            entity_id: "https://id.example.com/saml/app",
            sso_url: "https://id.example.com/api/saml/app/authn",
            certificate: b"certificate",
            name_id_format: NameIdFormat::EmailAddress,
        };
        assert_eq!(
            provider.metadata(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"https://id.example.com/saml/app\">\
             <md:IDPSSODescriptor WantAuthnRequestsSigned=\"false\" protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
             <md:KeyDescriptor use=\"signing\"><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data>\
             <ds:X509Certificate>Y2VydGlmaWNhdGU=</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>\
             <md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>\
             <md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" Location=\"https://id.example.com/api/saml/app/authn\"></md:SingleSignOnService>\
             <md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"https://id.example.com/api/saml/app/authn\"></md:SingleSignOnService>\
             </md:IDPSSODescriptor></md:EntityDescriptor>"
        );
    }
}
