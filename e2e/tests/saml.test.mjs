import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createManagementApi } from '@logto/api/management';
import { SAML } from '@node-saml/node-saml';
import { python } from '../support/application.mjs';
import { signIn } from '../support/browser.mjs';
import { root, run } from '../support/process.mjs';
import { ServiceProvider } from '../support/service-provider.mjs';
import { onEachDatabase } from '../support/suite.mjs';

const indicator = 'https://default.logto.app/api';
const post = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST';
const hostile = `"><script>document.title='owned'</script><b x='&amp; 虎`;

onEachDatabase(
  'a SAML service provider',
  (world) => {
    const call = async (method, path, options = {}) => {
      const { data, error, response } = await world.api[method](path, options);
      assert.ok(response.ok, `${method} ${path}: ${response.status} ${JSON.stringify(error)}`);
      return data;
    };
    const at = (params) => ({ params: { path: params } });

    /** An application for the service provider, which trusts what our metadata says. */
    const register = async (provider, settings = {}, options = {}) => {
      const application = await call('POST', '/api/saml-applications', {
        body: { name: 'Wiki', entityId: provider.entityId, acsUrl: { binding: post, url: provider.acsUrl }, ...settings },
      });
      const idp = await described(world, application.id);
      provider.trusts({ ...idp, ...options });
      return { ...application, ...idp };
    };
    const secrets = (id) => call('GET', '/api/saml-applications/{id}/secrets', at({ id }));
    /** From the service provider's button to its home page. */
    const enter = async (page, provider, relayState = '') => {
      await page.goto(`${provider.url}/login?${new URLSearchParams({ RelayState: relayState })}`);
      await signIn(page, world.ann);
      await page.locator('#home').waitFor();
      return provider.profile;
    };

    test('by the redirect binding: who signed in arrives with attributes, and RelayState comes back whatever is in it', () =>
      world.page('redirect', async (page) => {
        const complaints = [];
        page.on('console', (message) => complaints.push(message.text()));
        const { id } = await register(world.provider);
        const profile = await enter(page, world.provider, hostile);
        assert.equal(profile.nameID, world.ann.id);
        assert.equal(profile.nameIDFormat, 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent');
        assert.deepEqual(profile.attributes, { sub: world.ann.id, email: world.ann.email, name: world.ann.name });
        assert.match(profile.sessionIndex, /^_/);
        assert.equal(profile.issuer, `${world.hufu.endpoint}/saml/${id}`);
        assert.equal(world.provider.received.RelayState, hostile);
        assert.equal(await page.title(), 'home');
        assert.deepEqual(complaints, [], 'nothing offends the policy');
      }));

    test('by the POST binding, with a mapping and names by e-mail address', () =>
      world.page('post', async (page) => {
        const role = await call('POST', '/api/roles', { body: { name: `clerks ${world.database}`, description: 'Clerks' } });
        await call('POST', '/api/users/{userId}/roles', { ...at({ userId: world.ann.id }), body: { roleIds: [role.id] }, parseAs: 'text' });
        await register(
          world.provider,
          {
            attributeMapping: { email: 'urn:oid:0.9.2342.19200300.100.1.3', roles: 'groups', email_verified: 'verified' },
            nameIdFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
          },
          { authnRequestBinding: 'HTTP-POST' },
        );
        const profile = await enter(page, world.provider, 'deep/link');
        assert.equal(profile.nameID, world.ann.email);
        assert.deepEqual(profile.attributes, { 'urn:oid:0.9.2342.19200300.100.1.3': world.ann.email, groups: role.name, verified: 'true' });
        assert.equal(world.provider.received.RelayState, 'deep/link');
      }));

    test('two tabs sign in at once, and both arrive', () =>
      world.page('tabs', async (page, context) => {
        await register(world.provider, {}, { authnRequestBinding: 'HTTP-POST' });
        const other = await context.newPage();
        await page.goto(`${world.provider.url}/login`);
        await page.locator('input[name=identifier]').waitFor();
        await enter(other, world.provider);
        await signIn(page, world.ann);
        await page.locator('#home').waitFor();
      }));

    test('without JavaScript the answer goes on by its button', () =>
      world.page('script', async (page) => {
        await register(world.provider);
        await page.goto(`${world.provider.url}/login`);
        await signIn(page, world.ann);
        await page.locator('form[method=post] button[type=submit]').click();
        await page.locator('#home').waitFor();
      }, { javaScriptEnabled: false }));

    test('people may end at another origin than the one that takes the answers', () =>
      world.page('elsewhere', async (page) => {
        const provider = await ServiceProvider.start();
        provider.home = `${provider.url.replace('127.0.0.1', 'localhost')}/home`;
        world.later(() => provider.stop());
        await register(provider);
        await enter(page, provider);
        assert.equal(page.url(), provider.home);
      }));

    for (const encryptThenSign of [true, false]) {
      test(`an assertion that only the service provider can read, ${encryptThenSign ? 'and the answer signed around it' : 'signed within'}`, () =>
        world.page(`encrypted ${encryptThenSign}`, async (page) => {
          const { certificate, key } = world.encryption;
          await register(
            world.provider,
            { encryption: { encryptAssertion: true, encryptThenSign, certificate } },
            { decryptionPvk: key, wantAuthnResponseSigned: encryptThenSign },
          );
          const profile = await enter(page, world.provider);
          assert.equal(profile.attributes.email, world.ann.email);
          const xml = Buffer.from(world.provider.received.SAMLResponse, 'base64').toString();
          assert.match(xml, /<saml:EncryptedAssertion/);
          assert.ok(!xml.includes(world.ann.email));
        }));
    }

    test('an answer is refused when it is changed, used again, or for somebody else', () =>
      world.page('tampered', async (page) => {
        const { id } = await register(world.provider);
        await enter(page, world.provider);
        const { SAMLResponse } = world.provider.received;
        const xml = Buffer.from(SAMLResponse, 'base64').toString();
        const read = (text, options = {}) => {
          const saml = new SAML({ ...world.provider.options, validateInResponseTo: 'never', ...options });
          return saml.validatePostResponseAsync({ SAMLResponse: Buffer.from(text).toString('base64') });
        };
        assert.equal((await read(xml)).profile.nameID, world.ann.id);
        const changed = [
          xml.replace(`>${world.ann.id}</saml:NameID>`, '>somebody</saml:NameID>'),
          xml.replace(world.ann.email, 'root@example.com'),
          xml.replace(/<ds:Signature .*?<\/ds:Signature>/s, ''),
          xml.replace(/(<samlp:Response[^>]*InResponseTo=")[^"]*/, '$1_other'),
        ];
        for (const text of changed) {
          assert.notEqual(text, xml);
          await assert.rejects(read(text), /signature/i);
        }
        await assert.rejects(read(xml, { audience: 'https://other.example.com' }), /audience/i);
        const other = await register(await other_provider(world));
        await assert.rejects(read(xml, { idpCert: other.certificate }), /signature/i);
        // The service provider has had an answer to its request.
        await assert.rejects(world.provider.saml.validatePostResponseAsync({ SAMLResponse }), /InResponseTo/);
        assert.notEqual(other.id, id);
      }));

    test('a new key signs once it is active, and the metadata says so', () =>
      world.page('rotation', async (page) => {
        const { id, certificate } = await register(world.provider);
        const made = await call('POST', '/api/saml-applications/{id}/secrets', { ...at({ id }), body: { lifeSpanInYears: 1 } });
        assert.equal(made.active, false);
        assert.equal(new X509Certificate(made.certificate).fingerprint256, made.fingerprints.sha256.formatted);
        assert.equal((await described(world, id)).certificate, certificate, 'not yet');
        const rotated = await call('PATCH', '/api/saml-applications/{id}/secrets/{secretId}', { ...at({ id, secretId: made.id }), body: { active: true } });
        assert.equal(rotated.active, true);
        assert.deepEqual((await secrets(id)).filter(({ active }) => active).map((secret) => secret.id), [made.id]);
        await page.goto(`${world.provider.url}/login`);
        await signIn(page, world.ann);
        await page.locator('#refused').waitFor();
        assert.match(world.provider.refusal, /signature/i, 'it still trusts the old key');
        const idp = await described(world, id);
        assert.equal(idp.certificate, made.certificate.replaceAll(/-----[^-]+-----|\s/g, ''));
        world.provider.trusts(idp);
        await enter(page, world.provider);
      }));

    test('python3-saml verifies, decrypts and reads the answer', () =>
      world.page('python', async (page) => {
        const { certificate, key } = world.encryption;
        const { id, certificate: signing } = await register(
          world.provider,
          { encryption: { encryptAssertion: true, encryptThenSign: true, certificate } },
          { decryptionPvk: key, validateInResponseTo: 'never' },
        );
        await enter(page, world.provider);
        const { SAMLResponse } = world.provider.received;
        const [, requestId] = /InResponseTo="([^"]+)"/.exec(Buffer.from(SAMLResponse, 'base64').toString());
        const { host, port } = new URL(world.provider.url);
        const settings = {
          strict: true,
          idp: { entityId: `${world.hufu.endpoint}/saml/${id}`, singleSignOnService: { url: `${world.hufu.endpoint}/api/saml/${id}/authn` }, x509cert: signing },
          sp: {
            entityId: world.provider.entityId,
            assertionConsumerService: { url: world.provider.acsUrl },
            x509cert: certificate.replaceAll(/-----[^-]+-----|\s/g, ''),
            privateKey: key.replaceAll(/-----[^-]+-----|\s/g, ''),
          },
          security: { wantMessagesSigned: true, wantAssertionsSigned: true, wantAssertionsEncrypted: true, wantNameId: true, rejectDeprecatedAlgorithm: true },
        };
        const request = { https: 'off', http_host: host, server_port: port, script_name: '/acs', get_data: {}, post_data: { SAMLResponse } };
        const read = async (response) => JSON.parse(await run(python(), [join(root, 'apps/saml_response.py')], { input: JSON.stringify({ settings, response, request, requestId }) }));
        const told = await read(SAMLResponse);
        assert.deepEqual(
          [told.error, told.isValid, told.nameId, told.attributes.email],
          [null, true, world.ann.id, [world.ann.email]],
        );
        const xml = Buffer.from(SAMLResponse, 'base64').toString().replace(/(InResponseTo=")_/, '$1__');
        assert.equal((await read(Buffer.from(xml).toString('base64'))).isValid, false);
      }));

    test('who may not use the application is told so, and the service provider hears nothing', () =>
      world.page('denied', async (page) => {
        const { id } = await register(world.provider);
        const rules = { userIds: [world.bob.id], userRoleIds: [], organizationIds: [], organizationRoleRules: [] };
        await call('PUT', '/api/applications/{applicationId}/access-control', { ...at({ applicationId: id }), body: rules });
        await call('PATCH', '/api/saml-applications/{id}', { ...at({ id }), body: { appLevelAccessControlEnabled: true } });
        world.provider.received = undefined;
        await page.goto(`${world.provider.url}/login`);
        await signIn(page, world.ann);
        await page.locator('#message').waitFor();
        assert.equal(await page.locator('#message').innerText(), 'This application is not open to you');
        assert.equal(world.provider.received, undefined);
      }));
  },
  {
    async prepare(world) {
      const block = await world.hufu.createApp('m2m', undefined, '--audience', indicator, '--name', 'Operator');
      const client = { clientId: block.OIDC_CLIENT_ID, clientSecret: block.OIDC_CLIENT_SECRET };
      world.api = createManagementApi('default', { ...client, baseUrl: world.hufu.endpoint, apiIndicator: indicator }).apiClient;
      world.provider = await ServiceProvider.start();
      world.later(() => world.provider.stop());
      world.encryption = await encryptionKey();
      for (const name of ['ann', 'bob']) {
        const person = await world.hufu.createUser({ username: name, name: `${name} <& "Lee" 虎` });
        const { data } = await world.api.GET('/api/users', { params: { query: { search: `%${name}%` } } });
        world[name] = { ...person, id: data[0].id };
      }
    },
  },
);

async function other_provider(world) {
  const provider = await ServiceProvider.start();
  world.later(() => provider.stop());
  return provider;
}

/** What our metadata says of an identity provider. */
async function described(world, id) {
  const response = await fetch(`${world.hufu.endpoint}/api/saml-applications/${id}/metadata`);
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type'), /^text\/xml/);
  const xml = await response.text();
  const [, certificate] = /<ds:X509Certificate>([^<]+)</.exec(xml);
  const [, ssoUrl] = /HTTP-Redirect" Location="([^"]+)"/.exec(xml);
  return { certificate, ssoUrl };
}

/** A certificate and its key, as an operator of a service provider makes them. */
async function encryptionKey() {
  const folder = await mkdtemp(join(tmpdir(), 'hufu-saml-'));
  const [keyFile, certificateFile] = ['key.pem', 'certificate.pem'].map((name) => join(folder, name));
  await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', keyFile, '-out', certificateFile, '-days', '30', '-subj', '/CN=sp.example.com']);
  const [key, certificate] = await Promise.all([readFile(keyFile, 'utf8'), readFile(certificateFile, 'utf8')]);
  await rm(folder, { recursive: true });
  assert.equal(createPrivateKey(key).asymmetricKeyType, 'rsa');
  return { key, certificate };
}
