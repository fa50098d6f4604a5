import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createManagementApi } from '@logto/api/management';
import { decode } from '../support/jwt.mjs';
import { freePort, root } from '../support/process.mjs';
import { onEachDatabase } from '../support/suite.mjs';

const indicator = 'https://default.logto.app/api';

/** The routes that Logto's own client knows, as `METHOD /path/{}` with their operation ids. */
async function knownToClients() {
  const types = await readFile(`${root}/node_modules/@logto/api/lib/generated-types/management.d.ts`, 'utf8');
  const paths = types.slice(types.indexOf('export interface paths {'), types.indexOf('\nexport interface webhooks') + 1 || undefined);
  const routes = new Map();
  let path;
  for (const line of paths.split('\n')) {
    path = /^ {4}"(\/[^"]*)": \{/.exec(line)?.[1] ?? path;
    const [, method, id] = /^ {8}(get|put|post|delete|patch): operations\["([^"]+)"\]/.exec(line) ?? [];
    if (method) routes.set(`${method} ${path.replaceAll(/\{[^}]*\}/g, '{}')}`, id);
  }
  return routes;
}

/** What Hufu does not offer, and why. */
const leftOut = [
  [/\/authn\//, 'SAML and Hasura'],
  [/\/custom-ui-assets$/, "pages are the operator's through style sheets and phrases"],
  [/\.openapi\.json$|\/swagger\.json$/, 'the document itself is not in the document'],
  [/ \/api\/status$/, 'answers without a token, beside the API'],
];

test('every route that @logto/api knows is there under the name it has there, or is left out on purpose', async () => {
  const document = JSON.parse(await readFile(`${root}/../openapi.json`, 'utf8'));
  const ours = new Map();
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, { operationId }] of Object.entries(methods)) {
      ours.set(`${method} ${path.replaceAll(/\{[^}]*\}/g, '{}')}`, operationId);
    }
  }
  const known = await knownToClients();
  assert.ok(known.size > 250, `${known.size} routes read`);
  const missing = [...known.keys()].filter((route) => !ours.has(route) && !leftOut.some(([pattern]) => pattern.test(route)));
  assert.deepEqual(missing, []);
  const renamed = [...known].filter(([route, id]) => ours.has(route) && ours.get(route) !== id);
  assert.deepEqual(renamed, []);
});

