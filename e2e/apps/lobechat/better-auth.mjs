// Signs people in as LobeChat (LobeHub 2) does: better-auth with the generic OAuth plugin, in the release that BETTER_AUTH names.
import express from 'express';

const env = process.env;
const { betterAuth } = await import(env.BETTER_AUTH);
const { memoryAdapter } = await import(`${env.BETTER_AUTH}/adapters/memory`);
const { fromNodeHeaders, toNodeHandler } = await import(`${env.BETTER_AUTH}/node`);
const { genericOAuth } = await import(`${env.BETTER_AUTH}/plugins`);

const provider = env.AUTH_SSO_PROVIDERS;
const data = { user: [], session: [], account: [], verification: [] };
const auth = betterAuth({
  baseURL: env.APP_URL,
  secret: env.AUTH_SECRET,
  trustedOrigins: [env.APP_URL],
  database: memoryAdapter(data),
  advanced: { cookiePrefix: 'lobe' },
  account: { accountLinking: { enabled: true, trustedProviders: [provider], allowDifferentEmails: true } },
  plugins: [
    genericOAuth({
      config: [
        {
          providerId: provider,
          clientId: env.AUTH_LOGTO_ID,
          clientSecret: env.AUTH_LOGTO_SECRET,
          discoveryUrl: `${env.AUTH_LOGTO_ISSUER.replace(/\/$/, '')}/.well-known/openid-configuration`,
          scopes: ['openid', 'profile', 'email', 'offline_access'],
          pkce: true,
          mapProfileToUser: (profile) => ({ name: profile.name ?? profile.username ?? profile.email ?? profile.sub }),
        },
      ],
    }),
  ],
});

const app = express();
app.all('/api/auth/{*rest}', toNodeHandler(auth));
app.use(express.json());
app.get('/health', (_, response) => response.send('OK'));
app.get('/', async (request, response) => {
  const session = await auth.api.getSession({ headers: fromNodeHeaders(request.headers) });
  response.send(session ? '<h1 id="chat">Chat</h1>' : '<h1 id="login">Sign in</h1>');
});
// The stored account, with the tokens that LobeChat keeps beside it.
app.get('/account', async (request, response) => {
  const session = await auth.api.getSession({ headers: fromNodeHeaders(request.headers) });
  const account = data.account.find(({ userId }) => userId === session?.user.id);
  response.json({ user: session?.user ?? null, account: account ?? null });
});
app.post('/refresh', async (request, response) => {
  const headers = fromNodeHeaders(request.headers);
  const session = await auth.api.getSession({ headers });
  const { id } = data.account.find(({ userId }) => userId === session?.user.id);
  // Releases before 1.7 name the provider, later ones the account.
  const body = env.BETTER_AUTH.endsWith('-1.6') ? { providerId: provider } : { accountId: id };
  const tokens = await auth.api.refreshToken({ headers, body });
  response.json(tokens);
});
app.listen(Number(env.LISTEN_PORT), '127.0.0.1');
