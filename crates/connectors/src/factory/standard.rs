//! What connectors have to be told that speak a standard (`contract/logto-core.md` §8.2 to §8.4).

use super::{
    field::{Field, address, choice, lines, number, object, switch, text},
    social::{CLIENT_ID, CLIENT_SECRET, scope},
};

const RESPONSE_TYPE: Field = choice("responseType", "Response type", &["code"]).optional();

const GRANT_TYPE: Field = choice("grantType", "Grant type", &["authorization_code"]).optional();

const AUTH_METHOD: Field = choice(
    "tokenEndpointAuthMethod",
    "How the client proves itself",
    &[
        "client_secret_post",
        "client_secret_basic",
        "client_secret_jwt",
    ],
)
.optional();

const ASSERTION_ALGORITHM: Field = choice(
    "clientSecretJwtSigningAlgorithm",
    "How client_secret_jwt is signed",
    &["HS256", "HS384", "HS512"],
)
.optional();

pub(super) const OAUTH2: &[Field] = &[
    address("authorizationEndpoint", "Authorization endpoint"),
    address("tokenEndpoint", "Token endpoint"),
    address("userInfoEndpoint", "User info endpoint"),
    CLIENT_ID,
    CLIENT_SECRET,
    RESPONSE_TYPE,
    GRANT_TYPE,
    AUTH_METHOD,
    ASSERTION_ALGORITHM,
    choice(
        "tokenEndpointResponseType",
        "Form of token answers",
        &["query-string", "json"],
    )
    .optional(),
    text("scope", "Scope").optional(),
    object("profileMap", "Where the profile stands in the user info")
        .optional()
        .plain()
        .like("{\"id\":\"id\",\"email\":\"email\",\"phone\":\"phone\",\"name\":\"name\",\"avatar\":\"avatar\"}"),
    object("customConfig", "Further parameters").optional(),
];

/// The endpoints are not required: with our `issuer` they are discovered.
pub(super) const OIDC: &[Field] = &[
    address("authorizationEndpoint", "Authorization endpoint").optional(),
    address("tokenEndpoint", "Token endpoint").optional(),
    address("issuer", "Issuer, in place of the endpoints").optional(),
    CLIENT_ID,
    CLIENT_SECRET,
    RESPONSE_TYPE,
    GRANT_TYPE,
    AUTH_METHOD,
    ASSERTION_ALGORITHM,
    scope("openid profile email"),
    object("idTokenVerificationConfig", "How ID tokens are checked")
        .optional()
        .plain()
        .like("{\"jwksUri\":\"https://example.com/jwks\"}"),
    object("authRequestOptionalConfig", "Parameters of the request").optional(),
    switch(
        "acceptStringTypedBooleanClaims",
        "Take \"true\" for true in claims",
    ),
    switch("trustUnverifiedEmail", "Trust unverified e-mail addresses"),
    object("customConfig", "Further parameters").optional(),
];

pub(super) const SAML: &[Field] = &[
    text("entityID", "Our entity id"),
    lines("x509Certificate", "Certificate of the identity provider"),
    lines("idpMetadataXml", "Metadata of the identity provider"),
    address("assertionConsumerServiceUrl", "Assertion consumer service"),
    address("signInEndpoint", "Where people sign in").optional(),
    switch("signAuthnRequest", "Sign requests"),
    text("requestSignatureAlgorithm", "Signature algorithm")
        .optional()
        .like("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"),
    lines("privateKey", "Private key").optional().secret(),
    text("privateKeyPass", "Its passphrase").optional().secret(),
    switch("encryptAssertion", "Expect encrypted assertions"),
    lines("encPrivateKey", "Private key for decryption")
        .optional()
        .secret(),
    text("encPrivateKeyPass", "Its passphrase")
        .optional()
        .secret(),
    choice(
        "messageSigningOrder",
        "Order of signing and encrypting",
        &["sign-then-encrypt", "encrypt-then-sign"],
    )
    .optional(),
    text("nameIDFormat", "Format of name ids")
        .optional()
        .like("urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"),
    number("timeout", "Milliseconds to answer in")
        .optional()
        .like("5000"),
    object("profileMap", "Where the profile stands in assertions")
        .optional()
        .plain(),
];
