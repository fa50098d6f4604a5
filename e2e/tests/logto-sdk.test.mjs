import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, startApplication } from '../support/application.mjs';
import { ask, signIn } from '../support/browser.mjs';
import { refresh } from '../support/http.mjs';
import { decode, isSignedBy } from '../support/jwt.mjs';
import { onEachDatabase } from '../support/suite.mjs';

const resource = 'https://api.example.com/';

onEachDatabase(
  "Logto's SDK for Express",
  (world) => {
    test('signs in, reads the user, mints a token for an API, signs out and asks for the password again', () =>
      world.page('sign-in', async (page) => {
        const { url, person } = world;
        await page.goto(`${url}/logto/sign-in`);
        await signIn(page, person);
        await page.locator('#home').waitFor();

        const { body: user } = await ask(page, '/user');
        assert.equal(user.isAuthenticated, true);
        assert.equal(user.claims.email ?? user.userInfo.email, person.email);
        assert.equal(user.userInfo.email, person.email);
        assert.equal(user.userInfo.name, person.name);
        assert.equal(user.userInfo.sub, user.claims.sub);

        const { body: kept } = await ask(page, '/kept');
        assert.ok(kept.refresh, 'offline_access gives a refresh token');

        const { body: api } = await ask(page, '/token');
        const { header, claims } = decode(api.token);
        assert.equal(header.typ, 'at+jwt');
        assert.equal(claims.aud, resource);
        assert.equal(claims.sub, user.claims.sub);
        assert.ok(await isSignedBy(world.hufu.issuer, api.token));

        await page.goto(`${url}/logto/sign-out`);
        await page.locator('#login').waitFor();
        const { body: after } = await ask(page, '/user');
        assert.equal(after.isAuthenticated, false);
        await assert.rejects(refresh(world.hufu, world.client, kept.refresh), /invalid_grant/, 'the SDK revoked its refresh token');
        await page.goto(`${url}/logto/sign-in`);
        await page.locator('input[name=identifier]').waitFor();
      }));

    test('signs in without a question over a live session, though it sends prompt=consent', () =>
      world.page('single sign-on', async (page, context) => {
        await page.goto(`${world.url}/logto/sign-in`);
        await signIn(page, world.person);
        await page.locator('#home').waitFor();
        await context.clearCookies({ name: 'logto.sid' });
        await page.goto(world.url);
        await page.locator('#login').waitFor();
        await page.goto(`${world.url}/logto/sign-in`);
        await page.locator('#home').waitFor();
      }));

    test('opens the register page by first_screen', () =>
      world.page('register', async (page) => {
        await page.goto(`${world.url}/logto/sign-up`);
        await page.waitForURL((url) => url.pathname === '/register');
      }));
  },
  {
    async prepare(world) {
      world.url = await address();
      world.person = await world.hufu.createUser({ username: 'ann', name: 'Ann Example' });
      const block = await world.hufu.createApp('logto-sdk', world.url, '--audience', resource);
      world.client = { id: block.LOGTO_APP_ID, secret: block.LOGTO_APP_SECRET };
      const app = await startApplication('logto-sdk/app.mjs', world.url, block);
      world.later(() => app.stop());
    },
  },
);
