// A SAML service provider: Express with passport-saml, as an application has it.
import { createServer } from 'node:http';
import { Strategy } from '@node-saml/passport-saml';
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import { freePort } from './process.mjs';

export class ServiceProvider {
  #server;
  #strategies = 0;

  /** Listens; `home` is where people go in the end, which may be another origin than the one that takes the answers. */
  static async start({ home } = {}) {
    const provider = new ServiceProvider();
    const port = await freePort();
    provider.url = `http://127.0.0.1:${port}`;
    provider.home = home ?? `${provider.url}/home`;
    provider.entityId = `${provider.url}/metadata`;
    provider.acsUrl = `${provider.url}/acs`;
    provider.app = express();
    provider.#server = createServer(provider.app);
    provider.#routes();
    await new Promise((resolve) => provider.#server.listen(port, '127.0.0.1', resolve));
    return provider;
  }

  /** Trusts this identity provider from now on. */
  trusts({ ssoUrl, certificate, ...options }) {
    this.name = `saml${(this.#strategies += 1)}`;
    this.options = {
      entryPoint: ssoUrl,
      idpCert: certificate,
      issuer: this.entityId,
      callbackUrl: this.acsUrl,
      validateInResponseTo: 'always',
      ...options,
    };
    const strategy = new Strategy(this.options, (profile, done) => done(null, profile), (profile, done) => done(null, profile));
    passport.use(this.name, strategy);
    this.saml = strategy._saml;
  }

  #routes() {
    this.app.use(session({ secret: 'test', resave: false, saveUninitialized: false, name: 'sp' }));
    this.app.use(express.urlencoded({ extended: false }));
    this.app.get('/login', (request, response, next) => passport.authenticate(this.name)(request, response, next));
    this.app.post('/acs', (request, response, next) => {
      this.received = request.body;
      passport.authenticate(this.name, (error, person) => {
        this.refusal = error?.message;
        this.profile = person || undefined;
        if (error || !person) return response.status(401).send(page('refused', error?.message ?? 'nobody'));
        return response.redirect(this.home);
      })(request, response, next);
    });
    this.app.get('/home', (request, response) => response.send(page('home', 'signed in')));
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const page = (id, text) => `<!doctype html><title>${id}</title><link rel="icon" href="data:,"><h1 id="${id}">${text.replaceAll('<', '&lt;')}</h1>`;
