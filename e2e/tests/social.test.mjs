import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { address, startApplication } from '../support/application.mjs';
import { ask, signIn } from '../support/browser.mjs';
import { decode } from '../support/jwt.mjs';
import { freePort, scratch } from '../support/process.mjs';
import { onEachDatabase } from '../support/suite.mjs';
import { githubShaped } from '../upstream/github.mjs';
import { idTokenAlgorithms, openidProvider, signInAtOpenid } from '../upstream/openid.mjs';

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

const long = 'a secret of a client that is long enough for the key of an HMAC with SHA-512';
const assertions = ['HS256', 'HS384', 'HS512'];

onEachDatabase(
  'what an OpenID provider signs, and what proves Hufu to it',
  (world) => {
    for (const [place, algorithm] of idTokenAlgorithms.entries()) {
      const target = algorithm.toLowerCase();
      test(`ID tokens signed with ${algorithm} are accepted`, () =>
        world.page(algorithm, async (page) => {
          await page.goto(await authorization(page, world, { direct_sign_in: `social:${target}` }));
          await signInAtOpenid(page, 'olga');
          await page.locator('#home').waitFor();
          const { body } = await ask(page, '/user');
          assert.equal(body.userInfo.name, 'Olga There');
          const told = world.openid.answers.filter(({ client }) => client === target);
          assert.equal(told.length, 1);
          assert.equal(told[0].algorithm, algorithm);
          // Three clients prove themselves with an assertion, each with another algorithm.
          assert.equal(told[0].method, assertions[place / 3] ? 'client_secret_jwt' : 'client_secret_basic');
        }));
    }

    for (const algorithm of assertions) {
      test(`generic OAuth 2.0 proves itself with client_secret_jwt and ${algorithm}, and takes the proven number over`, () =>
        world.page(`jwt ${algorithm}`, async (page) => {
          const target = `jwt-${algorithm.toLowerCase()}`;
          await page.goto(await authorization(page, world, { direct_sign_in: `social:${target}` }));
          await signInAtOpenid(page, `pia-${algorithm}`);
          await page.locator('#home').waitFor();
          const { body } = await ask(page, '/user');
          assert.equal(body.userInfo.name, 'Pia There');
          const [told] = world.openid.answers.filter(({ client }) => client === target);
          assert.equal(told.method, 'client_secret_jwt');
          const { header, claims } = decode(told.assertion);
          assert.equal(header.alg, algorithm);
          assert.equal(claims.aud, `${world.openid.issuer}/token`);
          assert.ok(claims.exp - claims.iat <= 600 && claims.jti);
          const person = JSON.parse(await world.hufu.command('user', 'show', body.userInfo.sub, '--json'));
          assert.equal(person.primaryPhone, `4930${algorithm.slice(2)}00000`);
        }));
    }
  },
  {
    async prepare(world) {
      const { hufu } = world;
      world.url = await address();
      const port = await freePort();
      const issuer = `http://127.0.0.1:${port}`;
      const clients = [];
      const add = async (kind, target, fields, registered) => {
        const set = Object.entries(fields).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
        const credentials = ['--client-id', target, '--client-secret', long];
        const made = await hufu.command('connector', 'add', kind, '--json', '--target', target, '--name', target, ...credentials, ...set);
        clients.push({ client_id: target, client_secret: long, redirect_uris: [JSON.parse(made).callback], ...registered });
      };
      for (const [place, algorithm] of idTokenAlgorithms.entries()) {
        const signs = assertions[place / 3];
        const method = signs ? 'client_secret_jwt' : 'client_secret_basic';
        await add(
          'oidc',
          algorithm.toLowerCase(),
          { issuer, scope: 'openid profile', tokenEndpointAuthMethod: method, ...(signs ? { clientSecretJwtSigningAlgorithm: signs } : {}) },
          { id_token_signed_response_alg: algorithm, token_endpoint_auth_method: method, ...(signs ? { token_endpoint_auth_signing_alg: signs } : {}) },
        );
      }
      for (const algorithm of assertions) {
        await add(
          'oauth2',
          `jwt-${algorithm.toLowerCase()}`,
          {
            authorizationEndpoint: `${issuer}/auth`, tokenEndpoint: `${issuer}/token`, userInfoEndpoint: `${issuer}/me`, scope: 'openid profile phone',
            tokenEndpointAuthMethod: 'client_secret_jwt', clientSecretJwtSigningAlgorithm: algorithm, tokenEndpointResponseType: 'json',
            profileMap: '{"id":"sub","phone":"phone_number"}',
          },
          { token_endpoint_auth_method: 'client_secret_jwt', token_endpoint_auth_signing_alg: algorithm },
        );
      }
      const pia = (algorithm) => [`pia-${algorithm}`, { name: 'Pia There', phone_number: `+49 30 ${algorithm.slice(2)}00000`, phone_number_verified: true }];
      world.openid = await openidProvider({ port, clients, people: { olga: { name: 'Olga There' }, ...Object.fromEntries(assertions.map(pia)) } });
      world.later(() => world.openid.stop());
      const block = await hufu.createApp('logto-sdk', world.url);
      const app = await startApplication('logto-sdk/app.mjs', world.url, block);
      world.later(() => app.stop());
    },
  },
);

