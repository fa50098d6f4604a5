// A public client in the browser: openid-client with PKCE and no secret.
// It talks to the token endpoint from the page, so CORS is part of what is shown.
import * as client from '/modules/openid-client/build/index.js';

const env = await (await fetch('/env.json')).json();
const show = (state, result) => {
  document.querySelector('#state').textContent = state;
  document.querySelector('#result').textContent = JSON.stringify(result, null, 1);
};
const config = await client.discovery(new URL(env.OIDC_ISSUER), env.OIDC_CLIENT_ID, undefined, client.None(), { execute: [client.allowInsecureRequests] });

async function signIn(parameters = {}) {
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const nonce = client.randomNonce();
  sessionStorage.setItem('request', JSON.stringify({ verifier, state, nonce }));
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: env.OIDC_REDIRECT_URI,
    scope: env.OIDC_SCOPE,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...(env.OIDC_AUDIENCE ? { audience: env.OIDC_AUDIENCE } : {}),
    ...parameters,
  });
  location.assign(url);
}

async function finish() {
  const { verifier, state, nonce } = JSON.parse(sessionStorage.getItem('request'));
  const tokens = await client.authorizationCodeGrant(config, new URL(location.href), { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true });
  sessionStorage.setItem('tokens', JSON.stringify({ ...tokens, sub: tokens.claims().sub, claims: tokens.claims() }));
  const user = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
  show('signed in', { user, claims: tokens.claims(), tokens });
}

async function refresh() {
  const kept = JSON.parse(sessionStorage.getItem('tokens'));
  const tokens = await client.refreshTokenGrant(config, kept.refresh_token);
  sessionStorage.setItem('tokens', JSON.stringify({ ...kept, ...tokens }));
  return { ...tokens, claims: tokens.claims() };
}

async function signOut() {
  const kept = JSON.parse(sessionStorage.getItem('tokens'));
  await client.tokenRevocation(config, kept.refresh_token);
  sessionStorage.clear();
  location.assign(client.buildEndSessionUrl(config, { post_logout_redirect_uri: location.origin, id_token_hint: kept.id_token }));
}

Object.assign(window, { signIn, refresh, signOut });
const answer = new URLSearchParams(location.search);
if (answer.has('code')) {
  await finish().catch((error) => show('failed', { message: error.message, code: error.code, error: error.error, cause: String(error.cause) }));
} else if (answer.has('error')) {
  show('refused', Object.fromEntries(answer));
} else {
  show('signed out', {});
}
