// A program that acts for itself: client credentials for an API.
import * as client from 'openid-client';

const env = process.env;
const config = await client.discovery(new URL(env.OIDC_ISSUER), env.OIDC_CLIENT_ID, env.OIDC_CLIENT_SECRET, undefined, { execute: [client.allowInsecureRequests] });
const tokens = await client.clientCredentialsGrant(config, { [process.argv[2] ?? 'resource']: env.OIDC_AUDIENCE });
console.log(JSON.stringify({ tokens, jwksUri: config.serverMetadata().jwks_uri, issuer: config.serverMetadata().issuer }));
