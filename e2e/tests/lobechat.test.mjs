import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, startApplication } from '../support/application.mjs';
import { ask, signIn } from '../support/browser.mjs';
import { decode } from '../support/jwt.mjs';
import { onEachDatabase } from '../support/suite.mjs';

onEachDatabase(
  'LobeChat with better-auth',
  (world) => {
    test('signs in, stores the tokens, and refreshes them', () =>
      world.page('sign-in', async (page) => {
        await signInWithBetterAuth(page, world.url);
        await signIn(page, world.person);
        await page.locator('#chat').waitFor();
        const { body } = await ask(page, '/account');
        assert.equal(body.user.email, world.person.email);
        assert.equal(body.user.name, world.person.name);
        assert.ok(body.account.refreshToken, 'offline_access without prompt=consent gives a refresh token');
        assert.equal(decode(body.account.idToken).claims.sub, body.account.accountId);
        const { status, body: fresh } = await ask(page, '/refresh', { method: 'POST' });
        assert.equal(status, 200, JSON.stringify(fresh));
        assert.notEqual(fresh.accessToken, body.account.accessToken);
      }));

    test('signs out locally, and comes back without a question', () =>
      world.page('sign-out', async (page) => {
        await signInWithBetterAuth(page, world.url);
        await signIn(page, world.person);
        await page.locator('#chat').waitFor();
        await ask(page, '/api/auth/sign-out', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
        await page.goto(world.url);
        await page.locator('#login').waitFor();
        await signInWithBetterAuth(page, world.url);
        await page.locator('#chat').waitFor();
      }));

    test('tells the person when Hufu refuses', () =>
      world.page('refused', async (page) => {
        await page.goto(`${world.url}/api/auth/oauth2/callback/logto?error=access_denied&state=x`);
        assert.match(page.url(), /error/);
      }));
  },
  lobechat('lobechat/better-auth.mjs'),
);

onEachDatabase(
  'LobeChat with Auth.js',
  (world) => {
    test('signs in by the Logto provider, from the ID token alone', () =>
      world.page('sign-in', async (page) => {
        await signInWithAuthJs(page, world.url);
        await signIn(page, world.person);
        await page.locator('#chat').waitFor();
        const { body } = await ask(page, '/account');
        assert.equal(body.user.email, world.person.email);
        assert.equal(body.user.name, world.person.name);
        assert.equal(body.account.providerAccountId, body.profile.sub);
        assert.ok(body.account.refresh_token);
        assert.ok(!('nonce' in decode(body.account.id_token).claims), 'Auth.js refuses a nonce that it did not send');
      }));

    test('signs out locally, and comes back without a question', () =>
      world.page('sign-out', async (page, context) => {
        await signInWithAuthJs(page, world.url);
        await signIn(page, world.person);
        await page.locator('#chat').waitFor();
        await context.clearCookies({ name: 'authjs.session-token' });
        await page.goto(world.url);
        await page.locator('#login').waitFor();
        await signInWithAuthJs(page, world.url);
        await page.locator('#chat').waitFor();
      }));
  },
  lobechat('lobechat/auth-js.mjs'),
);

function lobechat(file) {
  return {
    async prepare(world) {
      world.url = await address();
      world.person = await world.hufu.createUser({ username: 'cleo', name: 'Cleo Example' });
      const block = await world.hufu.createApp('lobechat', world.url);
      const app = await startApplication(file, world.url, block);
      world.later(() => app.stop());
    },
  };
}

async function signInWithBetterAuth(page, url) {
  await page.goto(url);
  const { status, body } = await ask(page, '/api/auth/sign-in/oauth2', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ providerId: 'logto', callbackURL: url }),
  });
  assert.equal(status, 200, JSON.stringify(body));
  await page.goto(body.url);
}

async function signInWithAuthJs(page, url) {
  await page.goto(`${url}/api/auth/signin?callbackUrl=${encodeURIComponent(`${url}/`)}`);
  await page.locator('form[action*="signin/logto"] button').click();
}
