// A server in GitHub's shape: OAuth 2.0 without OpenID, a token endpoint that answers form-encoded unless JSON is asked for, numeric ids,
// and the addresses of a person at a place of their own.
import { randomBytes } from 'node:crypto';
import express from 'express';
import { serve } from './openid.mjs';

/**
 * @param {{ port: number, client: { id: string, secret: string }, people: Record<string, { user: object, emails?: object[] }>, answersFormAlways?: boolean, files?: Record<string, string> }} options
 *   `files` are pictures by path
 */
export async function githubShaped({ port, client, people, answersFormAlways = false, files = {} }) {
  const codes = new Map();
  const tokens = new Map();
  const app = express();
  app.use(express.urlencoded({ extended: false }));

  for (const [path, picture] of Object.entries(files)) app.get(path, (_, response) => response.type('svg').send(picture));

  app.get('/login/oauth/authorize', (request, response) => {
    const { client_id, redirect_uri, state, scope } = request.query;
    if (client_id !== client.id) return response.status(404).send('no such application');
    const hidden = Object.entries({ redirect_uri, state, scope }).map(([name, value]) => `<input type="hidden" name="${name}" value="${escape(value)}">`);
    const buttons = Object.keys(people).map((login) => `<button name="login" value="${login}" id="as-${login}">Continue as ${login}</button>`);
    response.send(`<!doctype html><title>Authorize</title><form method="post" action="/login/oauth/authorize">${hidden.join('')}${buttons.join('')}<button name="deny" value="1" id="deny">Cancel</button></form>`);
  });
  app.post('/login/oauth/authorize', (request, response) => {
    const url = new URL(request.body.redirect_uri);
    if (request.body.state) url.searchParams.set('state', request.body.state);
    if (request.body.deny) {
      url.searchParams.set('error', 'access_denied');
      url.searchParams.set('error_description', 'The user has denied your application access.');
    } else {
      const code = randomBytes(10).toString('hex');
      codes.set(code, request.body.login);
      url.searchParams.set('code', code);
    }
    response.redirect(303, url.href);
  });
  app.post('/login/oauth/access_token', (request, response) => {
    const { client_id, client_secret, code } = request.body;
    const login = codes.get(code);
    codes.delete(code);
    const wrong = client_id !== client.id || client_secret !== client.secret ? 'incorrect_client_credentials' : login ? undefined : 'bad_verification_code';
    const token = `gho_${randomBytes(18).toString('hex')}`;
    if (!wrong) tokens.set(token, login);
    // GitHub answers 200 even when it refuses.
    const answer = wrong ? { error: wrong, error_description: 'refused' } : { access_token: token, token_type: 'bearer', scope: 'read:user,user:email', expires_in: 28800 };
    if (request.accepts(['application/x-www-form-urlencoded', 'json']) === 'json' && !answersFormAlways) return response.json(answer);
    response.type('application/x-www-form-urlencoded').send(new URLSearchParams(answer).toString());
  });
  const person = (request, response, next) => {
    const [kind, token] = (request.get('authorization') ?? '').split(' ');
    request.person = /^(bearer|token)$/i.test(kind) ? people[tokens.get(token)] : undefined;
    return request.person ? next() : response.status(401).json({ message: 'Bad credentials' });
  };
  app.get('/user', person, (request, response) => response.json(request.person.user));
  app.get('/user/emails', person, (request, response) => (request.person.emails ? response.json(request.person.emails) : response.status(404).json({ message: 'Not Found' })));
  return serve(app, port, { url: `http://127.0.0.1:${port}` });
}

const escape = (text = '') => String(text).replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
