// An OpenID provider on loopback that Hufu's connector `oidc` is pointed at: the library oidc-provider with its own pages.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import { decode } from '../support/jwt.mjs';

/** Every algorithm that it signs ID tokens with. */
export const idTokenAlgorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/**
 * @param {{ port: number, clients: object[], people: Record<string, object> }} options people by the name they sign in with
 * @returns {Promise<{ issuer: string, answers: object[], stop: () => Promise<void> }>} `answers` tells of each ID token that
 *   was given: for whom, with which algorithm, and how the client had proven itself
 */
export async function openidProvider({ port, clients, people }) {
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients,
    jwks: { keys: keys() },
    enabledJWA: { idTokenSigningAlgValues: idTokenAlgorithms, clientAuthSigningAlgValues: ['HS256', 'HS384', 'HS512'] },
    claims: { openid: ['sub'], profile: ['name', 'picture'], email: ['email', 'email_verified'], phone: ['phone_number', 'phone_number_verified'] },
    // Hufu reads the ID token alone.
    conformIdTokenClaims: false,
    pkce: { required: () => false },
    features: { devInteractions: { enabled: true } },
    findAccount: async (_, id) => (people[id] ? { accountId: id, claims: async () => ({ sub: id, ...people[id] }) } : undefined),
    cookies: { keys: ['a key of a test'] },
  });
  const answers = [];
  provider.on('grant.success', ({ body, oidc }) => {
    const { header } = decode(body.id_token);
    answers.push({ client: oidc.client.clientId, algorithm: header.alg, method: oidc.client.clientAuthMethod, assertion: oidc.params.client_assertion });
  });
  return serve(provider.callback(), port, { issuer, answers });
}

/** A key of every kind; the RSA key names no algorithm and serves six. */
function keys() {
  const kinds = [['rsa', { modulusLength: 2048 }], ['ec', { namedCurve: 'P-256' }], ['ec', { namedCurve: 'P-384' }], ['ec', { namedCurve: 'P-521' }], ['ed25519', {}]];
  return kinds.map(([kind, options]) => ({ ...generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' }), use: 'sig', kid: randomUUID() }));
}

/** Signs in at the provider's own pages. */
export async function signInAtOpenid(page, name) {
  await page.locator('input[name=login]').fill(name);
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  // The provider then asks for consent.
  await page.locator('form button[type=submit]:has-text("Continue")').click();
}

/** Serves `listener` on 127.0.0.1. */
export async function serve(listener, port, more = {}) {
  const server = createServer(listener);
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return {
    ...more,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
