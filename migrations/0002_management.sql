-- What the Management API manages beyond the first migration. `logs` alone counts in milliseconds: its time filters do.
ALTER TABLE users ADD COLUMN is_password_expired BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE users ADD COLUMN cimd_client_id TEXT;
ALTER TABLE access_tokens ADD COLUMN custom_claims TEXT;
ALTER TABLE applications ADD COLUMN app_level_access_control_enabled BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX applications_created_at ON applications (tenant_id, created_at, id);
CREATE INDEX scopes_resource ON scopes (tenant_id, resource_id, created_at, id);

-- value is the entry of one factor (a TOTP key, a passkey, backup codes), sealed by the vault.
CREATE TABLE mfa_verifications (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  type TEXT NOT NULL,
  value BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  last_used_at BIGINT,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX mfa_verifications_user ON mfa_verifications (tenant_id, user_id, created_at, id);
-- A user has one authenticator app and one set of backup codes.
CREATE UNIQUE INDEX mfa_verifications_single ON mfa_verifications (tenant_id, user_id, type) WHERE type IN ('Totp', 'BackupCode');

-- value is the token sealed by the vault (Logto's API shows it again); hash is what requests are compared with.
CREATE TABLE personal_access_tokens (
  tenant_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  value BYTEA NOT NULL,
  hash TEXT NOT NULL,
  expires_at BIGINT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, user_id, name),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX personal_access_tokens_hash ON personal_access_tokens (tenant_id, hash);

CREATE TABLE subject_tokens (
  tenant_id TEXT NOT NULL,
  hash TEXT NOT NULL,
  user_id TEXT NOT NULL,
  creator_id TEXT NOT NULL,
  context TEXT NOT NULL DEFAULT '{}',
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  PRIMARY KEY (tenant_id, hash),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX subject_tokens_expires_at ON subject_tokens (expires_at);
CREATE INDEX subject_tokens_user ON subject_tokens (tenant_id, user_id);

-- config is JSON sealed by the vault; domains is a JSON list of lower-case names.
CREATE TABLE sso_connectors (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  provider_name TEXT NOT NULL,
  connector_name TEXT NOT NULL,
  config BYTEA NOT NULL,
  domains TEXT NOT NULL DEFAULT '[]',
  branding TEXT NOT NULL DEFAULT '{}',
  sync_profile BOOLEAN NOT NULL DEFAULT FALSE,
  enable_token_storage BOOLEAN NOT NULL DEFAULT FALSE,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX sso_connectors_name ON sso_connectors (tenant_id, connector_name);

-- private_key is PKCS#8 sealed by the vault.
CREATE TABLE sso_connector_signing_keys (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  sso_connector_id TEXT NOT NULL,
  certificate TEXT NOT NULL,
  private_key BYTEA NOT NULL,
  active BOOLEAN NOT NULL DEFAULT FALSE,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, sso_connector_id) REFERENCES sso_connectors (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX sso_connector_signing_keys_connector ON sso_connector_signing_keys (tenant_id, sso_connector_id);
CREATE UNIQUE INDEX sso_connector_signing_keys_active ON sso_connector_signing_keys (tenant_id, sso_connector_id) WHERE active;

CREATE TABLE user_sso_identities (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  issuer TEXT NOT NULL,
  identity_id TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT '{}',
  sso_connector_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, sso_connector_id) REFERENCES sso_connectors (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX user_sso_identities_issuer ON user_sso_identities (tenant_id, issuer, identity_id);
CREATE INDEX user_sso_identities_user ON user_sso_identities (tenant_id, user_id);
CREATE INDEX user_sso_identities_connector ON user_sso_identities (tenant_id, sso_connector_id);

-- Tokens of other providers, sealed by the vault. target names a social provider, sso_connector_id an enterprise one.
CREATE TABLE secrets (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  type TEXT NOT NULL,
  value BYTEA NOT NULL,
  metadata TEXT NOT NULL DEFAULT '{}',
  connector_id TEXT,
  target TEXT,
  sso_connector_id TEXT,
  issuer TEXT,
  identity_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, connector_id) REFERENCES connectors (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, sso_connector_id) REFERENCES sso_connectors (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX secrets_social ON secrets (tenant_id, user_id, target);
CREATE UNIQUE INDEX secrets_sso ON secrets (tenant_id, user_id, sso_connector_id);
CREATE INDEX secrets_connector ON secrets (tenant_id, connector_id);
CREATE INDEX secrets_sso_connector ON secrets (tenant_id, sso_connector_id);

-- name_key holds the name in lower case, see users.
CREATE TABLE organizations (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  description TEXT,
  custom_data TEXT NOT NULL DEFAULT '{}',
  is_mfa_required BOOLEAN NOT NULL DEFAULT FALSE,
  color TEXT NOT NULL DEFAULT '{}',
  branding TEXT NOT NULL DEFAULT '{}',
  custom_css TEXT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX organizations_created_at ON organizations (tenant_id, created_at, id);

-- type is User or MachineToMachine.
CREATE TABLE organization_roles (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  description TEXT,
  type TEXT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX organization_roles_name ON organization_roles (tenant_id, name);

CREATE TABLE organization_scopes (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  description TEXT,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX organization_scopes_name ON organization_scopes (tenant_id, name);

CREATE TABLE organization_role_scopes (
  tenant_id TEXT NOT NULL,
  organization_role_id TEXT NOT NULL,
  organization_scope_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, organization_role_id, organization_scope_id),
  FOREIGN KEY (tenant_id, organization_role_id) REFERENCES organization_roles (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, organization_scope_id) REFERENCES organization_scopes (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX organization_role_scopes_scope ON organization_role_scopes (tenant_id, organization_scope_id);

CREATE TABLE organization_role_resource_scopes (
  tenant_id TEXT NOT NULL,
  organization_role_id TEXT NOT NULL,
  scope_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, organization_role_id, scope_id),
  FOREIGN KEY (tenant_id, organization_role_id) REFERENCES organization_roles (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, scope_id) REFERENCES scopes (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX organization_role_resource_scopes_scope ON organization_role_resource_scopes (tenant_id, scope_id);

CREATE TABLE organization_users (
  tenant_id TEXT NOT NULL,
  organization_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, organization_id, user_id),
  FOREIGN KEY (tenant_id, organization_id) REFERENCES organizations (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX organization_users_user ON organization_users (tenant_id, user_id);

CREATE TABLE organization_user_roles (
  tenant_id TEXT NOT NULL,
  organization_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  organization_role_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, organization_id, user_id, organization_role_id),
  FOREIGN KEY (tenant_id, organization_id, user_id)
    REFERENCES organization_users (tenant_id, organization_id, user_id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, organization_role_id) REFERENCES organization_roles (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX organization_user_roles_role ON organization_user_roles (tenant_id, organization_role_id);
CREATE INDEX organization_user_roles_user ON organization_user_roles (tenant_id, user_id);

CREATE TABLE organization_applications (
  tenant_id TEXT NOT NULL,
  organization_id TEXT NOT NULL,
  application_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, organization_id, application_id),
  FOREIGN KEY (tenant_id, organization_id) REFERENCES organizations (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, application_id) REFERENCES applications (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX organization_applications_application ON organization_applications (tenant_id, application_id);

CREATE TABLE organization_application_roles (
  tenant_id TEXT NOT NULL,
  organization_id TEXT NOT NULL,
  application_id TEXT NOT NULL,
  organization_role_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, organization_id, application_id, organization_role_id),
  FOREIGN KEY (tenant_id, organization_id, application_id)
    REFERENCES organization_applications (tenant_id, organization_id, application_id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, organization_role_id) REFERENCES organization_roles (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX organization_application_roles_role ON organization_application_roles (tenant_id, organization_role_id);
CREATE INDEX organization_application_roles_application ON organization_application_roles (tenant_id, application_id);

CREATE TABLE organization_jit_email_domains (
  tenant_id TEXT NOT NULL,
  organization_id TEXT NOT NULL,
  email_domain TEXT NOT NULL,
  PRIMARY KEY (tenant_id, organization_id, email_domain),
  FOREIGN KEY (tenant_id, organization_id) REFERENCES organizations (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX organization_jit_email_domains_domain ON organization_jit_email_domains (tenant_id, email_domain);

CREATE TABLE organization_jit_roles (
  tenant_id TEXT NOT NULL,
  organization_id TEXT NOT NULL,
  organization_role_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, organization_id, organization_role_id),
  FOREIGN KEY (tenant_id, organization_id) REFERENCES organizations (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, organization_role_id) REFERENCES organization_roles (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX organization_jit_roles_role ON organization_jit_roles (tenant_id, organization_role_id);

CREATE TABLE organization_jit_sso_connectors (
  tenant_id TEXT NOT NULL,
  organization_id TEXT NOT NULL,
  sso_connector_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, organization_id, sso_connector_id),
  FOREIGN KEY (tenant_id, organization_id) REFERENCES organizations (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, sso_connector_id) REFERENCES sso_connectors (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX organization_jit_sso_connectors_connector ON organization_jit_sso_connectors (tenant_id, sso_connector_id);

-- status is Pending, Accepted or Revoked; what is past expires_at shows as Expired.
CREATE TABLE organization_invitations (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  inviter_id TEXT,
  invitee TEXT NOT NULL,
  invitee_key TEXT NOT NULL,
  accepted_user_id TEXT,
  organization_id TEXT NOT NULL,
  status TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, organization_id) REFERENCES organizations (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX organization_invitations_pending ON organization_invitations (tenant_id, organization_id, invitee_key) WHERE status = 'Pending';
CREATE INDEX organization_invitations_created_at ON organization_invitations (tenant_id, created_at, id);
CREATE INDEX organization_invitations_organization ON organization_invitations (tenant_id, organization_id);

CREATE TABLE organization_invitation_roles (
  tenant_id TEXT NOT NULL,
  organization_invitation_id TEXT NOT NULL,
  organization_role_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, organization_invitation_id, organization_role_id),
  FOREIGN KEY (tenant_id, organization_invitation_id) REFERENCES organization_invitations (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, organization_role_id) REFERENCES organization_roles (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX organization_invitation_roles_role ON organization_invitation_roles (tenant_id, organization_role_id);

-- value is the JSON of what the application shows instead of the tenant's sign-in experience.
CREATE TABLE application_sign_in_experiences (
  tenant_id TEXT NOT NULL,
  application_id TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (tenant_id, application_id),
  FOREIGN KEY (tenant_id, application_id) REFERENCES applications (tenant_id, id) ON DELETE CASCADE
);

-- What a third-party application may ask people for: four kinds of scopes.
CREATE TABLE application_user_consent_organization_scopes (
  tenant_id TEXT NOT NULL,
  application_id TEXT NOT NULL,
  organization_scope_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, application_id, organization_scope_id),
  FOREIGN KEY (tenant_id, application_id) REFERENCES applications (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, organization_scope_id) REFERENCES organization_scopes (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX application_user_consent_organization_scopes_scope
  ON application_user_consent_organization_scopes (tenant_id, organization_scope_id);

CREATE TABLE application_user_consent_resource_scopes (
  tenant_id TEXT NOT NULL,
  application_id TEXT NOT NULL,
  scope_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, application_id, scope_id),
  FOREIGN KEY (tenant_id, application_id) REFERENCES applications (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, scope_id) REFERENCES scopes (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX application_user_consent_resource_scopes_scope ON application_user_consent_resource_scopes (tenant_id, scope_id);

CREATE TABLE application_user_consent_organization_resource_scopes (
  tenant_id TEXT NOT NULL,
  application_id TEXT NOT NULL,
  scope_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, application_id, scope_id),
  FOREIGN KEY (tenant_id, application_id) REFERENCES applications (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, scope_id) REFERENCES scopes (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX application_user_consent_organization_resource_scopes_scope
  ON application_user_consent_organization_resource_scopes (tenant_id, scope_id);

CREATE TABLE application_user_consent_user_scopes (
  tenant_id TEXT NOT NULL,
  application_id TEXT NOT NULL,
  user_scope TEXT NOT NULL,
  PRIMARY KEY (tenant_id, application_id, user_scope),
  FOREIGN KEY (tenant_id, application_id) REFERENCES applications (tenant_id, id) ON DELETE CASCADE
);

-- The organizations that a person lets a third-party application act in; leaving the organization takes it back.
CREATE TABLE application_user_consent_organizations (
  tenant_id TEXT NOT NULL,
  application_id TEXT NOT NULL,
  organization_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, application_id, organization_id, user_id),
  FOREIGN KEY (tenant_id, application_id) REFERENCES applications (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, organization_id, user_id)
    REFERENCES organization_users (tenant_id, organization_id, user_id) ON DELETE CASCADE
);
CREATE INDEX application_user_consent_organizations_user ON application_user_consent_organizations (tenant_id, user_id, application_id);

-- Who may use an application whose access control is on: one row, one rule.
CREATE TABLE application_access_users (
  tenant_id TEXT NOT NULL,
  application_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, application_id, user_id),
  FOREIGN KEY (tenant_id, application_id) REFERENCES applications (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX application_access_users_user ON application_access_users (tenant_id, user_id);

CREATE TABLE application_access_roles (
  tenant_id TEXT NOT NULL,
  application_id TEXT NOT NULL,
  role_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, application_id, role_id),
  FOREIGN KEY (tenant_id, application_id) REFERENCES applications (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, role_id) REFERENCES roles (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX application_access_roles_role ON application_access_roles (tenant_id, role_id);

CREATE TABLE application_access_organizations (
  tenant_id TEXT NOT NULL,
  application_id TEXT NOT NULL,
  organization_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, application_id, organization_id),
  FOREIGN KEY (tenant_id, application_id) REFERENCES applications (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, organization_id) REFERENCES organizations (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX application_access_organizations_organization ON application_access_organizations (tenant_id, organization_id);

CREATE TABLE application_access_organization_roles (
  tenant_id TEXT NOT NULL,
  application_id TEXT NOT NULL,
  organization_id TEXT NOT NULL,
  organization_role_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, application_id, organization_id, organization_role_id),
  FOREIGN KEY (tenant_id, application_id) REFERENCES applications (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, organization_id) REFERENCES organizations (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, organization_role_id) REFERENCES organization_roles (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX application_access_organization_roles_organization ON application_access_organization_roles (tenant_id, organization_id);
CREATE INDEX application_access_organization_roles_role ON application_access_organization_roles (tenant_id, organization_role_id);

CREATE TABLE custom_phrases (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  language_tag TEXT NOT NULL,
  translation TEXT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX custom_phrases_language ON custom_phrases (tenant_id, language_tag);

CREATE TABLE custom_profile_fields (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  label TEXT NOT NULL DEFAULT '',
  description TEXT,
  required BOOLEAN NOT NULL DEFAULT FALSE,
  config TEXT NOT NULL DEFAULT '{}',
  sie_order BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX custom_profile_fields_name ON custom_profile_fields (tenant_id, name);

CREATE TABLE email_templates (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  language_tag TEXT NOT NULL,
  template_type TEXT NOT NULL,
  details TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX email_templates_type ON email_templates (tenant_id, language_tag, template_type);

CREATE TABLE account_centers (
  tenant_id TEXT PRIMARY KEY REFERENCES tenants (id) ON DELETE CASCADE,
  value TEXT NOT NULL
);

-- config is JSON sealed by the vault.
CREATE TABLE captcha_providers (
  tenant_id TEXT PRIMARY KEY REFERENCES tenants (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  config BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

-- token is sealed by the vault (the API shows it again); status is active, consumed or revoked; what is past expires_at shows as expired.
CREATE TABLE one_time_tokens (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  token BYTEA NOT NULL,
  hash TEXT NOT NULL,
  context TEXT NOT NULL DEFAULT '{}',
  status TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX one_time_tokens_hash ON one_time_tokens (tenant_id, hash);
CREATE INDEX one_time_tokens_email ON one_time_tokens (tenant_id, email_key);
CREATE INDEX one_time_tokens_expires_at ON one_time_tokens (expires_at);

-- Codes sent by e-mail or SMS. recipient is an address in lower case or a number; purpose is the template's type.
CREATE TABLE verification_codes (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  recipient TEXT NOT NULL,
  purpose TEXT NOT NULL,
  interaction TEXT NOT NULL DEFAULT '',
  code_hash TEXT NOT NULL,
  tries BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX verification_codes_open ON verification_codes (tenant_id, recipient, purpose, interaction) WHERE used_at IS NULL;
CREATE INDEX verification_codes_expires_at ON verification_codes (expires_at);

-- What people have just proven of themselves at /me: subject is "password" or an address in lower case.
CREATE TABLE verification_statuses (
  tenant_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  verified_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, user_id, subject),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);

-- How often something was done to one recipient, in windows of a fixed length: message sending.
CREATE TABLE rate_limits (
  tenant_id TEXT NOT NULL,
  bucket TEXT NOT NULL,
  count BIGINT NOT NULL,
  window_started_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, bucket)
);
CREATE INDEX rate_limits_window ON rate_limits (window_started_at);

-- signing_key is sealed by the vault.
-- config is JSON sealed by the vault: its headers may be secret. events is a JSON list.
CREATE TABLE hooks (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  event TEXT,
  events TEXT NOT NULL DEFAULT '[]',
  config BYTEA NOT NULL,
  signing_key BYTEA NOT NULL,
  enabled BOOLEAN NOT NULL DEFAULT TRUE,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX hooks_created_at ON hooks (tenant_id, created_at, id);

-- The queue of webhooks. sequence orders what concerns one subject (a user): the next goes out when the one before is done.
-- next_attempt_at is moved on by whoever takes a row: until then it is theirs.
CREATE TABLE hook_deliveries (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  hook_id TEXT NOT NULL,
  event TEXT NOT NULL,
  subject TEXT NOT NULL,
  sequence BIGINT NOT NULL,
  body TEXT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  next_attempt_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, hook_id) REFERENCES hooks (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX hook_deliveries_next_attempt_at ON hook_deliveries (tenant_id, hook_id, next_attempt_at, sequence, id);
CREATE INDEX hook_deliveries_subject ON hook_deliveries (tenant_id, hook_id, subject, sequence, id);

-- created_at is in milliseconds. user_id and application_id are those of audit logs, hook_id that of webhooks' logs (is_audit is
-- false): they are taken out of the payload for the filters, is_success for counting.
CREATE TABLE logs (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  key TEXT NOT NULL,
  payload TEXT NOT NULL,
  user_id TEXT,
  application_id TEXT,
  hook_id TEXT,
  is_audit BOOLEAN NOT NULL,
  is_success BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX logs_created_at ON logs (tenant_id, is_audit, created_at, id);
CREATE INDEX logs_key ON logs (tenant_id, key, created_at, id) WHERE is_audit = TRUE;
CREATE INDEX logs_user ON logs (tenant_id, user_id, created_at, id) WHERE user_id IS NOT NULL;
CREATE INDEX logs_application ON logs (tenant_id, application_id, created_at, id) WHERE application_id IS NOT NULL;
CREATE INDEX logs_hook ON logs (tenant_id, hook_id, created_at, id) WHERE hook_id IS NOT NULL;

-- One row for each day (of UTC, counted from 1970) on which a user was active.
CREATE TABLE daily_active_users (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  day BIGINT NOT NULL,
  user_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, day, user_id)
);

-- state is pending, granted or denied.
CREATE TABLE device_codes (
  tenant_id TEXT NOT NULL,
  hash TEXT NOT NULL,
  user_code TEXT NOT NULL,
  client_id TEXT NOT NULL,
  parameters TEXT NOT NULL,
  state TEXT NOT NULL,
  grant_id TEXT,
  last_polled_at BIGINT,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  PRIMARY KEY (tenant_id, hash),
  FOREIGN KEY (tenant_id, grant_id) REFERENCES grants (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX device_codes_user_code ON device_codes (tenant_id, user_code);
CREATE INDEX device_codes_grant ON device_codes (tenant_id, grant_id);
CREATE INDEX device_codes_expires_at ON device_codes (expires_at);

CREATE TABLE saml_applications (
  tenant_id TEXT NOT NULL,
  application_id TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (tenant_id, application_id),
  FOREIGN KEY (tenant_id, application_id) REFERENCES applications (tenant_id, id) ON DELETE CASCADE
);
