//! What an access token is for, and what it may carry there.

use protocol::{
    client::Resource,
    error::OAuthError,
    organization::{self, Membership},
    resource,
    scope::ScopeSet,
    token::access_token,
};
use store::{
    Tx,
    membership::{self, Member},
};

use crate::{error::OidcError, extract::client::ClientRequest, oidc::subject::Subject};

/// What an access token for a person is for.
pub(super) enum Target<'r> {
    /// This server itself: the token is opaque.
    Server,
    /// An API, perhaps for what the person may do in one organization only.
    Api {
        resource: &'r Resource,
        organization_id: Option<&'r str>,
    },
    /// An organization.
    Organization { id: &'r str, resource: Resource },
}

impl<'r> Target<'r> {
    /// Decides it: the organization and the API that the request names, or the API of the grant.
    ///
    /// # Errors
    /// `invalid_target` for an API that is not known, and what [`organization::admit`] refuses.
    pub(super) async fn choose(
        tx: &mut Tx,
        request: &'r ClientRequest,
        subject: &Subject,
    ) -> Result<Self, OidcError> {
        let Some(id) = organization_id(request)? else {
            return Ok(Self::without_organization(request, subject)?);
        };
        let membership = membership(tx, request, subject, id).await?;
        organization::admit(&subject.grant.scope, request.client(), membership)
            .map_err(OidcError::Forbidden)?;
        Ok(Self::within(request, subject, id)?)
    }

    /// The same for an exchanged token, for which no grant says which organizations the person wants told.
    pub(super) async fn exchanged(
        tx: &mut Tx,
        request: &'r ClientRequest,
        subject: &Subject,
    ) -> Result<Self, OidcError> {
        let Some(id) = organization_id(request)? else {
            return Ok(Self::without_organization(request, subject)?);
        };
        let membership = membership(tx, request, subject, id).await?;
        organization::admit_member(request.client(), membership).map_err(OidcError::Forbidden)?;
        Ok(Self::within(request, subject, id)?)
    }

    fn within(
        request: &'r ClientRequest,
        subject: &Subject,
        id: &'r str,
    ) -> Result<Self, OAuthError> {
        if indicators(request).is_empty() {
            let resource = organization::resource(id);
            return Ok(Self::Organization { id, resource });
        }
        Ok(match api(request, subject)? {
            Some(resource) => Self::Api {
                resource,
                organization_id: Some(id),
            },
            None => Self::Server,
        })
    }

    /// The same for a request that cannot name an organization.
    pub(super) fn without_organization(
        request: &'r ClientRequest,
        subject: &Subject,
    ) -> Result<Self, OAuthError> {
        Ok(match api(request, subject)? {
            Some(resource) => Self::Api {
                resource,
                organization_id: None,
            },
            None => Self::Server,
        })
    }

    /// Audience, life and algorithm of a signed token.
    pub(super) const fn resource(&self) -> Option<&Resource> {
        match self {
            Self::Server => None,
            Self::Api { resource, .. } => Some(resource),
            Self::Organization { resource, .. } => Some(resource),
        }
    }

    /// The organization that a token for an API is confined to.
    pub(super) const fn organization_id(&self) -> Option<&'r str> {
        match self {
            Self::Api {
                organization_id, ..
            } => *organization_id,
            _ => None,
        }
    }

    /// The organization that the token is for, or confined to.
    pub(super) const fn organization(&self) -> Option<&'r str> {
        match self {
            Self::Organization { id, .. } => Some(id),
            _ => self.organization_id(),
        }
    }

    /// What of `granted` the token carries: what the person's roles give at this moment.
    pub(super) async fn scope(
        &self,
        tx: &mut Tx,
        request: &ClientRequest,
        subject: &Subject,
        granted: &ScopeSet,
    ) -> Result<ScopeSet, OidcError> {
        Ok(match self {
            Self::Server => access_token::opaque_scope(granted),
            Self::Api {
                resource,
                organization_id,
            } => {
                let held = held(tx, request, subject, resource, *organization_id).await?;
                access_token::resource_scope(granted, &set(&held))
            }
            Self::Organization { id, .. } => {
                let member = Member::User(&subject.user.id);
                let mut held = membership::scopes(tx, &request.tenant.id, id, member).await?;
                if request.client().is_third_party {
                    let allowed = request.application.consentable.of_organization();
                    held.retain(|scope| allowed.contains(scope));
                }
                organization::scope(granted, &set(&held))
            }
        })
    }
}

async fn membership(
    tx: &mut Tx,
    request: &ClientRequest,
    subject: &Subject,
    organization_id: &str,
) -> Result<Option<Membership>, OidcError> {
    let (tenant_id, client_id) = (&request.tenant.id, &request.client().id);
    let user_id = &subject.user.id;
    let with = (client_id.as_str(), subject.grant.id.as_str());
    Ok(membership::of_user(tx, tenant_id, organization_id, user_id, with).await?)
}

/// The scopes of an API that the person's roles give: those in the organization, or else those of the tenant and in any organization.
async fn held(
    tx: &mut Tx,
    request: &ClientRequest,
    subject: &Subject,
    resource: &Resource,
    organization_id: Option<&str>,
) -> Result<Vec<String>, OidcError> {
    let (tenant_id, client) = (&request.tenant.id, request.client());
    let (user_id, indicator) = (&subject.user.id, &resource.indicator);
    let mut held = if let Some(id) = organization_id {
        let member = Member::User(user_id);
        membership::resource_scopes(tx, tenant_id, id, member, indicator).await?
    } else {
        let mut held = store::role::scopes_of_user(&mut *tx, tenant_id, user_id, indicator).await?;
        if !client.is_third_party {
            held.extend(
                membership::resource_scopes_anywhere(tx, tenant_id, user_id, indicator).await?,
            );
        }
        held
    };
    if client.is_third_party {
        let consentable = &request.application.consentable;
        let allowed = consentable.of_api(indicator, organization_id.is_some());
        held.retain(|scope| allowed.contains(scope));
    }
    Ok(held)
}

/// The organization that a request names.
pub(super) fn organization_id(request: &ClientRequest) -> Result<Option<&str>, OAuthError> {
    let named = request.parameters.one("organization_id")?;
    Ok(named.filter(|id| !id.is_empty()))
}

/// The APIs that a request names.
pub(super) fn indicators(request: &ClientRequest) -> Vec<String> {
    let ClientRequest {
        tenant, parameters, ..
    } = request;
    let named = parameters.all("resource").chain(parameters.all("audience"));
    let mut indicators = resource::indicators(named, &tenant.issuer);
    indicators.retain(|indicator| indicator != organization::RESOURCE);
    indicators
}

fn api<'r>(
    request: &'r ClientRequest,
    subject: &Subject,
) -> Result<Option<&'r Resource>, OAuthError> {
    resource::choose(
        &indicators(request),
        &subject.grant,
        request.client(),
        |indicator| request.tenant.resource(indicator),
    )
}

fn set(names: &[String]) -> ScopeSet {
    names.iter().map(String::as_str).collect()
}