/** The sign-in experience of an operator who wants no passwords, as a document for `hufu apply`. */
const socialOnly = ({ guild, github }) => `
connectors:
- id: guild
  connectorId: oauth2
  target: guild
  name: { en: Weavers' Guild, de: Weberzunft }
  logo: ${guild.url}/logo.svg
  logoDark: ${guild.url}/dark.svg
  config: { ${endpoints(guild.url)}, profileMap: { id: uid, name: full } }
- id: github
  connectorId: github-universal
  config: { ${endpoints(github.url)} }
signInExperience:
  signIn: { methods: [] }
  signUp: { identifiers: [], password: false, verify: false }
  socialSignInConnectorTargets: [guild, github]
`;
const endpoints = (url) => `clientId: ${client.id}, clientSecret: ${client.secret}, authorizationEndpoint: "${url}/login/oauth/authorize", tokenEndpoint: "${url}/login/oauth/access_token", userInfoEndpoint: "${url}/user"`;

const looks = {
  desktop: {},
  'phone of 320 px': { viewport: { width: 320, height: 568 } },
  dark: { colorScheme: 'dark' },
  Arabic: { locale: 'ar', viewport: { width: 320, height: 568 } },
  Chinese: { locale: 'zh-CN' },
};

onEachDatabase(
  'sign-in with providers alone',
  (world) => {
    for (const [look, options] of Object.entries(looks)) {
      test(`${look}: no form, and the providers' own names and logos on their buttons`, () =>
        world.page(
          look,
          async (page) => {
            await page.goto(`${world.url}/logto/sign-in`);
            const guild = page.locator('#social-guild');
            await guild.waitFor();
            assert.equal(await page.locator('input:not([type=hidden])').count(), 0);
            assert.equal(await page.locator('form#sign-in').count(), 0);
            assert.match(await guild.innerText(), /Weavers' Guild/);
            assert.match(await page.locator('#social-github').innerText(), /GitHub/);
            const logos = await page.locator('.logto_social-button img').evaluateAll((images) => images.map(({ currentSrc, naturalWidth }) => [currentSrc, naturalWidth > 0]));
            assert.deepEqual(logos[0], [`${world.guild.url}/${look === 'dark' ? 'dark' : 'logo'}.svg`, true]);
            assert.ok(new URL(logos[1][0]).pathname.includes('github') && logos[1][1], JSON.stringify(logos));
            const [inner, outer] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
            assert.ok(inner <= outer, 'nothing overflows');
            mkdirSync(scratch, { recursive: true });
            await page.screenshot({ path: join(scratch, `social-only ${world.database} ${look}.png`) });
          },
          options,
        ));
    }

    test('a new person signs in by the provider, and again', () =>
      world.page('by the provider', async (page, context) => {
        const subjects = new Set();
        for (let time = 0; time < 2; time += 1) {
          await context.clearCookies();
          await page.goto(`${world.url}/logto/sign-in`);
          await page.locator('#social-guild').click();
          await page.locator('#as-wen').click();
          await page.locator('#home').waitFor();
          const { body } = await ask(page, '/user');
          assert.equal(body.userInfo.name, 'Wen Weaver');
          subjects.add(body.userInfo.sub);
        }
        assert.equal(subjects.size, 1);
      }));

    test('a password that is right opens nothing, and nobody registers with one', () =>
      world.page('no password', async (page) => {
        await page.goto(`${world.url}/logto/sign-in`);
        const csrf = new URL(await page.locator('#social-guild').getAttribute('href'), page.url()).searchParams.get('csrf');
        const { username: identifier, password } = world.person;
        const { origin, search } = new URL(page.url());
        for (const [path, fields] of [['/sign-in', { identifier, password }], ['/register', { username: 'newcomer', password }]]) {
          const answer = await page.request.post(`${origin}${path}${search}`, { form: { csrf, ...fields }, headers: { origin } });
          assert.equal(answer.status(), 200, path);
          assert.ok(answer.url().startsWith(`${origin}/`), answer.url());
          assert.match(await answer.text(), /id="social-guild"/, `${path} leads to the page with the buttons`);
        }
        await page.goto(`${world.url}/logto/sign-in`);
        await page.locator('#social-guild').waitFor();
        await assert.rejects(world.hufu.command('user', 'show', 'newcomer', '--json'));
      }));
  },
  {
    async prepare(world) {
      const { hufu } = world;
      world.url = await address();
      world.person = await hufu.createUser({ username: 'ann', name: 'Ann Example' });
      const logos = Object.entries({ logo: '#7a1f3d', dark: '#f2c14e' });
      world.guild = await githubShaped({
        port: await freePort(),
        client,
        people: { wen: { user: { uid: 'w-1', full: 'Wen Weaver' } } },
        files: Object.fromEntries(logos.map(([name, colour]) => [`/${name}.svg`, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M2 2h20v20H2zM7 2v20M12 2v20M17 2v20" fill="none" stroke="${colour}" stroke-width="3"/></svg>`])),
      });
      world.github = await githubShaped({ port: await freePort(), client, people: { gil } });
      for (const server of [world.guild, world.github]) world.later(() => server.stop());
      const block = await hufu.createApp('logto-sdk', world.url);
      const document = join(world.hufu.database.folder, 'social-only.yaml');
      await writeFile(document, socialOnly(world));
      await hufu.command('apply', document);
      // The running server takes settings up that a command has changed.
      const shown = async () => (await (await fetch(`${hufu.endpoint}/api/.well-known/sign-in-exp`)).json()).socialConnectors;
      for (let waited = 0; (await shown()).length < 2 && waited < 20_000; waited += 100) await sleep(100);
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
