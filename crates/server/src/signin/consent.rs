//! `GET|POST /consent` — what a third-party application gets.

use std::collections::BTreeMap;

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use identity::claims::display_name;
use protocol::{
    error::{ErrorCode, OAuthError},
    organization,
    record::Session,
};
use serde::Deserialize;
use store::{
    Page, StoreError,
    organization::{Organization, Wanted},
    relation::{self, CONSENT_ORGANIZATIONS},
};

use crate::{
    app::App,
    cimd,
    error::PageError,
    extract::form::PageForm,
    interaction::CurrentInteraction,
    oidc::step,
    page::{
        consent::{Choice, ConsentPage, Unregistered},
        show,
    },
};

pub(super) fn router() -> Router<App> {
    Router::new().route("/consent", get(form).post(submit))
}

/// What the form sends.
#[derive(Deserialize)]
struct Submitted {
    csrf: Option<String>,
    #[serde(default)]
    decision: String,
    /// Among them `organization.ID` for every box that is ticked.
    #[serde(flatten)]
    rest: BTreeMap<String, String>,
}

impl Submitted {
    fn chosen(&self) -> impl Iterator<Item = &str> {
        let fields = self.rest.keys();
        fields.filter_map(|field| field.strip_prefix("organization."))
    }
}

impl Submitted {
    /// The one organization that an unregistered client was let into.
    fn only_chosen(&self) -> Option<&str> {
        self.rest.get("organization").map(String::as_str)
    }
}

/// The person's organizations, when the application wants to know of them (`contract/logto-core.md` §3.15).
async fn choices(
    app: &App,
    current: &CurrentInteraction,
    user_id: &str,
) -> Result<Vec<Choice>, StoreError> {
    let request = &current.interaction.request;
    if !request.scope.contains(organization::SCOPE) {
        return Ok(Vec::new());
    }
    let (tenant, client_id) = (&current.browser.tenant.id, &request.client_id);
    let parent = [client_id.as_str(), user_id];
    let held = if current.browser.tenant.is_document(client_id) {
        Vec::from_iter(request.hints.organization_id.clone())
    } else {
        relation::children(app.db(), CONSENT_ORGANIZATIONS, tenant, &parent).await?
    };
    let wanted = Wanted {
        of_user: Some(user_id),
        ..Wanted::default()
    };
    let organizations = store::organization::page(app.db(), tenant, &wanted, MOST).await?;
    let choice = |organization: Organization| Choice {
        is_chosen: held.contains(&organization.id),
        id: organization.id,
        name: organization.name,
    };
    Ok(organizations.rows.into_iter().map(choice).collect())
}

/// How many organizations the page offers.
const MOST: Page = Page {
    limit: 100,
    offset: 0,
};

/// Shows what is asked for.
async fn form(State(app): State<App>, current: CurrentInteraction) -> Result<Response, PageError> {
    let Some(session) = current.browser.session(&app, app.now()).await? else {
        return Ok(Redirect::to(&current.resume()).into_response());
    };
    let tenant = &current.browser.tenant;
    let request = &current.interaction.request;
    let user = store::user::find(app.db(), &tenant.id, &session.user_id)
        .await?
        .ok_or(PageError::UnknownSession)?;
    let application = cimd::application(&app, tenant, &request.client_id)
        .await?
        .ok_or(PageError::UnknownSession)?;
    Ok(show(ConsentPage {
        csrf: current.csrf_about(&session.id),
        application: application.display_name.clone(),
        logo: application
            .client
            .logo_uri
            .clone()
            .filter(|logo| logo.starts_with("https://")),
        redirect_uri: request.return_to.redirect_uri.clone(),
        person: display_name(&user).to_owned(),
        scope: request.scope.clone(),
        resources: request.resources.clone(),
        organizations: choices(&app, &current, &session.user_id).await?,
        unregistered: application.document.as_ref().map(|document| Unregistered {
            address: document.client_id.clone(),
            name: document.name.clone(),
        }),
    }))
}

/// Remembers a yes; tells the application of a no.
async fn submit(
    State(app): State<App>,
    mut current: CurrentInteraction,
    PageForm(submitted): PageForm<Submitted>,
) -> Result<Response, PageError> {
    let now = app.now();
    let Some(session) = current.browser.session(&app, now).await? else {
        return Ok(Redirect::to(&current.resume()).into_response());
    };
    // The yes of one person must not count for another who signed in at another tab meanwhile.
    current.check_csrf_about(&session.id, submitted.csrf.as_deref())?;
    if submitted.decision != "allow" {
        let denied = OAuthError::new(ErrorCode::AccessDenied, "the user declined");
        return step::refuse(&app, &current, &denied).await;
    }
    agree(&app, &mut current, session, &submitted).await?;
    Ok(Redirect::to(&current.resume()).into_response())
}

/// Adds what is asked for now to what was agreed to before.
async fn agree(
    app: &App,
    current: &mut CurrentInteraction,
    session: Session,
    submitted: &Submitted,
) -> Result<(), PageError> {
    let offered = choices(app, current, &session.user_id).await?;
    let tenant_id = current.browser.tenant.id.clone();
    let client_id = current.interaction.request.client_id.clone();
    let mut tx = app.db().begin().await?;
    if current.browser.tenant.is_document(&client_id) {
        // It is asked for every time: nothing is remembered beyond this grant (`contract/logto-core.md` §3.16).
        let mut offered = offered.into_iter().map(|choice| choice.id);
        current.interaction.organization =
            offered.find(|id| submitted.only_chosen() == Some(id.as_str()));
        current.interaction.progress.consented = Some(session.id);
        current.save(&mut tx).await?;
        tx.commit().await?;
        return Ok(());
    }
    let before = store::consent::find(&mut tx, &tenant_id, &session.user_id, &client_id).await?;
    let consent = before
        .unwrap_or_default()
        .extended(&current.interaction.request);
    store::consent::upsert(
        &mut tx,
        &tenant_id,
        &session.user_id,
        &client_id,
        &consent,
        app.now(),
    )
    .await?;
    let parent = [client_id.as_str(), session.user_id.as_str()];
    for choice in offered {
        let is_chosen = submitted.chosen().any(|id| id == choice.id);
        if is_chosen && !choice.is_chosen {
            let id = [choice.id];
            relation::add(&mut tx, CONSENT_ORGANIZATIONS, &tenant_id, &parent, &id).await?;
        } else if choice.is_chosen && !is_chosen {
            let id = &choice.id;
            relation::remove(&mut tx, CONSENT_ORGANIZATIONS, &tenant_id, &parent, id).await?;
        }
    }
    current.interaction.progress.consented = Some(session.id);
    current.save(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}
