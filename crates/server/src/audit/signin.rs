//! Entries of sign-ins on our pages.

use serde_json::json;

use super::Entry;
use crate::{app::App, interaction::CurrentInteraction};

/// An entry whose key begins with what the person is about to do: `Interaction.SignIn.…`.
fn entry(app: &App, current: &CurrentInteraction, rest: &str) -> Entry {
    let key = format!("Interaction.{}.{rest}", current.event.as_str());
    of_interaction(app, current, key)
}

fn of_interaction(app: &App, current: &CurrentInteraction, key: String) -> Entry {
    Entry::new(app, &current.browser.tenant, key)
        .application(&current.interaction.request.client_id)
        .session(&current.id_hash)
}

/// A sign-in has begun.
pub async fn created(app: &App, current: &CurrentInteraction) {
    let request = &current.interaction.request;
    let entry = of_interaction(app, current, "Interaction.Create".to_owned());
    let entry = entry.with(
        "params",
        json!({
            "client_id": request.client_id,
            "redirect_uri": request.return_to.redirect_uri,
            "scope": request.scope.to_string(),
            "resource": request.resources,
        }),
    );
    app.audit().record(entry).await;
}

/// A sign-in is over: the browser goes back to the application.
pub async fn ended(app: &App, current: &CurrentInteraction) {
    let entry = of_interaction(app, current, "Interaction.End".to_owned());
    app.audit().record(entry).await;
}

/// A person has signed in, or registered.
pub async fn submitted(app: &App, current: &CurrentInteraction, user_id: &str) {
    let entry = entry(app, current, "Submit").user(user_id);
    let interaction = json!({ "interactionEvent": current.event.as_str(), "userId": user_id });
    app.audit()
        .record(entry.with("interaction", interaction))
        .await;
}

/// Somebody tried to prove something of this type, such as a password. What was typed is not kept: it may be a password in the wrong field.
pub async fn verified(
    app: &App,
    current: &CurrentInteraction,
    kind: &str,
    outcome: Result<(), (&'static str, &str)>,
) {
    let entry = entry(app, current, &format!("Verification.{kind}.Submit"));
    let entry = match outcome {
        Ok(()) => entry,
        Err((code, message)) => entry.failed(code, message),
    };
    app.audit().record(entry).await;
}

/// A person leaves for a provider.
pub async fn left(app: &App, current: &CurrentInteraction, connector_id: &str) {
    let entry = entry(app, current, "Verification.Social.Create");
    app.audit()
        .record(entry.with("connectorId", connector_id))
        .await;
}

/// A person is back from a provider.
pub async fn returned(
    app: &App,
    current: &CurrentInteraction,
    connector_id: &str,
    outcome: Result<(), String>,
) {
    let entry = entry(app, current, "Verification.Social.Submit").with("connectorId", connector_id);
    let entry = match outcome {
        Ok(()) => entry,
        Err(message) => entry.failed("connector.authorization_failed", message),
    };
    app.audit().record(entry).await;
}
