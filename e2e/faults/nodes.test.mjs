import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { databases } from '../support/database.mjs';
import { Hufu } from '../support/hufu.mjs';
import { refresh, tokensOf } from '../support/http.mjs';

// Several servers share a database only when it is PostgreSQL.
for (const { name, create } of databases().filter(({ name }) => name === 'postgres')) {
  describe(`two servers on ${name}`, () => {
    let nodes;
    let client;
    let person;
    before(async () => {
      const database = await create();
      // Both find an empty database, at the same moment. Each keeps its own address here, which is its issuer.
      const first = Hufu.start({ database });
      const second = Hufu.start({ database });
      nodes = await Promise.all([first, second]);
      const url = 'http://127.0.0.1:9';
      const block = await nodes[0].createApp('logto-sdk', url);
      client = { id: block.LOGTO_APP_ID, secret: block.LOGTO_APP_SECRET, redirectUri: `${url}/callback` };
      person = await nodes[0].createUser({ username: 'noa' });
      await sleep(1_500);
    });
    after(async () => {
      await nodes?.[1].stop();
      await nodes?.[0].remove();
    });

    test('what one hands out, the other takes', async () => {
      let { refresh_token } = await tokensOf(nodes[0], client, person);
      for (let step = 0; step < 4; step += 1) {
        ({ refresh_token } = await refresh(nodes[(step + 1) % 2], client, refresh_token));
      }
      assert.ok(refresh_token);
    });

    test('one refresh token, used at both at once, has one successor', async () => {
      const { refresh_token } = await tokensOf(nodes[0], client, person);
      const answers = await Promise.all([0, 1, 0, 1].map((node) => refresh(nodes[node], client, refresh_token)));
      assert.equal(new Set(answers.map((answer) => answer.refresh_token)).size, 1);
    });

    test('one goes on when the other is killed', async () => {
      const { refresh_token } = await tokensOf(nodes[1], client, person);
      await nodes[1].stop('SIGKILL');
      assert.ok((await refresh(nodes[0], client, refresh_token)).id_token);
      await nodes[1].resume();
      assert.ok((await tokensOf(nodes[1], client, person)).id_token);
    });
  });
}
