// An Express application written with Logto's own SDK, unchanged.
import express from 'express';
import session from 'express-session';
import { handleAuthRoutes, withLogto, UserScope } from '@logto/express';
import NodeClient from '@logto/node';

const env = process.env;
const config = {
  endpoint: env.LOGTO_ENDPOINT,
  appId: env.LOGTO_APP_ID,
  appSecret: env.LOGTO_APP_SECRET,
  baseUrl: env.LOGTO_BASE_URL,
  scopes: [UserScope.Email],
  resources: env.LOGTO_RESOURCE ? [env.LOGTO_RESOURCE] : [],
};

const app = express();
app.use(session({ name: env.SESSION_NAME ?? 'logto.sid', secret: env.LOGTO_COOKIE_SECRET, resave: false, saveUninitialized: false }));
app.get('/health', (_, response) => response.send('OK'));
app.use(handleAuthRoutes(config));
app.get('/', withLogto(config), (request, response) => response.send(request.user.isAuthenticated ? '<h1 id="home">Signed in</h1>' : '<h1 id="login">Signed out</h1>'));
app.get('/user', withLogto({ ...config, fetchUserInfo: true }), (request, response) => response.json(request.user));
// A token for the API, minted from the refresh token.
app.get('/token', withLogto({ ...config, getAccessToken: true, resource: env.LOGTO_RESOURCE }), (request, response) => response.json({ token: request.user.accessToken }));
// What the SDK keeps: the token for userinfo, and the one that makes others.
app.get('/kept', async (request, response) => {
  const storage = { getItem: async (key) => request.session[key] ?? null, setItem: async (key, value) => { request.session[key] = value; }, removeItem: async (key) => { delete request.session[key]; } };
  const node = new NodeClient(config, { storage, navigate: () => {} });
  response.json({ token: await node.getAccessToken(), refresh: await node.getRefreshToken() });
});
app.use((error, _request, response, _next) => {
  console.error(error);
  response.status(500).json({ error: error.code ?? error.message, data: error.data ?? String(error.cause ?? '') });
});
app.listen(Number(env.LISTEN_PORT), '127.0.0.1');
