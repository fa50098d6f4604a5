// Signs people in as LobeChat (LobeHub 2) does: better-auth with the generic OAuth plugin.
import express from 'express';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { fromNodeHeaders, toNodeHandler } from 'better-auth/node';
import { genericOAuth } from 'better-auth/plugins';

const env = process.env;
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
  const tokens = await auth.api.refreshToken({ headers, body: { providerId: provider } });
  response.json(tokens);
});
app.listen(Number(env.LISTEN_PORT), '127.0.0.1');
