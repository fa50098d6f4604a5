import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { address, startApplication } from '../support/application.mjs';
import { ask, signIn } from '../support/browser.mjs';
import { decode, isJwt } from '../support/jwt.mjs';
import { onEachDatabase } from '../support/suite.mjs';

const audience = 'https://api.example.com';

for (const [name, options, extra] of [
  ['Open WebUI', [], {}],
  ['Open WebUI with an API', ['--audience', audience], {}],
  ['Open WebUI without PKCE, secret in the body', [], { OAUTH_CODE_CHALLENGE_METHOD: '', OAUTH_TOKEN_ENDPOINT_AUTH_METHOD: 'client_secret_post' }],
]) {
  onEachDatabase(
    name,
    (world) => {
      test('signs in with name and e-mail from the ID token alone', () =>
        world.page('sign-in', async (page) => {
          await signedIn(page, world);
          const { body } = await ask(page, '/api/v1/auths/session');
          assert.equal(body.user.email, world.person.email);
          assert.equal(body.user.name, world.person.name);
          assert.equal(body.log.userinfo, 0, 'userinfo had to be asked');
          assert.ok(body.user.claims.nonce);
          assert.equal(isJwt(body.token.access_token), options.length > 0);
        }));

      test('refreshes with the secret in the body, and the answer can replace everything that was kept', () =>
        world.page('refresh', async (page) => {
          await signedIn(page, world);
          const { body: before } = await ask(page, '/api/v1/auths/session');
          for (let round = 0; round < 2; round += 1) {
            const { status, body } = await ask(page, '/api/v1/auths/refresh', { method: 'POST' });
            assert.equal(status, 200, JSON.stringify(body));
            assert.equal(body.claims.sub, before.user.sub);
            assert.equal(body.claims.email, world.person.email);
            assert.ok(body.claims.exp - body.claims.iat > 300, 'an ID token of five minutes or less is refreshed without end');
          }
        }));

      test('signs out by a raw address, and comes back', () =>
        world.page('sign-out', async (page) => {
          await signedIn(page, world);
          const { body } = await ask(page, '/api/v1/auths/signout', { method: 'POST' });
          assert.ok(body.redirect_url.includes(`post_logout_redirect_uri=${world.url}`), 'the address is not encoded');
          await page.goto(body.redirect_url);
          await page.locator('#login').waitFor();
          await page.goto(`${world.url}/oauth/oidc/login`);
          await page.locator('input[name=identifier]').waitFor();
        }));

      test('signs out although it says id_token_hint=None', () =>
        world.page('hint None', async (page) => {
          await signedIn(page, world);
          const { body } = await ask(page, '/api/v1/auths/signout?forget=1', { method: 'POST' });
          assert.ok(body.redirect_url.includes('id_token_hint=None'));
          const answer = await page.goto(body.redirect_url);
          assert.ok(answer.status() < 400, `a page, not ${answer.status()}`);
          const confirm = page.locator('main form[action*="session/end"] button[type=submit]').first();
          if (await confirm.isVisible()) await confirm.click();
          await page.goto(`${world.url}/oauth/oidc/login`);
          await page.locator('input[name=identifier]').waitFor();
        }));

      test('is told when the person signs out elsewhere', () =>
        world.page('back-channel', async (page) => {
          await signedIn(page, world);
          const { body: before } = await ask(page, '/api/v1/auths/session');
          // Another application of the same browser ends the session at Hufu.
          const other = await page.context().newPage();
          await other.goto(`${world.hufu.issuer}/session/end?id_token_hint=${before.token.id_token}`);
          const giveUp = Date.now() + 10_000;
          for (;;) {
            const { body } = await ask(page, '/api/v1/auths/session');
            if (body.user === null) {
              assert.ok(body.log.backchannel >= 1);
              break;
            }
            assert.ok(Date.now() < giveUp, `no logout token arrived: ${body.log.backchannel_error ?? ''}`);
            await sleep(100);
          }
        }));
    },
    {
      async prepare(world) {
        world.url = await address();
        world.person = await world.hufu.createUser({ username: 'ben', name: 'Ben Example' });
        const block = await world.hufu.createApp('open-webui', world.url, ...options);
        const app = await startApplication('open-webui/app.py', world.url, block, extra);
        world.later(() => app.stop());
      },
    },
  );
}

async function signedIn(page, { url, person }) {
  await page.goto(`${url}/oauth/oidc/login`);
  await signIn(page, person);
  await page.locator('#chat').waitFor();
  assert.equal(decode((await ask(page, '/api/v1/auths/session')).body.token.id_token).header.alg, 'RS256');
}
