//! The buttons of the providers.

use connectors::social::is_built;
use identity::connector::Connector;

use crate::{interaction::CurrentInteraction, page::sign_in::SocialButton, tenant::Tenant};

/// The connectors that the tenant shows, in its order.
pub(super) fn connectors(tenant: &Tenant) -> impl Iterator<Item = &Connector> {
    let targets = tenant.experience.social_sign_in_connector_targets.iter();
    targets.filter_map(|target| {
        tenant
            .connectors
            .iter()
            .find(|connector| connector.target == *target && is_built(&connector.factory))
    })
}

/// A button for each of them.
pub(super) fn buttons(current: &CurrentInteraction) -> Vec<SocialButton> {
    let csrf = current.csrf();
    let may_be_dark = current.browser.tenant.experience.color.is_dark_mode_enabled;
    let button = |connector: &Connector| SocialButton {
        target: connector.target.clone(),
        name: current.browser.tenant.connector_name(connector),
        logo: connector
            .logo
            .clone()
            .unwrap_or_else(|| builtin_logo(&connector.factory).to_owned()),
        dark_logo: connector.logo_dark.clone().filter(|_| may_be_dark),
        href: format!(
            "{}&csrf={csrf}",
            current.page(&format!("/sign-in/social/{}", connector.id))
        ),
    };
    connectors(&current.browser.tenant).map(button).collect()
}

fn builtin_logo(factory: &str) -> &'static str {
    crate::page::asset::path(if factory == "github-universal" {
        "github.svg"
    } else {
        "provider.svg"
    })
}
