-- Clients that are known by the address of their metadata document (CIMD): what all of them may ask people for, four kinds of scopes.
CREATE TABLE cimd_user_consent_organization_scopes (
  tenant_id TEXT NOT NULL,
  organization_scope_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, organization_scope_id),
  FOREIGN KEY (tenant_id, organization_scope_id) REFERENCES organization_scopes (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE cimd_user_consent_resource_scopes (
  tenant_id TEXT NOT NULL,
  scope_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, scope_id),
  FOREIGN KEY (tenant_id, scope_id) REFERENCES scopes (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE cimd_user_consent_organization_resource_scopes (
  tenant_id TEXT NOT NULL,
  scope_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, scope_id),
  FOREIGN KEY (tenant_id, scope_id) REFERENCES scopes (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE cimd_user_consent_user_scopes (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  user_scope TEXT NOT NULL,
  PRIMARY KEY (tenant_id, user_scope)
);

-- The one organization that a person let such a client act in, with the grant; leaving the organization takes it back.
CREATE TABLE grant_organizations (
  tenant_id TEXT NOT NULL,
  grant_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  organization_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, grant_id),
  FOREIGN KEY (tenant_id, grant_id) REFERENCES grants (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, organization_id, user_id)
    REFERENCES organization_users (tenant_id, organization_id, user_id) ON DELETE CASCADE
);
CREATE INDEX grant_organizations_member ON grant_organizations (tenant_id, organization_id, user_id);
