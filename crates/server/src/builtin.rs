//! Applications that come with the server (`contract/logto-core.md` §4).

use protocol::client::{ApplicationType, Client};
use store::{
    application::{Application as Stored, CustomClientMetadata, OidcClientMetadata},
    seed::ADMIN_TENANT,
};

use crate::{config::Addresses, tenant::Application};

/// The console's `client_id`; its row is seeded, its addresses follow from where the admin tenant is.
pub const ADMIN_CONSOLE: &str = "admin-console";

/// The demo application's `client_id`.
pub const DEMO_APP: &str = "demo-app";

/// The `client_id` of the demo application without a browser.
pub const DEVICE_DEMO_APP: &str = "device-demo-app";

/// The clients that have no row.
pub fn clients(tenant_id: &str, endpoint: &str) -> Vec<Client> {
    if tenant_id == ADMIN_TENANT {
        Vec::new()
    } else {
        vec![demo_app(endpoint).client(), device_demo_app().client()]
    }
}

/// A built-in application as it would be stored.
pub fn application(tenant_id: &str, endpoint: &str, id: &str) -> Option<Stored> {
    if tenant_id == ADMIN_TENANT {
        return None;
    }
    match id {
        DEMO_APP => Some(demo_app(endpoint)),
        DEVICE_DEMO_APP => Some(device_demo_app()),
        _ => None,
    }
}

fn demo_app(endpoint: &str) -> Stored {
    let address = format!("{endpoint}/demo-app");
    let addresses = OidcClientMetadata {
        redirect_uris: vec![address.clone()],
        post_logout_redirect_uris: vec![address],
        ..OidcClientMetadata::default()
    };
    Stored {
        oidc_client_metadata: addresses,
        ..stored(DEMO_APP, "Hufu demo", ApplicationType::Spa)
    }
}

fn device_demo_app() -> Stored {
    let mut settings = CustomClientMetadata::default();
    settings.rest.insert("isDeviceFlow".to_owned(), true.into());
    Stored {
        custom_client_metadata: settings,
        ..stored(DEVICE_DEMO_APP, "Hufu device demo", ApplicationType::Native)
    }
}

fn stored(id: &str, name: &str, kind: ApplicationType) -> Stored {
    Stored {
        id: id.to_owned(),
        name: name.to_owned(),
        description: None,
        kind,
        is_third_party: false,
        access_control_enabled: false,
        oidc_client_metadata: OidcClientMetadata::default(),
        custom_client_metadata: CustomClientMetadata::default(),
        custom_data: serde_json::Map::new(),
        created_at: protocol::time::Time(0),
    }
}

/// Gives the console the addresses at which the admin tenant is reached.
pub fn complete_admin_console(console: &mut Application, addresses: &Addresses) {
    let all = addresses.admin.all();
    console.client.redirect_uris = all
        .iter()
        .map(|address| format!("{address}/console/callback"))
        .collect();
    console.client.post_logout_redirect_uris = all
        .iter()
        .map(|address| format!("{address}/console"))
        .collect();
}
