//! The person behind a grant, as of this moment.

use identity::{claims::Belongings, user::User};
use protocol::{
    authorize::decide::not_admitted,
    client::Client,
    error::OAuthError,
    grant, organization,
    record::{Grant, Session},
    time::Time,
};
use serde_json::{Map, Value};
use store::{Db, Source, StoreError, Tx, relation};

use crate::{error::OidcError, extract::client::ClientRequest, tenant::Application};

/// Where several reads in a row may run: the database, or a transaction that has already begun.
pub(crate) trait Reads {
    /// For one read.
    fn source(&mut self) -> impl Source;
}

impl Reads for &Db {
    fn source(&mut self) -> impl Source {
        *self
    }
}

impl Reads for Tx {
    fn source(&mut self) -> impl Source {
        self
    }
}

/// A grant that still gives something, and whose it is.
#[derive(Debug)]
pub(crate) struct Subject {
    pub(crate) grant: Grant,
    pub(crate) user: User,
    session: Option<Session>,
}

/// Loads what the tokens of a grant need.
///
/// `None` when it has ended or died with its session, or when the person was suspended or deleted (T17).
pub(crate) async fn load(
    reads: &mut impl Reads,
    tenant_id: &str,
    grant: Grant,
    now: Time,
) -> Result<Option<Subject>, StoreError> {
    let session = match &grant.session_id {
        Some(id) => store::session::find_by_id(reads.source(), tenant_id, id, now).await?,
        None => None,
    };
    if !grant::lives(&grant, session.as_ref(), now) {
        return Ok(None);
    }
    let user = store::user::find(reads.source(), tenant_id, &grant.user_id).await?;
    Ok(user.filter(|user| !user.is_suspended).map(|user| Subject {
        grant,
        user,
        session,
    }))
}

/// The same for a grant of which only the id is known. `None` also when it was revoked.
pub(crate) async fn find(
    reads: &mut impl Reads,
    tenant_id: &str,
    grant_id: &str,
    now: Time,
) -> Result<Option<Subject>, StoreError> {
    match store::grant::find(reads.source(), tenant_id, grant_id, now).await? {
        Some(grant) => load(reads, tenant_id, grant, now).await,
        None => Ok(None),
    }
}

/// Whether the person may use the application at this moment (`contract/logto-core.md` §3.15).
pub(crate) async fn admits(
    source: impl Source,
    tenant_id: &str,
    application: &Application,
    user_id: &str,
) -> Result<bool, StoreError> {
    if !application.access_control_enabled {
        return Ok(true);
    }
    let id = &application.client.id;
    store::application::access::admits(source, tenant_id, id, user_id).await
}

/// What a client is told whose code or refresh token gives nothing any more.
pub(crate) fn gone() -> OAuthError {
    OAuthError::invalid_grant("the grant has ended, or the user is suspended")
}

impl Subject {
    /// Fails when the person may not use the application any more.
    pub(crate) async fn admitted(
        self,
        tx: &mut Tx,
        request: &ClientRequest,
    ) -> Result<Self, OidcError> {
        let (tenant_id, application) = (&request.tenant.id, &request.application);
        if admits(tx, tenant_id, application, &self.user.id).await? {
            Ok(self)
        } else {
            Err(not_admitted().into())
        }
    }

    /// Everything that may be told of the person; [`protocol::claims::select`] picks from it. A third-party application is told
    /// of those organizations only that the person lets it into.
    pub(crate) async fn claims(
        &self,
        reads: &mut impl Reads,
        tenant_id: &str,
        client: &Client,
    ) -> Result<Map<String, Value>, StoreError> {
        let (granted, user_id) = (&self.grant.scope, &self.user.id);
        let mut belongings = Belongings::default();
        if granted.contains("roles") {
            belongings.roles =
                store::role::names_of_user(reads.source(), tenant_id, user_id).await?;
        }
        if granted.contains(organization::SCOPE) {
            belongings.organizations =
                store::script_context::organizations(reads.source(), tenant_id, user_id).await?;
        }
        if granted.contains(organization::ROLES_SCOPE) {
            belongings.organization_roles =
                store::script_context::organization_roles(reads.source(), tenant_id, user_id)
                    .await?;
        }
        if client.is_third_party {
            let mut open = Vec::new();
            for (relation, whose) in [
                (relation::CONSENT_ORGANIZATIONS, &client.id),
                (relation::GRANT_ORGANIZATION, &self.grant.id),
            ] {
                let parent = [whose.as_str(), user_id.as_str()];
                open.extend(
                    relation::children(reads.source(), relation, tenant_id, &parent).await?,
                );
            }
            let organizations = &mut belongings.organizations;
            organizations.retain(|found| open.contains(&found.id));
            let roles = &mut belongings.organization_roles;
            roles.retain(|role| open.contains(&role.organization_id));
        }
        Ok(identity::claims::claims(&self.user, &belongings))
    }

    /// How the person signed in, unless they have done so again since.
    pub(crate) fn amr(&self) -> &[String] {
        match &self.session {
            Some(session) if session.authenticated_at == self.grant.auth_time => &session.amr,
            _ => &[],
        }
    }
}
