import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, test } from 'node:test';
import { address, startApplication } from '../support/application.mjs';
import { signIn } from '../support/browser.mjs';
import { databases } from '../support/database.mjs';
import { Hufu, binary } from '../support/hufu.mjs';
import { answers, freePort, start } from '../support/process.mjs';
import { onEachDatabase } from '../support/suite.mjs';

onEachDatabase(
  'the first run',
  (world) => {
    test('the printed link makes one administrator, and then the demo application signs in', () =>
      world.page('first run', async (page) => {
        const { hufu } = world;
        const printed = hufu.output();
        const link = /http:\/\/localhost:\d+\/setup\?token=\S+/.exec(printed)?.[0];
        const demo = /http:\/\/localhost:\d+\/demo-app/.exec(printed)?.[0];
        assert.ok(link && demo, printed);

        await page.goto(link);
        await page.locator('input[name=username]').fill('root_of_all');
        await page.locator('input[name=password]').fill('A-Long-Enough-Phrase-7');
        await page.locator('#submit').click();
        await page.waitForURL((url) => url.href !== link);
        assert.ok(!(await page.locator('#setup').isVisible()), await page.locator('body').innerText());

        // The link works once.
        const again = await page.goto(link);
        assert.ok(again.status() >= 400, `the used link answered ${again.status()}`);

        await page.goto(demo);
        await page.locator('#demo-sign-in').click();
        await page.locator('#register').click();
        await page.locator('input[name=username]').fill('newcomer');
        await page.locator('input[name=password]').fill('A-Long-Enough-Phrase-7');
        await page.locator('#submit').click();
        await page.locator('#signed-in').waitFor();
        const claims = await page.locator('pre.claims').allInnerTexts();
        assert.ok(claims.some((text) => text.includes('"sub"')), claims.join('\n'));
        await page.locator('#refresh').click();
        await page.locator('#signed-in').waitFor();
        await page.locator('#sign-out').click();
        if (await page.locator('#logout-confirm').isVisible()) await page.locator('#logout-confirm').click();
        await page.locator('#demo-sign-in').waitFor();
      }));

    test('fifty tries at once make one administrator', async () => {
      const database = await world.create();
      const other = await Hufu.start({ database, administrator: false });
      try {
        const link = new URL(/http:\/\/localhost:\d+\/setup\?token=\S+/.exec(other.output())[0]);
        const tries = Array.from({ length: 50 }, (_, index) =>
          fetch(new URL('/setup', link), {
            method: 'POST',
            redirect: 'manual',
            headers: { origin: link.origin },
            body: new URLSearchParams({ token: link.searchParams.get('token'), username: `admin_${index}`, password: 'A-Long-Enough-Phrase-7' }),
          }).then(({ status }) => status),
        );
        const statuses = await Promise.all(tries);
        assert.equal(statuses.filter((status) => status < 400).length, 1, statuses.join(' '));
        const people = JSON.parse(await other.command('user', 'list', '--tenant', 'admin', '--json'));
        assert.equal((people.users ?? people).length, 1);
      } finally {
        await other.remove();
      }
    });

    test('an application that was registered while the server runs signs its first person in', () =>
      world.page('first application', async (page) => {
        const url = await address();
        const person = await world.hufu.createUser({ username: 'first_person' });
        const block = await world.hufu.createApp('logto-sdk', url);
        const app = await startApplication('logto-sdk/app.mjs', url, block);
        world.later(() => app.stop());
        await page.goto(`${url}/logto/sign-in`);
        await signIn(page, person);
        await page.locator('#home').waitFor();
      }));
  },
  {
    start: (database) => Hufu.start({ database, administrator: false }),
  },
);

describe('no settings at all', () => {
  test('`hufu` alone serves from ./data, and speaks of the address that it listens at', async () => {
    const database = await databases()[0].create();
    // The usual ports may be taken, and a test is nobody else's to reach.
    const env = { PORT: String(await freePort()), ADMIN_PORT: String(await freePort()), HUFU_LISTEN: '127.0.0.1' };
    const issuer = `http://localhost:${env.PORT}/oidc`;
    const hufu = await start('hufu-alone', binary, [], { env, cwd: database.folder, ready: (output) => / is ready/.test(output) && answers(issuer) });
    try {
      assert.equal((await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()).issuer, issuer);
      assert.equal((await fetch(`http://localhost:${env.PORT}/demo-app`)).status, 200);
      assert.ok(existsSync(`${database.folder}/data/hufu.db`));
    } finally {
      await hufu.stop();
      await database.remove();
    }
  });
});
