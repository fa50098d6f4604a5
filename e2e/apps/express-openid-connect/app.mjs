// An application with Auth0's express-openid-connect, moved to another issuer and to the code flow.
import express from 'express';
import library from 'express-openid-connect';

const { auth, requiresAuth } = library;
const env = process.env;
const app = express();
app.get('/health', (_, response) => response.send('OK'));

// The library keeps sessions of people who signed out elsewhere in a store like this one.
const signedOut = new Map();
const store = {
  get: (id, done) => done(null, signedOut.get(id)),
  set: (id, value, done) => { signedOut.set(id, value); done?.(null); },
  destroy: (id, done) => { signedOut.delete(id); done?.(null); },
};

app.use(
  auth({
    issuerBaseURL: env.LOGTO_ENDPOINT ? `${env.LOGTO_ENDPOINT}/oidc` : env.OIDC_ISSUER,
    baseURL: env.LOGTO_BASE_URL,
    clientID: env.LOGTO_APP_ID,
    clientSecret: env.LOGTO_APP_SECRET,
    secret: env.LOGTO_COOKIE_SECRET,
    authRequired: false,
    idpLogout: true,
    backchannelLogout: { store },
    authorizationParams: { response_type: 'code', scope: 'openid profile email offline_access', ...(env.LOGTO_RESOURCE ? { audience: env.LOGTO_RESOURCE } : {}) },
  }),
);
app.get('/', (request, response) => response.send(request.oidc.isAuthenticated() ? '<h1 id="home">Signed in</h1>' : '<h1 id="login">Signed out</h1>'));
app.get('/user', requiresAuth(), (request, response) => response.json({ ...request.oidc.user, hasRefreshToken: Boolean(request.oidc.refreshToken) }));
app.get('/userinfo', requiresAuth(), async (request, response) => response.json(await request.oidc.fetchUserInfo()));
app.get('/refresh', requiresAuth(), async (request, response) => {
  const before = request.oidc.accessToken.access_token;
  const { access_token } = await request.oidc.accessToken.refresh();
  response.json({ before, after: access_token });
});
app.use((error, _request, response, _next) => {
  console.error(error);
  response.status(error.status ?? 500).json({ error: error.error ?? error.message, description: error.error_description });
});
app.listen(Number(env.LISTEN_PORT), '127.0.0.1');
