// Signs people in as LobeChat 1 did: Auth.js with its Logto provider.
import express from 'express';
import { ExpressAuth, getSession } from '@auth/express';
import Logto from '@auth/core/providers/logto';

const env = process.env;
const config = {
  secret: env.NEXT_AUTH_SECRET,
  trustHost: true,
  providers: [Logto({ clientId: env.AUTH_LOGTO_ID, clientSecret: env.AUTH_LOGTO_SECRET, issuer: env.AUTH_LOGTO_ISSUER })],
  callbacks: {
    jwt({ token, account, profile }) {
      return account ? { ...token, account, profile } : token;
    },
    session({ session, token }) {
      return { ...session, account: token.account, profile: token.profile };
    },
  },
};

const app = express();
app.get('/health', (_, response) => response.send('OK'));
app.use(/^\/api\/auth\/(.*)$/, ExpressAuth(config));
app.get('/', async (request, response) => {
  const session = await getSession(request, config);
  response.send(session ? '<h1 id="chat">Chat</h1>' : '<h1 id="login">Sign in</h1>');
});
app.get('/account', async (request, response) => response.json(await getSession(request, config)));
app.listen(Number(env.LISTEN_PORT), '127.0.0.1');
