import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { address, startApplication } from '../support/application.mjs';
import { signIn } from '../support/browser.mjs';
import { decode, isSignedBy } from '../support/jwt.mjs';
import { root, run, start } from '../support/process.mjs';
import { onEachDatabase } from '../support/suite.mjs';

const audience = 'https://api.example.com';

onEachDatabase(
  'a single-page application',
  (world) => {
    test('signs in, calls userinfo, refreshes, revokes and signs out, all from the page', () =>
      world.page('sign-in', async (page) => {
        await begin(page, world.url);
        await signIn(page, world.person);
        const result = await shown(page, 'signed in');
        assert.equal(result.user.email, world.person.email);
        assert.equal(result.claims.name, world.person.name);
        assert.equal(decode(result.tokens.access_token).claims.aud, audience);
        const fresh = await page.evaluate(() => window.refresh());
        assert.equal(fresh.claims.sub, result.claims.sub);
        await page.evaluate(() => window.signOut());
        await shown(page, 'signed out');
        await begin(page, world.url);
        await page.locator('input[name=identifier]').waitFor();
      }));

    test('prompt=none is refused without a session and silent with one', () =>
      world.page('prompt none', async (page) => {
        await begin(page, world.url, { prompt: 'none' });
        const refused = await shown(page, 'refused');
        assert.equal(refused.error, 'login_required');
        assert.equal(refused.iss, world.hufu.issuer);
        await begin(page, world.url);
        await signIn(page, world.person);
        await shown(page, 'signed in');
        await begin(page, world.url, { prompt: 'none' });
        await shown(page, 'signed in');
      }));

    test('prompt=login asks again over a live session, and screen_hint=signup opens the register page', () =>
      world.page('prompt login', async (page) => {
        await begin(page, world.url);
        await signIn(page, world.person);
        await shown(page, 'signed in');
        await begin(page, world.url, { prompt: 'login' });
        await signIn(page, world.person);
        await shown(page, 'signed in');
        await begin(page, world.url, { prompt: 'login', screen_hint: 'signup' });
        await page.waitForURL((url) => url.pathname === '/register');
      }));
  },
  {
    async prepare(world) {
      world.url = await address();
      world.person = await world.hufu.createUser({ username: 'dana', name: 'Dana Example' });
      const block = await world.hufu.createApp('spa', world.url, '--audience', audience);
      const app = await startApplication('spa/app.mjs', world.url, block);
      world.later(() => app.stop());
    },
  },
);

onEachDatabase(
  'a native application and a machine',
  (world) => {
    test('the application on a device gets its answer at a loopback port of its choice', () =>
      world.page('native', async (page) => {
        const person = await world.hufu.createUser({ username: 'eve', name: 'Eve Example' });
        const block = await world.hufu.createApp('native');
        const opened = /^open (.+)$/m;
        const app = await start('native', process.execPath, [`${root}/apps/native/app.mjs`], { env: block, ready: (output) => opened.test(output) });
        world.later(() => app.stop());
        await page.goto(opened.exec(app.output())[1]);
        await signIn(page, person);
        await page.locator('#home').waitFor();
        const giveUp = Date.now() + 8_000;
        while (!/^done /m.test(app.output())) {
          assert.ok(Date.now() < giveUp && app.process.exitCode === null, app.output());
          await sleep(50);
        }
        const { claims, refreshed } = JSON.parse(/^done (.+)$/m.exec(app.output())[1]);
        assert.equal(claims.email, person.email);
        assert.equal(refreshed.sub, claims.sub);
      }));

    for (const parameter of ['resource', 'audience']) {
      test(`a program gets a token of its own for the API that it names as ${parameter}`, async () => {
        const block = await world.hufu.createApp('m2m', undefined, '--audience', audience);
        const { tokens, issuer } = JSON.parse(await run(process.execPath, [`${root}/apps/machine/app.mjs`, parameter], { env: block }));
        const { header, claims } = decode(tokens.access_token);
        assert.equal(header.typ, 'at+jwt');
        assert.equal(claims.aud, audience);
        assert.equal(claims.client_id, block.OIDC_CLIENT_ID);
        assert.equal(claims.sub, block.OIDC_CLIENT_ID);
        assert.equal(tokens.refresh_token, undefined);
        assert.ok(await isSignedBy(issuer, tokens.access_token));
      });
    }
  },
);

async function begin(page, url, parameters = {}) {
  await page.goto(url);
  await page.waitForFunction(() => 'signIn' in window);
  await Promise.all([page.waitForEvent('framenavigated'), page.evaluate((parameters) => window.signIn(parameters), parameters)]);
}

async function shown(page, state) {
  await page.waitForFunction((state) => document.querySelector('#state')?.textContent === state || document.querySelector('#state')?.textContent === 'failed', state);
  const result = JSON.parse(await page.locator('#result').innerText());
  assert.equal(await page.locator('#state').innerText(), state, JSON.stringify(result));
  return result;
}
