import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createManagementApi } from '@logto/api/management';
import { signIn } from '../support/browser.mjs';
import { Hufu } from '../support/hufu.mjs';
import { decode } from '../support/jwt.mjs';
import { DesktopClient, documentHost, protectedServer } from '../support/mcp.mjs';
import { onEachDatabase } from '../support/suite.mjs';

const indicator = 'https://default.logto.app/api';
const path = '/oauth/client-metadata.json';
const callback = '/oauth/callback';
const scopes = ['openid', 'offline_access', 'tools:call'];

onEachDatabase(
  'an MCP client that nobody registered',
  (world) => {
    const begin = async () => {
      const client = await DesktopClient.start({ server: world.mcp.resource, document: world.host.at(path), path: callback });
      world.later(() => client.stop());
      return client;
    };

    test('is known by its document, is agreed to by the person, gets a token for the server it names, and refreshes it', () =>
      world.page('consent', async (page) => {
        const client = await begin();
        await page.goto(await client.begin());
        assert.equal(client.kept.client.client_id, world.host.at(path), 'found by discovery, without registration');
        await signIn(page, world.person);
        await page.locator('#unregistered').waitFor();
        const told = await page.locator('main').innerText();
        const { host } = new URL(world.host.at('/'));
        for (const text of [`${host} would like to use your account`, world.host.at(path), '“Notes Desktop”', new URL(client.redirect).host]) {
          assert.ok(told.includes(text), `${text}: ${told}`);
        }
        await page.locator('#consent-allow').click({ noWaitAfter: true });
        const answer = await client.finish();
        assert.equal(answer.get('iss'), world.hufu.issuer);
        const { claims } = decode(client.kept.tokens.access_token);
        assert.equal(claims.aud, world.mcp.resource);
        assert.equal(claims.client_id, world.host.at(path));
        assert.equal(claims.scope, scopes.join(' '));
        assert.equal(await client.call('whoami'), claims.sub);

        // The server turns this one away, as it does when the token has expired.
        const before = client.kept.tokens;
        client.kept.tokens = { ...before, access_token: `${before.access_token.slice(0, -20)}${'A'.repeat(20)}` };
        assert.equal(await client.call('whoami'), claims.sub);
        const after = client.kept.tokens;
        assert.equal(decode(after.access_token).claims.aud, world.mcp.resource);
        assert.notEqual(after.refresh_token, before.refresh_token, 'rotated');
        assert.equal(client.opened.length, 1, 'nobody was asked again');
        assert.equal(world.host.asked.filter((asked) => asked === path).length, 1, 'the document was fetched once');
      }));

    test('is asked about again at the next sign-in, and a no is told to it', () =>
      world.page('declined', async (page) => {
        const first = await begin();
        await page.goto(await first.begin());
        await signIn(page, world.person);
        await page.locator('#consent-allow').click({ noWaitAfter: true });
        await first.finish();
        await page.getByText('You may close this window').waitFor();
        const second = await begin();
        await page.goto(await second.begin());
        await page.locator('#consent-deny').click({ noWaitAfter: true });
        await assert.rejects(second.finish(), /access_denied/);
      }));

    test('has no way in with a document that speaks for another, or once such clients are off', () =>
      world.page('refused', async (page) => {
        world.host.documents.set('/evil.json', { ...world.host.documents.get(path), redirect_uris: ['https://evil.example.com/'] });
        const client = await begin();
        const url = new URL(await client.begin());
        url.searchParams.set('client_id', world.host.at('/evil.json'));
        await page.goto(String(url));
        assert.match(await page.locator('body').innerText(), /client_id is not the address it is served at/);
        assert.equal(new URL(page.url()).origin, world.hufu.endpoint);

        await world.call('PATCH', '/api/configs/cimd', { body: { enabled: false } });
        await page.goto(client.opened[0].href);
        assert.match(await page.locator('body').innerText(), /takes no such clients/);
        await world.call('PATCH', '/api/configs/cimd', { body: { enabled: true } });
      }));
  },
  {
    async start(database, world) {
      world.host = await documentHost();
      world.later(() => world.host.stop());
      return Hufu.start({ database, env: { HUFU_OUTBOUND_CA: world.host.authority } });
    },
    async prepare(world) {
      world.host.documents.set(path, {
        client_id: world.host.at(path),
        client_name: 'Notes Desktop',
        // Without a port: a program on the person's device takes the one that is free.
        redirect_uris: [`http://127.0.0.1${callback}`],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
        application_type: 'native',
        software_id: 'unknown members are passed over',
      });
      world.mcp = await protectedServer(() => world.hufu.issuer, scopes);
      world.later(() => world.mcp.stop());
      world.person = await world.hufu.createUser({ username: 'mia', name: 'Mia Example' });
      await setUp(world);
    },
  },
);

/** What an operator does once: the API of the MCP server, who may call it, and that unregistered clients may ask for it. */
async function setUp(world) {
  const machine = await world.hufu.createApp('m2m', undefined, '--audience', indicator, '--name', 'Operator');
  const client = { clientId: machine.OIDC_CLIENT_ID, clientSecret: machine.OIDC_CLIENT_SECRET };
  const { apiClient } = createManagementApi('default', { ...client, baseUrl: world.hufu.endpoint, apiIndicator: indicator });
  world.call = async (method, route, options) => {
    const { data, error, response } = await apiClient[method](route, options);
    assert.ok(response.ok, `${method} ${route}: ${response.status} ${JSON.stringify(error)}`);
    return data;
  };
  const at = (id) => ({ params: { path: { id } } });
  const resource = await world.call('POST', '/api/resources', { body: { name: 'Notes', indicator: world.mcp.resource } });
  const scope = await world.call('POST', '/api/resources/{id}/scopes', { ...at(resource.id), body: { name: 'tools:call', description: 'Call tools' } });
  const role = await world.call('POST', '/api/roles', { body: { name: 'notes', description: 'Notes', type: 'User', scopeIds: [scope.id] } });
  const [person] = await world.call('GET', '/api/users', { params: { query: { 'search.username': world.person.username } } });
  await world.call('POST', '/api/users/{id}/roles', { ...at(person.id), body: { roleIds: [role.id] }, parseAs: 'text' });
  await world.call('PATCH', '/api/configs/cimd', { body: { enabled: true } });
  await world.call('POST', '/api/cimd/user-consent-scopes', { body: { resourceScopes: [scope.id] }, parseAs: 'text' });
}
