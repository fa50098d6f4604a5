import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, startApplication } from '../support/application.mjs';
import { ask, signIn } from '../support/browser.mjs';
import { decode } from '../support/jwt.mjs';
import { onEachDatabase } from '../support/suite.mjs';

// Before 1.7 the plugin had routes of its own, and knew neither a nonce nor a sign-out at the provider.
const releases = {
  'better-auth': { begins: { at: '/api/auth/sign-in/social', as: 'provider' }, callback: '/api/auth/callback/logto', bindsIdTokens: true },
  'better-auth-1.6': { begins: { at: '/api/auth/sign-in/oauth2', as: 'providerId' }, callback: '/api/auth/oauth2/callback/logto', bindsIdTokens: false },
};

for (const [library, release] of Object.entries(releases)) {
  onEachDatabase(
    `LobeChat with ${library}`,
    (world) => {
      test('signs in, stores the tokens, and refreshes them', () =>
        world.page('sign-in', async (page) => {
          const asked = await signInWithBetterAuth(page, world.url, release);
          assert.equal(asked.searchParams.get('redirect_uri'), `${world.url}${release.callback}`);
          assert.equal(asked.searchParams.get('code_challenge_method'), 'S256');
          assert.equal(asked.searchParams.has('nonce'), release.bindsIdTokens);
          await signIn(page, world.person);
          await page.locator('#chat').waitFor();
          const { body } = await ask(page, '/account');
          assert.equal(body.user.email, world.person.email);
          assert.equal(body.user.name, world.person.name);
          assert.ok(body.account.refreshToken, 'offline_access without prompt=consent gives a refresh token');
          const { claims } = decode(body.account.idToken);
          assert.equal(claims.sub, body.account.accountId);
          assert.equal(claims.nonce ?? null, asked.searchParams.get('nonce'));
          const { status, body: fresh } = await ask(page, '/refresh', { method: 'POST' });
          assert.equal(status, 200, JSON.stringify(fresh));
          assert.notEqual(fresh.accessToken, body.account.accessToken);
        }));

      test(release.bindsIdTokens ? 'signs out at Hufu as well, and is asked again' : 'signs out locally, and comes back without a question', () =>
        world.page('sign-out', async (page) => {
          await signInWithBetterAuth(page, world.url, release);
          await signIn(page, world.person);
          await page.locator('#chat').waitFor();
          const { body } = await ask(page, '/api/auth/sign-out', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
          if (release.bindsIdTokens) {
            assert.ok(body.url.startsWith(`${world.hufu.issuer}/session/end?id_token_hint=`), JSON.stringify(body));
            await page.goto(body.url);
          }
          await page.goto(world.url);
          await page.locator('#login').waitFor();
          await signInWithBetterAuth(page, world.url, release);
          if (release.bindsIdTokens) await signIn(page, world.person);
          await page.locator('#chat').waitFor();
        }));

      test('tells the person when Hufu refuses', () =>
        world.page('refused', async (page) => {
          await page.goto(`${world.url}${release.callback}?error=access_denied&state=x`);
          assert.match(page.url(), /error/);
        }));
    },
    lobechat('lobechat/better-auth.mjs', { BETTER_AUTH: library }),
  );
}

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

function lobechat(file, extra) {
  return {
    async prepare(world) {
      world.url = await address();
      world.person = await world.hufu.createUser({ username: 'cleo', name: 'Cleo Example' });
      const block = await world.hufu.createApp('lobechat', world.url);
      const app = await startApplication(file, world.url, block, extra);
      world.later(() => app.stop());
    },
  };
}

/** Goes to Hufu as the application asks, and gives the address at which it did. */
async function signInWithBetterAuth(page, url, { begins }) {
  await page.goto(url);
  const { status, body } = await ask(page, begins.at, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ [begins.as]: 'logto', callbackURL: url }),
  });
  assert.equal(status, 200, JSON.stringify(body));
  await page.goto(body.url);
  return new URL(body.url);
}

async function signInWithAuthJs(page, url) {
  await page.goto(`${url}/api/auth/signin?callbackUrl=${encodeURIComponent(`${url}/`)}`);
  await page.locator('form[action*="signin/logto"] button').click();
}
