// Signs people in as LibreChat does: Express, express-session, passport, openid-client 6, tokens reused as the application's own.
import express from 'express';
import session from 'express-session';
import cookies from 'cookie-parser';
import jwksRsa from 'jwks-rsa';
import passport from 'passport';
import * as client from 'openid-client';
import { Strategy as OpenIdStrategy } from 'openid-client/passport';
import { ExtractJwt, Strategy as JwtStrategy } from 'passport-jwt';

const env = process.env;
const callback = `${env.DOMAIN_SERVER}${env.OPENID_CALLBACK_URL}`;

const generateNonce = env.OPENID_GENERATE_NONCE === 'true';
const config = await client.discovery(
  new URL(env.OPENID_ISSUER),
  env.OPENID_CLIENT_ID,
  { client_id: env.OPENID_CLIENT_ID, client_secret: env.OPENID_CLIENT_SECRET, redirect_uris: [callback] },
  // Without a method openid-client 6 sends the secret in the body.
  undefined,
);
config[client.clockTolerance] = Number(env.OPENID_CLOCK_TOLERANCE ?? 300);
const metadata = config.serverMetadata();

class Strategy extends OpenIdStrategy {
  currentUrl(request) {
    return new URL(`${env.DOMAIN_SERVER}${request.originalUrl}`);
  }

  authorizationRequestParams(request, options) {
    const parameters = super.authorizationRequestParams(request, options);
    if (options?.state && !parameters.has('state')) parameters.set('state', options.state);
    if (env.OPENID_AUDIENCE) parameters.set('audience', env.OPENID_AUDIENCE);
    if (generateNonce) parameters.set('nonce', client.randomNonce());
    return parameters;
  }
}

passport.use(
  'openid',
  new Strategy(
    { config, scope: env.OPENID_SCOPE, callbackURL: callback, usePKCE: env.OPENID_USE_PKCE === 'true' },
    async (tokens, done) => {
      try {
        const claims = tokens.claims();
        const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
        const user = { ...claims, ...userinfo };
        const name = user[env.OPENID_NAME_CLAIM] ?? user.given_name ?? user.family_name ?? user.username ?? user.email;
        const username = user.preferred_username ?? user.username ?? user.email;
        if (!user.email) throw new Error('no email');
        done(null, { id: claims.sub, name, username, email: user.email, emailVerified: user.email_verified ?? false, claims, userinfo, tokens });
      } catch (error) {
        done(error);
      }
    },
  ),
);

passport.use(
  'openidJwt',
  new JwtStrategy(
    {
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKeyProvider: jwksRsa.passportJwtSecret({ cache: true, cacheMaxAge: 60_000, jwksUri: metadata.jwks_uri }),
      audience: [env.OPENID_CLIENT_ID, ...(env.OPENID_AUDIENCE?.split(',') ?? [])],
    },
    (payload, done) => {
      const issuer = (text) => text.replace(/\/$/, '');
      done(null, issuer(payload.iss) === issuer(metadata.issuer) ? payload : false, { message: 'issuer' });
    },
  ),
);

const app = express();
app.use(express.json(), cookies());
app.use(session({ name: 'librechat.sid', secret: env.OPENID_SESSION_SECRET, resave: false, saveUninitialized: false, cookie: { sameSite: 'lax' } }));
app.use(passport.initialize());

app.get('/health', (_, response) => response.send('OK'));
app.get('/', (request, response) => response.send(request.session.tokens ? '<h1 id="chat">Chat</h1>' : '<a id="openid" href="/oauth/openid">Continue with OpenID</a>'));
app.get('/login', (_, response) => response.send('<h1 id="login">Welcome back</h1><a id="openid" href="/oauth/openid">Continue with OpenID</a>'));

