// A person's sign-in without a browser, for tests that need many of them.
import { createHash, randomBytes } from 'node:crypto';

/** A jar and a `fetch` that keeps to it and does not follow. */
function visitor() {
  const jar = new Map();
  return async (url, init = {}) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', ...init, headers: { ...init.headers, cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      jar.set(name, value);
    }
    return answer;
  };
}

/**
 * Opens the sign-in page; what comes back sends its form.
 * @returns {Promise<{ send: (identifier: string, password: string) => Promise<Response>, visit: Function, verifier: string }>}
 */
export async function signInForm(hufu, client) {
  const visit = visitor();
  const verifier = randomBytes(32).toString('base64url');
  const authorization = new URL(`${hufu.issuer}/auth`);
  authorization.search = new URLSearchParams({
    client_id: client.id,
    redirect_uri: client.redirectUri,
    response_type: 'code',
    scope: 'openid profile offline_access',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const page = new URL((await visit(authorization)).headers.get('location'), hufu.endpoint);
  const html = await (await visit(page)).text();
  const csrf = /name="csrf" value="([^"]+)"/.exec(html)[1];
  const action = /<form[^>]* action="([^"]+)"/.exec(html)[1].replaceAll('&amp;', '&');
  const send = (identifier, password) =>
    visit(new URL(action, page), { method: 'POST', body: new URLSearchParams({ csrf, identifier, password }), headers: { origin: hufu.endpoint } });
  return { send, visit, verifier };
}

/**
 * Goes through the sign-in page's form and redeems the code.
 * @returns {Promise<{ refresh_token: string, access_token: string, id_token: string }>}
 */
export async function tokensOf(hufu, client, person) {
  const { send, visit, verifier } = await signInForm(hufu, client);
  let answer = await send(person.username, person.password);
  for (let hop = 0; hop < 5; hop += 1) {
    const location = answer.headers.get('location');
    if (!location) throw new Error(`the sign-in stopped with ${answer.status}: ${(await answer.text()).slice(0, 2000)}`);
    const url = new URL(location, hufu.endpoint);
    if (url.searchParams.has('code') && location.startsWith(client.redirectUri)) {
      return token(hufu, client, { grant_type: 'authorization_code', code: url.searchParams.get('code'), redirect_uri: client.redirectUri, code_verifier: verifier });
    }
    answer = await visit(url);
  }
  throw new Error('the sign-in goes round and round');
}

/** Uses a refresh token. */
export function refresh(hufu, client, refreshToken) {
  return token(hufu, client, { grant_type: 'refresh_token', refresh_token: refreshToken });
}

async function token(hufu, client, parameters) {
  const body = new URLSearchParams({ ...parameters, client_id: client.id, client_secret: client.secret });
  const answer = await fetch(`${hufu.issuer}/token`, { method: 'POST', body });
  const tokens = await answer.json();
  if (!answer.ok) throw new Error(`${answer.status} ${JSON.stringify(tokens)}`);
  return tokens;
}
