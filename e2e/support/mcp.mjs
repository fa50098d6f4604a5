// A client and a server of the Model Context Protocol, both of its SDK, and the host of the document that describes the client.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auth } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import express from 'express';
import { decode, isSignedBy } from './jwt.mjs';
import { run } from './process.mjs';

const listen = (server) => new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', () => resolve(server.address().port)));
const close = (server) => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); });

/**
 * A host that serves documents over HTTPS on loopback. Nobody signed its certificate: `authority` is the PEM file that has to be trusted.
 * @returns {Promise<{ at: (path: string) => string, documents: Map<string, object>, asked: string[], authority: string, stop: () => Promise<void> }>}
 */
export async function documentHost() {
  const folder = mkdtempSync(join(tmpdir(), 'hufu-mcp-'));
  const [authority, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await run('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost',
    '-addext', 'subjectAltName=DNS:localhost', '-addext', 'basicConstraints=critical,CA:FALSE', '-keyout', key, '-out', authority,
  ]);
  const [documents, asked] = [new Map(), []];
  const server = createHttpsServer({ cert: readFileSync(authority), key: readFileSync(key) }, (request, response) => {
    asked.push(request.url);
    const document = documents.get(request.url);
    response.writeHead(document ? 200 : 404, { 'content-type': 'application/json', 'cache-control': 'max-age=300' });
    response.end(JSON.stringify(document ?? {}));
  });
  const port = await listen(server);
  const stop = () => close(server).then(() => rm(folder, { recursive: true, force: true }));
  return { at: (path) => `https://localhost:${port}${path}`, documents, asked, authority, stop };
}

/** An MCP server whose tools need a token of `issuer()` for itself (RFC 9728); one that it was given is in `seen`. */
export async function protectedServer(issuer, scopes) {
  const [app, seen] = [express(), []];
  const http = createHttpServer(app);
  const origin = `http://localhost:${await listen(http)}`;
  const resource = `${origin}/mcp`;
  const metadata = `${origin}/.well-known/oauth-protected-resource/mcp`;
  app.get('/.well-known/oauth-protected-resource/mcp', (_, response) =>
    response.json({ resource, authorization_servers: [issuer()], scopes_supported: scopes, bearer_methods_supported: ['header'] }));
  const verifier = {
    async verifyAccessToken(token) {
      seen.push(token);
      if (!(await isSignedBy(issuer(), token).catch(() => false))) throw new InvalidTokenError('the signature is wrong');
      const { header, claims } = decode(token);
      if (header.typ !== 'at+jwt' || claims.iss !== issuer()) throw new InvalidTokenError('it is no access token of the issuer');
      return { token, clientId: claims.client_id, scopes: (claims.scope ?? '').split(' '), expiresAt: claims.exp, resource: new URL(claims.aud), extra: { sub: claims.sub } };
    },
  };
  const guard = requireBearerAuth({ verifier, requiredScopes: ['tools:call'], resourceMetadataUrl: metadata, expectedResource: new URL(resource) });
  app.post('/mcp', guard, express.json(), async (request, response) => {
    const server = new McpServer({ name: 'notes', version: '1.0.0' });
    server.registerTool('whoami', { description: 'Who calls' }, ({ authInfo }) => ({ content: [{ type: 'text', text: authInfo.extra.sub }] }));
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
    response.on('close', () => { transport.close(); server.close(); });
    await server.connect(transport);
    await transport.handleRequest(request, response, request.body);
  });
  app.get('/mcp', (_, response) => response.status(405).end());
  return { resource, seen, stop: () => close(http) };
}

/** A desktop program with an MCP client: it opens a browser, and takes the answer at a loopback port of its own. */
export class DesktopClient {
  /** @param {{ server: string, document: string, path: string }} options the MCP server, the client's document, and the path of its redirect URI */
  static async start({ server, document, path }) {
    const client = new DesktopClient();
    const answered = Promise.withResolvers ? Promise.withResolvers() : deferred();
    client.http = createHttpServer((request, response) => {
      const url = new URL(request.url, client.redirect);
      response.end('You may close this window.');
      if (url.pathname === path) answered.resolve(url.searchParams);
    });
    client.redirect = `http://127.0.0.1:${await listen(client.http)}${path}`;
    client.answered = answered.promise;
    client.server = server;
    const kept = {};
    client.kept = kept;
    client.state = randomBytes(16).toString('base64url');
    client.opened = [];
    client.provider = {
      get redirectUrl() { return client.redirect; },
      clientMetadataUrl: document,
      clientMetadata: { client_name: 'Notes Desktop', redirect_uris: [client.redirect], token_endpoint_auth_method: 'none' },
      state: () => client.state,
      clientInformation: () => kept.client,
      saveClientInformation: (information) => { kept.client = information; },
      tokens: () => kept.tokens,
      saveTokens: (tokens) => { kept.tokens = tokens; },
      codeVerifier: () => kept.verifier,
      saveCodeVerifier: (verifier) => { kept.verifier = verifier; },
      redirectToAuthorization: (url) => { client.opened.push(url); },
    };
    return client;
  }

  /** Begins, as a program does that has no token yet: gives the address to open in a browser. */
  async begin() {
    const result = await auth(this.provider, { serverUrl: this.server });
    if (result !== 'REDIRECT') throw new Error(`the client is ${result}`);
    return String(this.opened.at(-1));
  }

  /** Takes what the browser brings back. */
  async finish() {
    const answer = await this.answered;
    if (answer.get('state') !== this.state) throw new Error('the state is another');
    if (answer.has('error')) throw new Error(answer.get('error'));
    await auth(this.provider, { serverUrl: this.server, authorizationCode: answer.get('code') });
    return answer;
  }

  /** Connects and calls a tool; the SDK refreshes the token by itself when the server turns it away. */
  async call(name) {
    const client = new Client({ name: 'notes-desktop', version: '1.0.0' });
    await client.connect(new StreamableHTTPClientTransport(new URL(this.server), { authProvider: this.provider }));
    const result = await client.callTool({ name });
    await client.close();
    return result.content[0].text;
  }

  stop() {
    return close(this.http);
  }
}

/** Node 20 lacks `Promise.withResolvers`. */
function deferred() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}