app.get('/oauth/openid', (request, response, next) => passport.authenticate('openid', { session: false, state: client.randomState() })(request, response, next));
app.get(
  '/oauth/openid/callback',
  passport.authenticate('openid', { failureRedirect: '/oauth/error', failureMessage: true, session: false }),
  (request, response) => {
    const { tokens, ...user } = request.user;
    request.session.user = user;
    keep(request, tokens);
    response.redirect(env.DOMAIN_CLIENT);
  },
);
app.get('/oauth/error', (request, response) => response.status(401).json({ messages: request.session.messages }));

function keep(request, tokens) {
  const kept = request.session.tokens ?? {};
  request.session.tokens = {
    access_token: tokens.access_token,
    id_token: tokens.id_token ?? kept.id_token,
    refresh_token: tokens.refresh_token ?? kept.refresh_token,
    expires_in: tokens.expires_in,
    scope: tokens.scope,
  };
}

app.get('/api/session', (request, response) => response.json({ user: request.session.user ?? null, tokens: request.session.tokens ?? null }));
app.get('/api/user', passport.authenticate('openidJwt', { session: false }), (request, response) => response.json(request.user));

async function refreshed(refreshToken) {
  const parameters = new URLSearchParams();
  if (env.OPENID_SCOPE) parameters.set('scope', env.OPENID_SCOPE);
  if (env.OPENID_REFRESH_AUDIENCE) parameters.set('audience', env.OPENID_REFRESH_AUDIENCE);
  const tokens = await client.refreshTokenGrant(config, refreshToken, parameters);
  const claims = tokens.claims();
  if (!claims?.sub) throw new Error('the refreshed tokens have no claims');
  return { tokens, claims };
}

app.post('/api/auth/refresh', async (request, response) => {
  try {
    const { tokens } = await refreshed(request.session.tokens.refresh_token);
    keep(request, tokens);
    // The bearer of LibreChat's own requests.
    response.json({ token: request.session.tokens.id_token, user: request.session.user });
  } catch (error) {
    response.status(403).json({ message: 'Invalid OpenID refresh token', error: error.error ?? error.message });
  }
});

// What three tabs do when they wake up together.
app.post('/api/auth/refresh/three-tabs', async (request, response) => {
  const { refresh_token } = request.session.tokens;
  const results = await Promise.allSettled([1, 2, 3].map(() => refreshed(refresh_token)));
  const fulfilled = results.filter(({ status }) => status === 'fulfilled').map(({ value }) => value);
  if (fulfilled.length > 0) keep(request, fulfilled[0].tokens);
  response.json({
    succeeded: fulfilled.length,
    successors: [...new Set(fulfilled.map(({ tokens }) => tokens.refresh_token))].length,
    subjects: [...new Set(fulfilled.map(({ claims }) => claims.sub))],
    errors: results.filter(({ status }) => status === 'rejected').map(({ reason }) => reason.error ?? reason.message),
  });
});

app.post('/api/auth/logout', (request, response) => {
  const { tokens, user } = request.session;
  const redirect = new URL(metadata.end_session_endpoint);
  redirect.searchParams.set('post_logout_redirect_uri', env.OPENID_POST_LOGOUT_REDIRECT_URI);
  const withHint = new URL(redirect);
  if (tokens?.id_token) withHint.searchParams.set('id_token_hint', tokens.id_token);
  if (tokens?.id_token && withHint.href.length <= Number(env.OPENID_MAX_LOGOUT_URL_LENGTH ?? 2000)) {
    redirect.search = withHint.search;
  } else {
    if (tokens?.id_token) redirect.searchParams.set('logout_hint', user.email ?? user.username);
    redirect.searchParams.set('client_id', env.OPENID_CLIENT_ID);
  }
  request.session.destroy(() => response.json({ message: 'Logout successful', redirect: env.OPENID_USE_END_SESSION_ENDPOINT === 'true' ? redirect.href : undefined }));
});

app.use((error, _request, response, _next) => {
  console.error(error);
  response.status(500).json({ error: error.error ?? error.code ?? error.message, message: error.message, cause: String(error.cause?.message ?? '') });
});
app.listen(Number(env.LISTEN_PORT), '127.0.0.1');
