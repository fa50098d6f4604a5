// An application on a device: it listens on a loopback port of its choice, opens the browser and waits for the answer (RFC 8252 §7.3).
import { createServer } from 'node:http';
import * as client from 'openid-client';

const env = process.env;
const config = await client.discovery(new URL(env.OIDC_ISSUER), env.OIDC_CLIENT_ID, undefined, client.None(), { execute: [client.allowInsecureRequests] });

const server = createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const redirect = new URL(env.OIDC_REDIRECT_URI);
redirect.port = String(server.address().port);

const verifier = client.randomPKCECodeVerifier();
const state = client.randomState();
const url = client.buildAuthorizationUrl(config, {
  redirect_uri: redirect.href,
  scope: env.OIDC_SCOPE,
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
  state,
});
console.log(`open ${url.href}`);

const answer = await new Promise((resolve) => {
  server.on('request', (request, response) => {
    const at = new URL(request.url, redirect);
    response.setHeader('connection', 'close');
    if (at.pathname !== redirect.pathname) return response.writeHead(404).end();
    response.end('<h1 id="home">You may close this window</h1>');
    resolve(at);
  });
});
server.close();
const tokens = await client.authorizationCodeGrant(config, answer, { pkceCodeVerifier: verifier, expectedState: state, idTokenExpected: true });
const fresh = await client.refreshTokenGrant(config, tokens.refresh_token);
console.log(`done ${JSON.stringify({ claims: tokens.claims(), refreshed: fresh.claims() })}`);
