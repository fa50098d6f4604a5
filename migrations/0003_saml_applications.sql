-- What service providers know their answers by; what is registered of them stands in saml_applications. private_key is PKCS#8 sealed by the vault.
CREATE TABLE saml_application_secrets (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  application_id TEXT NOT NULL,
  certificate TEXT NOT NULL,
  private_key BYTEA NOT NULL,
  active BOOLEAN NOT NULL DEFAULT FALSE,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, application_id) REFERENCES applications (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX saml_application_secrets_application ON saml_application_secrets (tenant_id, application_id, created_at, id);
CREATE UNIQUE INDEX saml_application_secrets_active ON saml_application_secrets (tenant_id, application_id) WHERE active;

-- A service provider's request while its person signs in: state_hash is that of the authorization request's state, browser_hash binds
-- it to the browser that brought it. Answering takes the row away.
CREATE TABLE saml_sessions (
  tenant_id TEXT NOT NULL,
  state_hash TEXT NOT NULL,
  browser_hash TEXT NOT NULL,
  application_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  relay_state TEXT,
  is_passive BOOLEAN NOT NULL DEFAULT FALSE,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, state_hash),
  FOREIGN KEY (tenant_id, application_id) REFERENCES applications (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX saml_sessions_application ON saml_sessions (tenant_id, application_id);
CREATE INDEX saml_sessions_expires_at ON saml_sessions (expires_at);
