import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, startApplication } from '../support/application.mjs';
import { ask, signIn } from '../support/browser.mjs';
import { freePort } from '../support/process.mjs';
import { onEachDatabase } from '../support/suite.mjs';
import { githubShaped } from '../upstream/github.mjs';
import { openidProvider, signInAtOpenid } from '../upstream/openid.mjs';

const client = { id: 'hufu-at-github', secret: 'the-secret-at-github' };
const gil = {
  user: { id: 583231, login: 'gil', name: 'Gil Octo', avatar_url: 'https://avatars.example.com/583231', email: null },
  emails: [
    { email: 'old@example.com', primary: false, verified: true },
    { email: 'gil@example.com', primary: true, verified: true },
  ],
};
// Says an address that it has not proven: nobody may get in by that.
const mallory = { user: { id: 666, login: 'mallory', name: 'Mallory', email: 'ann@example.com' }, emails: [{ email: 'ann@example.com', primary: true, verified: false }] };

onEachDatabase(
  'sign-in with another provider',
  (world) => {
    test('GitHub: a new person goes application → Hufu → GitHub → Hufu → application, and is the same one the next time', () =>
      world.page('github', async (page, context) => {
        await page.goto(`${world.url}/logto/sign-in`);
        await page.locator('#social-github').click();
        await page.locator('#as-gil').click();
        await page.locator('#home').waitFor();
        const { body: first } = await ask(page, '/user');
        assert.equal(first.userInfo.email, 'gil@example.com');
        assert.equal(first.userInfo.email_verified, true);
        assert.equal(first.userInfo.name, 'Gil Octo');
        assert.equal(first.userInfo.picture, 'https://avatars.example.com/583231');

        await context.clearCookies();
        await page.goto(`${world.url}/logto/sign-in`);
        await page.locator('#social-github').click();
        await page.locator('#as-gil').click();
        await page.locator('#home').waitFor();
        const { body: second } = await ask(page, '/user');
        assert.equal(second.userInfo.sub, first.userInfo.sub);
      }));

    test('an unproven address at the provider opens nobody else\'s account', () =>
      world.page('unproven', async (page) => {
        await page.goto(`${world.url}/logto/sign-in`);
        await page.locator('#social-github').click();
        await page.locator('#as-mallory').click();
        await page.locator('#home').waitFor();
        const { body } = await ask(page, '/user');
        assert.notEqual(body.userInfo.email, 'ann@example.com');
        assert.notEqual(body.userInfo.sub, world.ann.sub);
      }));

    test('a proven address of a known account is linked only by that account\'s password', () =>
      world.page('link', async (page, context) => {
        await page.goto(`${world.url}/logto/sign-in`);
        await page.locator('#social-partner').click();
        await signInAtOpenid(page, 'ann-there');
        await page.locator('#link input[name=password]').fill('not the password');
        await page.locator('#submit').click();
        await page.locator('#alert').waitFor();
        await page.locator('#link input[name=password]').fill(world.person.password);
        await page.locator('#submit').click();
        await page.locator('#home').waitFor();
        const { body: linked } = await ask(page, '/user');
        assert.equal(linked.userInfo.email, world.person.email);
        // From now on the provider is enough.
        await context.clearCookies();
        await page.goto(`${world.url}/logto/sign-in`);
        await page.locator('#social-partner').click();
        await signInAtOpenid(page, 'ann-there');
        await page.locator('#home').waitFor();
        const { body: again } = await ask(page, '/user');
        assert.equal(again.userInfo.sub, linked.userInfo.sub);
      }));

    test('OpenID Connect by discovery: a new person signs in, and the password still works for the others', () =>
      world.page('openid', async (page, context) => {
        await page.goto(`${world.url}/logto/sign-in`);
        await page.locator('#social-partner').click();
        await signInAtOpenid(page, 'olga');
        await page.locator('#home').waitFor();
        const { body } = await ask(page, '/user');
        assert.equal(body.userInfo.email, 'olga@example.com');
        assert.equal(body.userInfo.name, 'Olga There');
        await context.clearCookies();
        await page.goto(`${world.url}/logto/sign-in`);
        await signIn(page, world.bystander);
        await page.locator('#home').waitFor();
      }));

    test('generic OAuth 2.0 with query-string answers and a nested profile', () =>
      world.page('oauth2', async (page) => {
        await page.goto(`${world.url}/logto/sign-in`);
        await page.locator('#social-forge').click();
        await page.locator('#as-fay').click();
        await page.locator('#home').waitFor();
        const { body } = await ask(page, '/user');
        assert.equal(body.userInfo.name, 'Fay Forge');
      }));

    test('direct_sign_in skips the sign-in page', () =>
      world.page('direct', async (page) => {
        const url = await authorization(page, world, { direct_sign_in: 'social:github' });
        await page.goto(url);
        await page.locator('#as-gil').waitFor();
        assert.ok(page.url().startsWith(world.github.url));
      }));

    test('denying at the provider leads back to a page with a way on', () =>
      world.page('denied', async (page) => {
        await page.goto(`${world.url}/logto/sign-in`);
        await page.locator('#social-github').click();
        await page.locator('#deny').click();
        await page.locator('#way-on').click();
        await page.locator('input[name=identifier]').waitFor();
      }));

    test('an answer from the provider works once, and only in the browser that left', () =>
      world.page('replay', async (page, context) => {
        await page.goto(`${world.url}/logto/sign-in`);
        await page.locator('#social-github').click();
        await page.locator('#as-gil').waitFor();
        const arrival = page.waitForRequest((request) => new URL(request.url()).pathname.startsWith('/callback/'));
        await page.locator('#as-gil').click();
        const callback = (await arrival).url();
        await page.locator('#home').waitFor();
        const replayed = await page.goto(callback);
        assert.ok(replayed.status() >= 400, `replayed: ${replayed.status()}`);
        await context.clearCookies();
        const stranger = await page.goto(callback);
        assert.ok(stranger.status() >= 400, `stranger: ${stranger.status()}`);
      }));
  },
  {
    async prepare(world) {
      const { hufu } = world;
      const ports = [await freePort(), await freePort(), await freePort()];
      world.url = await address();
      world.person = await hufu.createUser({ username: 'ann', email: 'ann@example.com', name: 'Ann Example' });
      world.ann = JSON.parse(await hufu.command('user', 'show', 'ann', '--json'));
      world.bystander = await hufu.createUser({ username: 'hal', name: 'Hal Example' });

      world.github = await githubShaped({ port: ports[0], client, people: { gil, mallory } });
      const forge = await githubShaped({ port: ports[1], client, answersFormAlways: true, people: { fay: { user: { data: { uid: 7, profile: { full: 'Fay Forge' } } } } } });
      const at = (url, fields) => Object.entries({ authorizationEndpoint: `${url}/login/oauth/authorize`, tokenEndpoint: `${url}/login/oauth/access_token`, userInfoEndpoint: `${url}/user`, ...fields }).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
      const credentials = ['--client-id', client.id, '--client-secret', client.secret];
      await hufu.command('connector', 'add', 'github', ...credentials, ...at(world.github.url));
      await hufu.command('connector', 'add', 'oauth2', '--target', 'forge', '--name', 'Forge', ...credentials, ...at(forge.url, { profileMap: '{"id":"data.uid","name":"data.profile.full"}' }));
      const partner = JSON.parse(await hufu.command(
        'connector', 'add', 'oidc', '--json', '--target', 'partner', '--name', 'Partner', ...credentials,
        '--issuer', `http://127.0.0.1:${ports[2]}`, '--set', 'scope=openid profile email',
      ));
      const openid = await openidProvider({
        port: ports[2],
        clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: [partner.callback], token_endpoint_auth_method: 'client_secret_post' }],
        people: {
          olga: { name: 'Olga There', email: 'olga@example.com', email_verified: true },
          'ann-there': { name: 'Ann There', email: 'ann@example.com', email_verified: true },
        },
      });
      for (const server of [world.github, forge, openid]) world.later(() => server.stop());

      const block = await hufu.createApp('logto-sdk', world.url);
      const app = await startApplication('logto-sdk/app.mjs', world.url, block);
      world.later(() => app.stop());
    },
  },
);

/** The authorization address that the application would use, with more parameters. */
async function authorization(page, world, parameters) {
  const leaving = page.waitForRequest((request) => new URL(request.url()).pathname === '/oidc/auth');
  await page.goto(`${world.url}/logto/sign-in`);
  const url = new URL((await leaving).url());
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}
