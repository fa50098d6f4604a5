DROP TABLE saml_sessions;
DROP TABLE saml_application_secrets;
