//! The page on which people decide what a third-party application gets.

use askama::Template;
use protocol::{client_metadata, scope::ScopeSet};

use super::{Frame, Page, form_target};
use crate::text::{Text, fill};

/// What an application asks for.
#[derive(Clone, Debug, Default)]
pub struct ConsentPage {
    /// The token for the form.
    pub csrf: String,
    /// The application's name.
    pub application: String,
    /// Address of its logo.
    pub logo: Option<String>,
    /// Where it waits.
    pub redirect_uri: String,
    /// Who is signed in.
    pub person: String,
    /// The scopes it asks for.
    pub scope: ScopeSet,
    /// The APIs it asks for.
    pub resources: Vec<String>,
    /// The person's organizations, where it wants to know of them.
    pub organizations: Vec<Choice>,
    /// What it says of itself, where nobody registered it.
    pub unregistered: Option<Unregistered>,
}

/// An application that nobody registered. The page calls it by its host, since that is all that is proven.
#[derive(Clone, Debug)]
pub struct Unregistered {
    /// The address of the document that describes it.
    pub address: String,
    /// What it calls itself.
    pub name: Option<String>,
}

/// An organization that the person may let the application into.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it was let in before.
    pub is_chosen: bool,
}

impl ConsentPage {
    fn title(&self, t: &Text) -> String {
        fill(t.consent_title, &[("app", &self.application)])
    }

    fn signed_in_as(&self, t: &Text) -> String {
        fill(t.consent_signed_in_as, &[("name", &self.person)])
    }

    fn asks(&self, t: &Text) -> String {
        fill(t.consent_asks, &[("app", &self.application)])
    }

    fn organizations_label(&self, t: &Text) -> String {
        let text = match self.unregistered {
            Some(_) => t.consent_organization,
            None => t.consent_organizations,
        };
        fill(text, &[("app", &self.application)])
    }

    fn has_choice(&self) -> bool {
        self.organizations.iter().any(|choice| choice.is_chosen)
    }

    fn calls_itself(&self, t: &Text) -> Option<String> {
        let name = self.unregistered.as_ref()?.name.as_ref()?;
        Some(fill(t.consent_calls_itself, &[("name", name)]))
    }

    fn destination_text(&self, t: &Text) -> String {
        let url = url::Url::parse(&self.redirect_uri).ok();
        if self.unregistered.is_some()
            && let Some(url) = url.as_ref().filter(|url| url.scheme() != "https")
        {
            let place = client_metadata::host(url.as_str()).filter(|_| url.scheme() == "http");
            let place = place.unwrap_or_else(|| format!("{}:", url.scheme()));
            return fill(t.consent_this_device, &[("host", &place)]);
        }
        let host = url
            .as_ref()
            .and_then(url::Url::host_str)
            .unwrap_or(&self.application);
        fill(t.consent_destination, &[("host", host)])
    }

    fn lines(&self, t: &Text) -> Vec<String> {
        let scopes = self.scope.iter().map(|scope| match scope {
            "openid" => t.scope_openid.to_owned(),
            "profile" => t.scope_profile.to_owned(),
            "email" => t.scope_email.to_owned(),
            "phone" => t.scope_phone.to_owned(),
            "address" => t.scope_address.to_owned(),
            "custom_data" => t.scope_custom_data.to_owned(),
            "identities" => t.scope_identities.to_owned(),
            "roles" => t.scope_roles.to_owned(),
            "urn:logto:scope:organizations" => t.scope_organizations.to_owned(),
            "urn:logto:scope:organization_roles" => t.scope_organization_roles.to_owned(),
            "offline_access" => t.scope_offline_access.to_owned(),
            other => fill(t.scope_other, &[("scope", other)]),
        });
        let resources = self
            .resources
            .iter()
            .map(|resource| fill(t.resource_access, &[("resource", resource)]));
        scopes.chain(resources).collect()
    }
}

#[derive(Template)]
#[template(path = "consent.html")]
struct View<'a> {
    frame: &'a Frame,
    page: &'a ConsentPage,
}

impl Page for ConsentPage {
    fn html(&self, frame: &Frame) -> askama::Result<String> {
        View { frame, page: self }.render()
    }

    fn form_targets(&self) -> Vec<String> {
        form_target(&self.redirect_uri).into_iter().collect()
    }
}
