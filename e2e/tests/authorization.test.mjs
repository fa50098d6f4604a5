import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { address } from '../support/application.mjs';
import { signIn } from '../support/browser.mjs';
import { decode, isSignedBy } from '../support/jwt.mjs';
import { root } from '../support/process.mjs';
import { RelyingParty } from '../support/relying-party.mjs';
import { onEachDatabase } from '../support/suite.mjs';

const german = JSON.parse(readFileSync(`${root}/../text/de.json`, 'utf8'));

onEachDatabase(
  'an authorization request',
  (world) => {
    test('prompt=select_account shows who is signed in, and another person can take over', () =>
      world.page('select_account', async (page) => {
        const { party, ann, ben } = world;
        const first = await signedIn(page, party, ann);
        let flow = await party.begin(page, { prompt: 'select_account' });
        await page.locator('#continue-as').click();
        assert.equal((await party.tokens(flow)).claims().sub, first.claims().sub);
        flow = await party.begin(page, { prompt: 'select_account' });
        await page.locator('#use-another-account').click();
        await signIn(page, ben);
        const other = await party.tokens(flow);
        assert.equal(other.claims().email, ben.email);
        assert.notEqual(other.claims().sid, first.claims().sid);
      }));

    test('max_age asks again when the sign-in is too old, and auth_time says when it was', () =>
      world.page('max_age', async (page) => {
        const { party, ann } = world;
        const first = await signedIn(page, party, ann);
        let flow = await party.begin(page, { max_age: '3600' });
        const young = await party.tokens(flow, { maxAge: 3600 });
        assert.equal(young.claims().auth_time, first.claims().auth_time);
        await sleep(2_100);
        flow = await party.begin(page, { max_age: '1' });
        await signIn(page, ann);
        const renewed = await party.tokens(flow, { maxAge: 1 });
        assert.ok(renewed.claims().auth_time > first.claims().auth_time);
      }));

    test('login_hint is filled in, ui_locales is spoken, prompt=create registers', () =>
      world.page('hints', async (page) => {
        const { party } = world;
        await party.begin(page, { login_hint: 'somebody@example.com', ui_locales: 'xx de en' });
        assert.equal(await page.locator('input[name=identifier]').inputValue(), 'somebody@example.com');
        assert.equal(await page.locator('h1').innerText(), german.sign_in_title);
        await party.begin(page, { prompt: 'create' });
        await page.waitForURL((url) => url.pathname === '/register');
      }));

    for (const mode of ['query', 'fragment', 'form_post']) {
      test(`response_mode=${mode} brings code, state and iss`, () =>
        world.page(mode, async (page) => {
          const { party, ann, hufu } = world;
          const flow = await party.begin(page, { response_mode: mode });
          await signIn(page, ann);
          const answer = await party.answer(flow);
          assert.deepEqual(Object.keys(answer).sort(), ['code', 'iss', 'state']);
          assert.equal(answer.iss, hufu.issuer);
          assert.equal((await flow.arrival).method, mode === 'form_post' ? 'POST' : 'GET');
          assert.ok((await party.tokens(flow)).claims().sub);
        }));
    }

    test('a pushed request works once', () =>
      world.page('pushed', async (page) => {
        const { party, ann } = world;
        const flow = await party.begin(page, {}, { pushed: true });
        assert.deepEqual([...flow.url.searchParams.keys()].sort(), ['client_id', 'request_uri']);
        await signIn(page, ann);
        assert.ok((await party.tokens(flow)).claims().sub);
        await page.goto(flow.url.href);
        await page.locator('#message').waitFor();
      }));

    test('id_token_hint of another person is refused without a question', () =>
      world.page('id_token_hint', async (page, context) => {
        const { party, ann, ben } = world;
        const { id_token } = await signedIn(page, party, ann);
        await context.clearCookies();
        await signedIn(page, party, ben);
        const flow = await party.begin(page, { prompt: 'none', id_token_hint: id_token });
        assert.equal((await party.answer(flow)).error, 'login_required');
      }));

    test('an address that is not registered is never sent to', () =>
      world.page('redirect', async (page) => {
        const { party } = world;
        for (const redirect_uri of ['https://evil.example.com/callback', `${party.redirectUri}/more`, `${party.redirectUri}?more=1`]) {
          await party.begin(page, { redirect_uri });
          assert.ok(page.url().startsWith(world.hufu.issuer), page.url());
          await page.locator('#message').waitFor();
        }
      }));

    test('a third-party application asks once: deny is told, allow is remembered, more is asked again', () =>
      world.page('consent', async (page) => {
        const { thirdParty: party, ann } = world;
        let flow = await party.begin(page, { scope: 'openid profile' });
        await signIn(page, ann);
        await page.locator('#consent').waitFor();
        const text = await page.locator('main').innerText();
        assert.ok(text.includes('Foreign Tool'), text);
        await page.locator('#consent-deny').click();
        const denied = await party.answer(flow);
        assert.equal(denied.error, 'access_denied');
        assert.equal(denied.state, flow.state);

        flow = await party.begin(page, { scope: 'openid profile' });
        await page.locator('#consent-allow').click();
        assert.equal((await party.tokens(flow)).claims().name, ann.name);
        flow = await party.begin(page, { scope: 'openid profile' });
        assert.ok((await party.answer(flow)).code, 'asked a second time');
        flow = await party.begin(page, { scope: 'openid profile email' });
        await page.locator('#consent-allow').click();
        assert.equal((await party.tokens(flow)).claims().email, ann.email);
        flow = await party.begin(page, { scope: 'openid profile email', prompt: 'none' });
        assert.ok((await party.answer(flow)).code);
      }));

    test('a suspended person is signed out, cannot refresh, and is told so at the next sign-in', () =>
      world.page('suspended', async (page) => {
        const { party, hufu } = world;
        const person = await hufu.createUser({ username: `sue_${Date.now() % 100000}` });
        const tokens = await signedIn(page, party, person);
        await hufu.command('user', 'suspend', person.username);
        await assert.rejects(party.refresh(tokens.refresh_token), { error: 'invalid_grant' });
        await party.begin(page);
        await signIn(page, person);
        await page.locator('#message').waitFor();
        await hufu.command('user', 'suspend', '--undo', person.username);
        const again = await signedIn(page, party, person);
        assert.equal(again.claims().sub, tokens.claims().sub);
      }));

    test('a key is published before it signs, and what the old one signed stays good', () =>
      world.page('rotation', async (page) => {
        const { party, ann, hufu } = world;
        const before = await signedIn(page, party, ann);
        const old = decode(before.id_token).header.kid;
        await hufu.command('key', 'rotate', '--grace-period', '4');
        const early = await party.refresh(before.refresh_token);
        assert.equal(decode(early.id_token).header.kid, old);
        const giveUp = Date.now() + 30_000;
        let { refresh_token } = early;
        for (;;) {
          const tokens = await party.refresh(refresh_token);
          refresh_token = tokens.refresh_token ?? refresh_token;
          assert.ok(await isSignedBy(hufu.issuer, tokens.id_token));
          if (decode(tokens.id_token).header.kid !== old) break;
          assert.ok(Date.now() < giveUp, 'the new key never signs');
          await sleep(500);
        }
        assert.ok(await isSignedBy(hufu.issuer, before.id_token));
      }));
  },
  {
    async prepare(world) {
      const { hufu } = world;
      world.ann = await hufu.createUser({ username: 'ann', name: 'Ann Example' });
      world.ben = await hufu.createUser({ username: 'ben', name: 'Ben Example' });
      world.party = await RelyingParty.of(await hufu.createApp('spa', await address()));
      world.later(() => world.party.stop());
      world.thirdParty = await RelyingParty.of(await hufu.createApp('spa', await address(), '--third-party', '--name', 'Foreign Tool'));
      world.later(() => world.thirdParty.stop());
    },
  },
);

async function signedIn(page, party, person) {
  const flow = await party.begin(page);
  await signIn(page, person);
  return party.tokens(flow);
}