onEachDatabase(
  "an operator's program with @logto/api",
  (world) => {
    /** Calls a route and gives the body of a success. */
    const call = async (method, path, options = {}) => {
      const { data, error, response } = await world.api[method](path, options);
      assert.ok(response.ok, `${method} ${path}: ${response.status} ${JSON.stringify(error)}`);
      return data;
    };
    const at = (params) => ({ params: { path: params } });
    /** Routes without a body answer with the reason phrase, as Logto's do, and the client would read it as JSON. */
    const plain = { parseAs: 'text' };

    test('sets up an API, an application and people, and tokens carry what was given', async () => {
      const resource = await call('POST', '/api/resources', { body: { name: 'Orders', indicator: 'https://orders.example.com' } });
      const scope = await call('POST', '/api/resources/{resourceId}/scopes', {
        ...at({ resourceId: resource.id }),
        body: { name: 'orders:read', description: 'Reads orders' },
      });
      const role = await call('POST', '/api/roles', {
        body: { name: 'clerk', description: 'Reads orders', type: 'MachineToMachine', scopeIds: [scope.id] },
      });
      const application = await call('POST', '/api/applications', { body: { name: 'Reports', type: 'MachineToMachine' } });
      await call('POST', '/api/applications/{applicationId}/roles', { ...at({ applicationId: application.id }), body: { roleIds: [role.id] } });
      const [secret] = await call('GET', '/api/applications/{id}/secrets', at({ id: application.id }));
      const token = await grant(world, application.id, secret.value, { resource: resource.indicator, scope: 'orders:read' });
      assert.equal(token.scope, 'orders:read');
      const { claims } = decode(token.access_token);
      assert.equal(claims.aud, resource.indicator);
      assert.equal(claims.scope, 'orders:read');
      await call('DELETE', '/api/applications/{applicationId}/roles/{roleId}', at({ applicationId: application.id, roleId: role.id }));
      const { claims: without } = decode(
        (await grant(world, application.id, secret.value, { resource: resource.indicator, scope: 'orders:read' })).access_token,
      );
      assert.ok(!without.scope, 'a role that is taken away counts at once');
    });

    test('makes an organization with a member, a role and an invitation, and a machine acts in it', async () => {
      const organization = await call('POST', '/api/organizations', { body: { name: 'Acme', description: 'Makes things' } });
      const scope = await call('POST', '/api/organization-scopes', { body: { name: 'read:plans' } });
      const role = await call('POST', '/api/organization-roles', {
        body: { name: 'planner', type: 'MachineToMachine', organizationScopeIds: [scope.id], resourceScopeIds: [] },
      });
      const user = await call('POST', '/api/users', { body: { username: `fay_${world.database}`, primaryEmail: `fay@${world.database}.example.com`, name: 'Fay' } });
      await call('POST', '/api/organizations/{id}/users', { ...plain, ...at({ id: organization.id }), body: { userIds: [user.id] } });
      const members = await call('GET', '/api/organizations/{id}/users', at({ id: organization.id }));
      assert.deepEqual(members.map(({ id }) => id), [user.id]);
      const invitation = await call('POST', '/api/organization-invitations', {
        body: { organizationId: organization.id, invitee: 'gil@example.com', expiresAt: Date.now() + 86_400_000, messagePayload: false },
      });
      assert.equal(invitation.status, 'Pending');
      const application = await call('POST', '/api/applications', { body: { name: 'Planner', type: 'MachineToMachine' } });
      await call('POST', '/api/organizations/{id}/applications', { ...plain, ...at({ id: organization.id }), body: { applicationIds: [application.id] } });
      await call('POST', '/api/organizations/{id}/applications/{applicationId}/roles', {
        ...plain,
        ...at({ id: organization.id, applicationId: application.id }),
        body: { organizationRoleIds: [role.id] },
      });
      const [secret] = await call('GET', '/api/applications/{id}/secrets', at({ id: application.id }));
      const token = await grant(world, application.id, secret.value, { organization_id: organization.id, scope: 'read:plans' });
      const { claims } = decode(token.access_token);
      assert.equal(claims.aud, `urn:logto:organization:${organization.id}`);
      assert.equal(claims.scope, 'read:plans');
      await call('DELETE', '/api/organizations/{id}', at({ id: organization.id }));
      const refused = await world.api.GET('/api/organizations/{id}', at({ id: organization.id }));
      assert.equal(refused.response.status, 404);
      assert.equal(refused.error.code, 'entity.not_exists_with_id');
    });

    test('finds people page by page, and looks after them', async () => {
      for (let number = 0; number < 25; number += 1) {
        await call('POST', '/api/users', { body: { username: `crowd_${number}`, name: `Crowd ${number}` } });
      }
      const seen = new Set();
      for (let page = 1; ; page += 1) {
        const { data, response } = await world.api.GET('/api/users', { params: { query: { page, page_size: 10, search: '%crowd%' } } });
        assert.equal(response.headers.get('total-number'), '25');
        for (const { id } of data) seen.add(id);
        if (!/rel="next"/.test(response.headers.get('link'))) break;
      }
      assert.equal(seen.size, 25);
      const [userId] = seen;
      await call('PATCH', '/api/users/{userId}/password', { ...at({ userId }), body: { password: 'Plough-Marble-42' } });
      await call('POST', '/api/users/{userId}/password/verify', { ...at({ userId }), body: { password: 'Plough-Marble-42' } });
      const suspended = await call('PATCH', '/api/users/{userId}/is-suspended', { ...at({ userId }), body: { isSuspended: true } });
      assert.equal(suspended.isSuspended, true);
      const totp = await call('POST', '/api/users/{userId}/mfa-verifications', { ...at({ userId }), body: { type: 'Totp' } });
      assert.match(totp.secretQrCode, /^data:image\//);
      const pat = await call('POST', '/api/users/{userId}/personal-access-tokens', { ...at({ userId }), body: { name: 'robot' } });
      assert.match(pat.value, /^pat_/);
      await call('DELETE', '/api/users/{userId}', at({ userId }));
    });

    test("LobeChat's user sync: a change and a suspension arrive, signed over the bytes that were sent", async () => {
      const received = [];
      const port = await freePort();
      const receiver = createServer(async (request, response) => {
        const chunks = [];
        for await (const chunk of request) chunks.push(chunk);
        received.push({ body: Buffer.concat(chunks), signature: request.headers['logto-signature-sha-256'] });
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"success":true}');
      });
      await new Promise((resolve) => receiver.listen(port, '127.0.0.1', resolve));
      world.later(() => new Promise((resolve) => receiver.close(resolve)));
      const hook = await call('POST', '/api/hooks', {
        body: {
          name: 'LobeChat',
          events: ['User.Data.Updated', 'User.SuspensionStatus.Updated'],
          config: { url: `http://127.0.0.1:${port}/api/webhooks/logto` },
        },
      });
      const user = await call('POST', '/api/users', { body: { username: 'hal', primaryEmail: 'hal@example.com', name: 'Hal' } });
      await call('PATCH', '/api/users/{userId}', { ...at({ userId: user.id }), body: { name: 'Hal Nine', avatar: 'https://example.com/hal.png' } });
      await call('PATCH', '/api/users/{userId}/is-suspended', { ...at({ userId: user.id }), body: { isSuspended: true } });
      for (let waited = 0; received.length < 2 && waited < 10_000; waited += 50) await sleep(50);
      const told = received.map(({ body, signature }) => {
        assert.equal(signature, createHmac('sha256', hook.signingKey).update(body).digest('hex'));
        const { event, data } = JSON.parse(body);
        return [event, data.id, data.name, data.avatar, data.primaryEmail, data.isSuspended];
      });
      const person = [user.id, 'Hal Nine', 'https://example.com/hal.png', 'hal@example.com'];
      assert.deepEqual(told, [
        ['User.Data.Updated', ...person, false],
        ['User.SuspensionStatus.Updated', ...person, true],
      ]);
    });
  },
  {
    async prepare(world) {
      const block = await world.hufu.createApp('m2m', undefined, '--audience', indicator, '--name', 'Operator');
      world.client = { clientId: block.OIDC_CLIENT_ID, clientSecret: block.OIDC_CLIENT_SECRET };
      const { apiClient } = createManagementApi('default', { ...world.client, baseUrl: world.hufu.endpoint, apiIndicator: indicator });
      world.api = apiClient;
    },
  },
);

/** A token by client credentials. */
async function grant(world, id, secret, parameters) {
  const response = await fetch(`${world.hufu.issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...parameters }),
  });
  const body = await response.json();
  assert.equal(response.status, 200, JSON.stringify(body));
  return body;
}
