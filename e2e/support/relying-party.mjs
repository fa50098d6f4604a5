// A client of openid-client without an application around it, for tests of single parameters: the answer is caught at the redirect URI.
import { createServer } from 'node:http';
import * as client from 'openid-client';

export class RelyingParty {
  #server;
  #page;
  #arrive = () => {};

  /** @param {Record<string, string>} block what `hufu app create --preset spa` printed */
  static async of(block) {
    const party = new RelyingParty();
    party.redirectUri = block.OIDC_REDIRECT_URI;
    party.scope = block.OIDC_SCOPE;
    party.config = await client.discovery(new URL(block.OIDC_ISSUER), block.OIDC_CLIENT_ID, undefined, client.None(), { execute: [client.allowInsecureRequests] });
    await party.#listen();
    return party;
  }

  /** Answers at the redirect URI, and remembers what came there. */
  async #listen() {
    const { port, pathname } = new URL(this.redirectUri);
    this.#server = createServer(async (request, response) => {
      const body = (await request.setEncoding('utf8').toArray()).join('');
      const url = new URL(request.url, this.redirectUri);
      if (url.pathname === pathname) this.#arrive({ url: url.href, method: request.method, body });
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><title>back</title><link rel="icon" href="data:,"><h1 id="back">back</h1>');
    });
    await new Promise((resolve) => this.#server.listen(Number(port), '127.0.0.1', resolve));
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Opens the authorization address in `page`; the answer is taken by `answer` or `tokens`. */
  async begin(page, parameters = {}, { pushed = false } = {}) {
    const flow = { verifier: client.randomPKCECodeVerifier(), state: client.randomState(), nonce: client.randomNonce() };
    flow.arrival = new Promise((resolve) => { this.#arrive = resolve; });
    this.#page = page;
    const all = {
      redirect_uri: this.redirectUri,
      scope: this.scope,
      code_challenge: await client.calculatePKCECodeChallenge(flow.verifier),
      code_challenge_method: 'S256',
      state: flow.state,
      nonce: flow.nonce,
      ...parameters,
    };
    const url = pushed ? await client.buildAuthorizationUrlWithPAR(this.config, all) : client.buildAuthorizationUrl(this.config, all);
    flow.url = url;
    await page.goto(url.href);
    return flow;
  }

  /** The parameters that came back, wherever the response mode put them. */
  async answer(flow) {
    await this.#page.locator('#back').waitFor();
    const { url, body } = await flow.arrival;
    const { search, hash } = new URL(this.#page.url());
    return Object.fromEntries(new URLSearchParams(body || (hash ? hash.slice(1) : search || new URL(url).search)));
  }

  /** The tokens for the code that came back. */
  async tokens(flow, checks = {}) {
    const answer = await this.answer(flow);
    const url = new URL(this.redirectUri);
    url.search = new URLSearchParams(answer);
    return client.authorizationCodeGrant(this.config, url, { pkceCodeVerifier: flow.verifier, expectedState: flow.state, expectedNonce: flow.nonce, idTokenExpected: true, ...checks });
  }

  /** Uses a refresh token. */
  refresh(token) {
    return client.refreshTokenGrant(this.config, token);
  }
}
