// An OpenID provider on loopback that Hufu's connector `oidc` is pointed at: the library oidc-provider with its own pages.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

/**
 * @param {{ port: number, clients: object[], people: Record<string, object> }} options people by the name they sign in with
 * @returns {Promise<{ issuer: string, stop: () => Promise<void> }>}
 */
export async function openidProvider({ port, clients, people }) {
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients,
    claims: { openid: ['sub'], profile: ['name', 'picture'], email: ['email', 'email_verified'] },
    // Hufu reads the ID token alone.
    conformIdTokenClaims: false,
    pkce: { required: () => false },
    features: { devInteractions: { enabled: true } },
    findAccount: async (_, id) => (people[id] ? { accountId: id, claims: async () => ({ sub: id, ...people[id] }) } : undefined),
    cookies: { keys: ['a key of a test'] },
  });
  return serve(provider.callback(), port, { issuer });
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
