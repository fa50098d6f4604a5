import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { databases } from '../support/database.mjs';
import { Hufu } from '../support/hufu.mjs';
import { refresh, signInForm, tokensOf } from '../support/http.mjs';

for (const { name, create } of databases()) {
  describe(`a flood of passwords on ${name}`, () => {
    let hufu;
    let client;
    let person;
    before(async () => {
      hufu = await Hufu.start({ database: await create(), env: { HUFU_HASH_WORKERS: '1' } });
      const url = 'http://127.0.0.1:9';
      const block = await hufu.createApp('logto-sdk', url);
      client = { id: block.LOGTO_APP_ID, secret: block.LOGTO_APP_SECRET, redirectUri: `${url}/callback` };
      person = await hufu.createUser({ username: 'mia' });
    });
    after(() => hufu?.remove());

    test('is held off with 503 and Retry-After, while everything else goes on', async () => {
      let { refresh_token } = await tokensOf(hufu, client, person);
      const forms = await Promise.all(Array.from({ length: 250 }, () => signInForm(hufu, client)));
      let running = true;
      const flood = Promise.all(forms.map(({ send }, index) => send(`nobody_${index}`, 'a wrong password'))).finally(() => { running = false; });
      let others = 0;
      while (running) {
        ({ refresh_token } = await refresh(hufu, client, refresh_token));
        assert.equal((await fetch(`${hufu.issuer}/jwks`)).status, 200);
        others += 1;
      }
      const answers = await flood;
      const statuses = group(answers);
      const turnedAway = statuses.get(503) ?? [];
      assert.ok(turnedAway.length > 0, `nobody was turned away: ${[...statuses.keys()]}`);
      assert.ok(turnedAway.every((answer) => Number(answer.headers.get('retry-after')) > 0), 'Retry-After is missing');
      assert.ok([...statuses.keys()].every((status) => status === 503 || status < 500), [...statuses.keys()].join(' '));
      assert.ok(answers.length > turnedAway.length, 'nobody was served');
      assert.ok(others >= 3, `only ${others} other requests were answered meanwhile`);
      assert.ok((await tokensOf(hufu, client, person)).id_token);
    });
  });
}

function group(answers) {
  const groups = new Map();
  for (const answer of answers) groups.set(answer.status, [...(groups.get(answer.status) ?? []), answer]);
  return groups;
}
