import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { databases } from '../support/database.mjs';
import { Hufu } from '../support/hufu.mjs';
import { refresh, tokensOf } from '../support/http.mjs';

for (const { name, create } of databases()) {
  describe(`kill -9 under load on ${name}`, () => {
    let hufu;
    let client;
    let person;
    before(async () => {
      hufu = await Hufu.start({ database: await create() });
      const url = 'http://127.0.0.1:9';
      const block = await hufu.createApp('logto-sdk', url);
      client = { id: block.LOGTO_APP_ID, secret: block.LOGTO_APP_SECRET, redirectUri: `${url}/callback` };
      person = await hufu.createUser({ username: 'kim' });
    });
    after(() => hufu?.remove());

    test('every refresh token that was handed out still works', async () => {
      const chains = [];
      for (let index = 0; index < 6; index += 1) {
        chains.push({ latest: (await tokensOf(hufu, client, person)).refresh_token, steps: 0 });
      }
      for (let round = 0; round < 3; round += 1) {
        let running = true;
        const load = chains.map(async (chain) => {
          while (running) {
            try {
              chain.latest = (await refresh(hufu, client, chain.latest)).refresh_token;
              chain.steps += 1;
            } catch (error) {
              // Only the kill may interrupt: an answer that refuses is a loss.
              if (running && /^\d/.test(error.message)) throw error;
              return;
            }
          }
        });
        await sleep(500 + 200 * round);
        await hufu.stop('SIGKILL');
        running = false;
        await Promise.all(load);
        await hufu.resume();
        for (const chain of chains) {
          chain.latest = (await refresh(hufu, client, chain.latest)).refresh_token;
        }
      }
      assert.ok(chains.every(({ steps }) => steps >= 3), `too little happened: ${chains.map(({ steps }) => steps)}`);
    });

    test('accounts that were made before the kill are there, and a sign-in works at once', async () => {
      const made = await hufu.createUser({ username: 'lee' });
      await hufu.stop('SIGKILL');
      await hufu.resume();
      const tokens = await tokensOf(hufu, client, made);
      assert.ok(tokens.id_token);
    });

    test('a server that is told to stop answers what it has begun', async () => {
      const { refresh_token } = await tokensOf(hufu, client, person);
      const answers = Array.from({ length: 8 }, () => refresh(hufu, client, refresh_token).then(() => 'answered', (error) => error.message));
      await sleep(5);
      await hufu.stop('SIGTERM');
      const outcomes = await Promise.all(answers);
      await hufu.resume();
      assert.ok(outcomes.every((outcome) => outcome === 'answered' || /fetch failed/.test(outcome)), outcomes.join(' | '));
      assert.equal(hufu.server.process.exitCode, null);
    });
  });
}
