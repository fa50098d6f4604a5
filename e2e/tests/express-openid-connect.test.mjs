import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, startApplication } from '../support/application.mjs';
import { ask, signIn } from '../support/browser.mjs';
import { onEachDatabase } from '../support/suite.mjs';

onEachDatabase(
  "Auth0's express-openid-connect",
  (world) => {
    test('signs in, reads userinfo, refreshes, and signs out here and at Hufu', () =>
      world.page('sign-in', async (page) => {
        await page.goto(`${world.url}/login`);
        await signIn(page, world.person);
        await page.locator('#home').waitFor();
        const { body: user } = await ask(page, '/user');
        assert.equal(user.email, world.person.email);
        assert.equal(user.name, world.person.name);
        assert.ok(user.hasRefreshToken);
        const { body: userinfo } = await ask(page, '/userinfo');
        assert.equal(userinfo.sub, user.sub);
        const { body: refreshed } = await ask(page, '/refresh');
        assert.notEqual(refreshed.after, refreshed.before);
        await page.goto(`${world.url}/logout`);
        await page.locator('#login').waitFor();
        await page.goto(`${world.url}/login`);
        await page.locator('input[name=identifier]').waitFor();
      }));
  },
  {
    async prepare(world) {
      world.url = await address();
      world.person = await world.hufu.createUser({ username: 'finn', name: 'Finn Example' });
      const block = await world.hufu.createApp('logto-sdk', world.url);
      const app = await startApplication('express-openid-connect/app.mjs', world.url, block);
      world.later(() => app.stop());
    },
  },
);
