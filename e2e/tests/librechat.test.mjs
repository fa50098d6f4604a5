import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, startApplication } from '../support/application.mjs';
import { ask, signIn } from '../support/browser.mjs';
import { caddy, nginx, publicAddress } from '../support/https.mjs';
import { Hufu } from '../support/hufu.mjs';
import { decode } from '../support/jwt.mjs';
import { onEachDatabase } from '../support/suite.mjs';

const audience = 'https://api.example.com';

for (const proxy of [caddy, nginx]) {
  onEachDatabase(
    `LibreChat behind ${proxy.name}`,
    (world) => {
      test('signs in, reads the user and reuses the tokens as its own', () =>
        world.page('sign-in', async (page, context) => {
          const { url, person, issuer } = world;
          await signedIn(page, world);
          const session = (await context.cookies(issuer)).find(({ name }) => name === '_session');
          assert.deepEqual([session.secure, session.httpOnly, session.sameSite], [true, true, 'Lax']);

          const { body: kept } = await ask(page, '/api/session');
          assert.equal(kept.user.email, person.email);
          assert.equal(kept.user.name, person.name);
          assert.equal(kept.user.username, person.username);
          assert.equal(kept.user.userinfo.sub, kept.user.claims.sub);

          const id = decode(kept.tokens.id_token);
          assert.deepEqual(Object.keys(id.header).sort(), ['alg', 'kid', 'typ']);
          assert.equal(id.header.alg, 'RS256');
          assert.equal(id.claims.iss, issuer);
          assert.ok(!('nonce' in id.claims), 'no nonce was asked for');

          const access = decode(kept.tokens.access_token);
          assert.equal(access.header.typ, 'at+jwt');
          assert.equal(access.claims.aud, audience);

          for (const token of [kept.tokens.id_token, kept.tokens.access_token]) {
            const { status, body } = await ask(page, '/api/user', { headers: { authorization: `Bearer ${token}` } });
            assert.equal(status, 200, `${url} did not take its own token: ${body}`);
            assert.equal(body.sub, kept.user.claims.sub);
          }
        }));

      test('refreshes with its whole scope, keeps the API of the access token, and gets a new ID token', () =>
        world.page('refresh', async (page) => {
          await signedIn(page, world);
          const { body: before } = await ask(page, '/api/session');
          const { status, body: refreshed } = await ask(page, '/api/auth/refresh', { method: 'POST' });
          assert.equal(status, 200, JSON.stringify(refreshed));
          const { body: after } = await ask(page, '/api/session');
          assert.notEqual(after.tokens.access_token, before.tokens.access_token);
          assert.equal(decode(after.tokens.access_token).claims.aud, audience);
          assert.equal(decode(refreshed.token).claims.sub, before.user.claims.sub);
          const { status: use } = await ask(page, '/api/user', { headers: { authorization: `Bearer ${refreshed.token}` } });
          assert.equal(use, 200);
        }));

      test('three tabs refresh at once, and go on with one successor', () =>
        world.page('three tabs', async (page) => {
          await signedIn(page, world);
          const { body } = await ask(page, '/api/auth/refresh/three-tabs', { method: 'POST' });
          assert.deepEqual(body.errors, []);
          assert.equal(body.succeeded, 3);
          assert.equal(body.successors, 1);
          const { status } = await ask(page, '/api/auth/refresh', { method: 'POST' });
          assert.equal(status, 200);
        }));

      test('signs in again without a question over a live session', () =>
        world.page('single sign-on', async (page, context) => {
          await signedIn(page, world);
          await context.clearCookies({ name: 'librechat.sid' });
          await page.goto(world.url);
          await page.locator('#openid').click();
          await page.locator('#chat').waitFor();
        }));

      test('signs out with id_token_hint, and the next sign-in asks again', () =>
        world.page('sign-out', async (page) => {
          await signedIn(page, world);
          await signOut(page, (redirect) => assert.ok(redirect.searchParams.has('id_token_hint')));
          await page.locator('#openid').click();
          await page.locator('input[name=identifier]').waitFor();
        }));
    },
    behind(proxy),
  );
}

onEachDatabase(
  'LibreChat with short logout addresses',
  (world) => {
    test('signs out with logout_hint and client_id', () =>
      world.page('logout_hint', async (page) => {
        await signedIn(page, world);
        await signOut(page, (redirect) => {
          assert.equal(redirect.searchParams.get('logout_hint'), world.person.email);
          assert.ok(redirect.searchParams.has('client_id') && !redirect.searchParams.has('id_token_hint'));
        });
        await page.locator('#openid').click();
        await page.locator('input[name=identifier]').waitFor();
      }));

    test('signs out with client_id alone', () =>
      world.page('client_id', async (page, context) => {
        await signedIn(page, world);
        // The application has lost its session, Hufu has not.
        await context.clearCookies({ name: 'librechat.sid' });
        await page.goto(`${world.url}/login`);
        await signOut(page, (redirect) => assert.deepEqual([...redirect.searchParams.keys()].sort(), ['client_id', 'post_logout_redirect_uri']));
        await page.locator('#openid').click();
        await page.locator('input[name=identifier]').waitFor();
      }));
  },
  behind(caddy, { OPENID_MAX_LOGOUT_URL_LENGTH: '300', OPENID_GENERATE_NONCE: 'true' }),
);

/** LibreChat refuses an issuer without HTTPS, so Hufu stands behind a proxy. */
function behind(proxy, extra = {}) {
  return {
    async start(database, world) {
      world.issuer = await publicAddress();
      const hufu = await Hufu.start({ database, endpoint: world.issuer, env: { TRUST_PROXY_HEADER: '1' } });
      const server = await proxy(world.issuer, hufu.port);
      world.later(() => server.stop());
      world.authority = server.authority;
      world.issuer = hufu.issuer;
      return hufu;
    },
    async prepare(world) {
      world.url = await address();
      world.person = await world.hufu.createUser({ username: 'ann', name: 'Ann Example' });
      const block = await world.hufu.createApp('librechat', world.url, '--audience', audience);
      const app = await startApplication('librechat/app.mjs', world.url, block, { NODE_EXTRA_CA_CERTS: world.authority, ...extra });
      world.later(() => app.stop());
    },
  };
}

async function signedIn(page, { url, person }) {
  await page.goto(url);
  await page.locator('#openid').click();
  await signIn(page, person);
  await page.locator('#chat').waitFor();
}

async function signOut(page, check) {
  const { body } = await ask(page, '/api/auth/logout', { method: 'POST' });
  check(new URL(body.redirect));
  await page.goto(body.redirect);
  await confirmSignOut(page);
  await page.locator('#login').waitFor();
}

// Without a hint that proves the request, Hufu may ask the person first.
async function confirmSignOut(page) {
  const confirm = page.locator('main form[action*="session/end"] button[type=submit]').first();
  await Promise.race([confirm.waitFor().then(() => confirm.click()), page.locator('#login').waitFor()]);
}
