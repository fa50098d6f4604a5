-- Columns are TEXT, BIGINT (seconds), BOOLEAN and BYTEA only, so that one text serves SQLite and PostgreSQL.
CREATE TABLE tenants (
  id TEXT PRIMARY KEY,
  created_at BIGINT NOT NULL
);

CREATE TABLE systems (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE configs (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (tenant_id, key)
);

-- private_key is PKCS#8 encrypted with the vault key; status is next, current or previous for its algorithm.
CREATE TABLE signing_keys (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  private_key BYTEA NOT NULL,
  status TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE cookie_keys (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  value BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

-- The _key columns hold the value in lower case: LIKE minds case on PostgreSQL and not on SQLite.
CREATE TABLE users (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  username TEXT,
  username_key TEXT,
  primary_email TEXT,
  primary_email_key TEXT,
  primary_phone TEXT,
  password_digest TEXT,
  password_algorithm TEXT,
  password_updated_at BIGINT,
  name TEXT,
  name_key TEXT,
  avatar TEXT,
  profile TEXT NOT NULL DEFAULT '{}',
  custom_data TEXT NOT NULL DEFAULT '{}',
  logto_config TEXT NOT NULL DEFAULT '{}',
  application_id TEXT,
  is_suspended BOOLEAN NOT NULL DEFAULT FALSE,
  last_sign_in_at BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX users_username ON users (tenant_id, username);
CREATE INDEX users_username_key ON users (tenant_id, username_key);
CREATE UNIQUE INDEX users_primary_email ON users (tenant_id, primary_email_key);
CREATE UNIQUE INDEX users_primary_phone ON users (tenant_id, primary_phone);
CREATE INDEX users_created_at ON users (tenant_id, created_at, id);

CREATE TABLE user_identities (
  tenant_id TEXT NOT NULL,
  target TEXT NOT NULL,
  identity_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  details TEXT NOT NULL DEFAULT '{}',
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, target, identity_id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX user_identities_user ON user_identities (tenant_id, user_id, target);

CREATE TABLE applications (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  description TEXT,
  type TEXT NOT NULL,
  is_third_party BOOLEAN NOT NULL DEFAULT FALSE,
  oidc_client_metadata TEXT NOT NULL DEFAULT '{}',
  custom_client_metadata TEXT NOT NULL DEFAULT '{}',
  custom_data TEXT NOT NULL DEFAULT '{}',
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

-- value is the secret encrypted with the vault key (Logto's API shows it again); hash is its SHA-256, what requests are compared with.
CREATE TABLE application_secrets (
  tenant_id TEXT NOT NULL,
  application_id TEXT NOT NULL,
  name TEXT NOT NULL,
  value BYTEA NOT NULL,
  hash TEXT NOT NULL,
  expires_at BIGINT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, application_id, name),
  FOREIGN KEY (tenant_id, application_id) REFERENCES applications (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE resources (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  indicator TEXT NOT NULL,
  is_default BOOLEAN NOT NULL DEFAULT FALSE,
  access_token_ttl BIGINT NOT NULL DEFAULT 3600,
  signing_algorithm TEXT,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX resources_indicator ON resources (tenant_id, indicator);

CREATE TABLE scopes (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, resource_id) REFERENCES resources (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX scopes_name ON scopes (tenant_id, resource_id, name);

-- type is User or MachineToMachine.
CREATE TABLE roles (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  type TEXT NOT NULL,
  is_default BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX roles_name ON roles (tenant_id, name);

CREATE TABLE roles_scopes (
  tenant_id TEXT NOT NULL,
  role_id TEXT NOT NULL,
  scope_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, role_id, scope_id),
  FOREIGN KEY (tenant_id, role_id) REFERENCES roles (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, scope_id) REFERENCES scopes (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX roles_scopes_scope ON roles_scopes (tenant_id, scope_id);

CREATE TABLE users_roles (
  tenant_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  role_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, user_id, role_id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, role_id) REFERENCES roles (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX users_roles_role ON users_roles (tenant_id, role_id);

CREATE TABLE applications_roles (
  tenant_id TEXT NOT NULL,
  application_id TEXT NOT NULL,
  role_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, application_id, role_id),
  FOREIGN KEY (tenant_id, application_id) REFERENCES applications (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, role_id) REFERENCES roles (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX applications_roles_role ON applications_roles (tenant_id, role_id);

-- config is JSON encrypted with the vault key.
CREATE TABLE connectors (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  connector_id TEXT NOT NULL,
  target TEXT NOT NULL,
  config BYTEA NOT NULL,
  metadata TEXT NOT NULL DEFAULT '{}',
  sync_profile BOOLEAN NOT NULL DEFAULT FALSE,
  enable_token_storage BOOLEAN NOT NULL DEFAULT FALSE,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE sign_in_experiences (
  tenant_id TEXT PRIMARY KEY REFERENCES tenants (id) ON DELETE CASCADE,
  value TEXT NOT NULL
);

-- id is public (the sid claim); secret_hash is what the cookie proves.
CREATE TABLE sessions (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  user_id TEXT NOT NULL,
  authenticated_at BIGINT NOT NULL,
  amr TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX sessions_secret ON sessions (tenant_id, secret_hash);
CREATE INDEX sessions_user ON sessions (tenant_id, user_id);
CREATE INDEX sessions_expires_at ON sessions (expires_at);

-- A sign-in in progress. browser_hash binds it to the browser that began it.
CREATE TABLE interactions (
  tenant_id TEXT NOT NULL,
  id_hash TEXT NOT NULL,
  browser_hash TEXT NOT NULL,
  value TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id_hash)
);
CREATE INDEX interactions_browser ON interactions (tenant_id, browser_hash, created_at);
CREATE INDEX interactions_expires_at ON interactions (expires_at);

CREATE TABLE consents (
  tenant_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  application_id TEXT NOT NULL,
  scope TEXT NOT NULL,
  resources TEXT NOT NULL DEFAULT '[]',
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, user_id, application_id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, application_id) REFERENCES applications (tenant_id, id) ON DELETE CASCADE
);

-- application_id has no foreign key: built-in applications (the demo) have no row. outlives_session: offline_access was granted.
CREATE TABLE grants (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  application_id TEXT NOT NULL,
  session_id TEXT,
  scope TEXT NOT NULL,
  resources TEXT NOT NULL DEFAULT '[]',
  auth_time BIGINT NOT NULL,
  nonce TEXT,
  claims TEXT,
  outlives_session BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX grants_user ON grants (tenant_id, user_id, application_id);
CREATE INDEX grants_session ON grants (tenant_id, session_id);
CREATE INDEX grants_expires_at ON grants (expires_at);

CREATE TABLE authorization_codes (
  tenant_id TEXT NOT NULL,
  hash TEXT NOT NULL,
  grant_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  redirect_uri TEXT,
  code_challenge TEXT,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  PRIMARY KEY (tenant_id, hash),
  FOREIGN KEY (tenant_id, grant_id) REFERENCES grants (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX authorization_codes_grant ON authorization_codes (tenant_id, grant_id);
CREATE INDEX authorization_codes_expires_at ON authorization_codes (expires_at);

CREATE TABLE refresh_tokens (
  tenant_id TEXT NOT NULL,
  hash TEXT NOT NULL,
  grant_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  family_started_at BIGINT NOT NULL,
  issued_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  rotated_at BIGINT,
  PRIMARY KEY (tenant_id, hash),
  FOREIGN KEY (tenant_id, grant_id) REFERENCES grants (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX refresh_tokens_grant ON refresh_tokens (tenant_id, grant_id);
CREATE INDEX refresh_tokens_expires_at ON refresh_tokens (expires_at);

CREATE TABLE access_tokens (
  tenant_id TEXT NOT NULL,
  hash TEXT NOT NULL,
  grant_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  scope TEXT NOT NULL,
  issued_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, hash),
  FOREIGN KEY (tenant_id, grant_id) REFERENCES grants (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX access_tokens_grant ON access_tokens (tenant_id, grant_id);
CREATE INDEX access_tokens_expires_at ON access_tokens (expires_at);

CREATE TABLE pushed_requests (
  tenant_id TEXT NOT NULL,
  hash TEXT NOT NULL,
  client_id TEXT NOT NULL,
  parameters TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  PRIMARY KEY (tenant_id, hash)
);
CREATE INDEX pushed_requests_expires_at ON pushed_requests (expires_at);

-- One-time links: purpose is first_administrator for now.
CREATE TABLE one_time_links (
  tenant_id TEXT NOT NULL,
  hash TEXT NOT NULL,
  purpose TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  PRIMARY KEY (tenant_id, hash)
);
CREATE INDEX one_time_links_expires_at ON one_time_links (expires_at);

-- One row per account (or typed identifier that belongs to none): failures in the running window and the lock they led to.
CREATE TABLE failed_attempts (
  tenant_id TEXT NOT NULL,
  bucket TEXT NOT NULL,
  failures BIGINT NOT NULL,
  window_started_at BIGINT NOT NULL,
  locked_until BIGINT,
  PRIMARY KEY (tenant_id, bucket)
);
CREATE INDEX failed_attempts_window ON failed_attempts (window_started_at);

-- Calls to the outside that must not be lost: back-channel logout now.
CREATE TABLE deliveries (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  url TEXT NOT NULL,
  body TEXT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  next_attempt_at BIGINT NOT NULL,
  last_error TEXT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX deliveries_next_attempt_at ON deliveries (next_attempt_at);
