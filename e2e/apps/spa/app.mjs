// Serves the single-page application and the libraries it imports.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import express from 'express';

const env = process.env;
const folder = import.meta.dirname ?? dirname(new URL(import.meta.url).pathname);
const modules = join(folder, '../../node_modules');
const require = createRequire(import.meta.url);

const app = express();
app.get('/health', (_, response) => response.send('OK'));
app.get('/env.json', (_, response) => response.json(Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('OIDC_')))));
app.get('/app.js', (_, response) => response.type('text/javascript').send(readFileSync(join(folder, 'app.js'))));
// Bare imports inside the libraries become addresses, which is all that a bundler would do here.
app.get('/modules/{*path}', (request, response) => {
  const path = join(modules, ...request.params.path);
  const text = readFileSync(path, 'utf8').replaceAll(/(from\s+|import\s*\(?\s*)(['"])([^'"./][^'"]*)\2/g, (whole, lead, quote, name) => {
    const entries = { oauth4webapi: 'oauth4webapi/build/index.js', jose: 'jose/dist/webapi/index.js' };
    const entry = entries[name] ?? (name.startsWith('jose/') ? require.resolve(name).slice(modules.length + 1) : undefined);
    return entry ? `${lead}${quote}/modules/${entry}${quote}` : whole;
  });
  response.type('text/javascript').send(text);
});
app.get(['/', '/callback'], (_, response) => response.type('html').send(readFileSync(join(folder, 'index.html'))));
app.listen(Number(env.LISTEN_PORT), '127.0.0.1');
