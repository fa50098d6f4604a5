// The built binary, as an operator starts and uses it.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answers, freePort, root, run, start } from './process.mjs';

export const binary = resolve(process.env.HUFU_BIN ?? join(root, '../target/debug/hufu'));

/** KEY=value lines as a shell or dotenv reads them. */
export function environment(text) {
  const lines = text.split('\n').map((line) => /^([A-Z][A-Z0-9_]*)=(?:"(.*)"|(.*))$/.exec(line.trim()));
  return Object.fromEntries(lines.filter(Boolean).map(([, name, quoted, plain]) => [name, quoted?.replaceAll(/\\(.)/g, '$1') ?? plain]));
}

/** A Hufu over one database. It can be stopped, killed and started again; the data stays until `remove`. */
export class Hufu {
  /** @param {{ database: import('./database.mjs').Database, env?: Record<string, string>, endpoint?: string, port?: number }} options */
  static async start({ database, env = {}, endpoint, port, administrator = true }) {
    if (!existsSync(binary)) {
      throw new Error(`There is no binary at ${binary}: run \`cargo build\`, or name another with HUFU_BIN`);
    }
    const hufu = new Hufu();
    hufu.database = database;
    hufu.port = port ?? (await freePort());
    hufu.adminPort = await freePort();
    hufu.direct = `http://localhost:${hufu.port}`;
    hufu.endpoint = endpoint ?? hufu.direct;
    hufu.issuer = `${hufu.endpoint}/oidc`;
    hufu.env = {
      DB_URL: database.url,
      PORT: String(hufu.port),
      ADMIN_PORT: String(hufu.adminPort),
      ENDPOINT: hufu.endpoint,
      HUFU_LISTEN: '127.0.0.1',
      HUFU_OUTBOUND_ALLOW: '127.0.0.0/8,::1',
      HUFU_LOG_FORMAT: 'text',
      ...(administrator ? { HUFU_ADMIN_USERNAME: 'admin', HUFU_ADMIN_PASSWORD: 'correct-horse-battery' } : {}),
      ...env,
    };
    await hufu.resume();
    return hufu;
  }

  /** Starts the server over the data that is there. */
  async resume() {
    this.server = await start(`hufu-${this.port}`, binary, ['serve'], {
      env: this.env,
      cwd: this.database.folder,
      // The addresses are printed once the sockets are open.
      ready: (output) => / is ready/.test(output) && answers(`${this.direct}/oidc/.well-known/openid-configuration`),
    });
  }

  output() {
    return this.server.output();
  }

  /** Runs `hufu …` beside the server and gives what it printed. */
  command(...args) {
    return run(binary, args, { env: this.env, cwd: this.database.folder });
  }

  /** Registers an application from a preset and gives the printed environment block, read as dotenv reads it. */
  async createApp(preset, url, ...options) {
    const printed = await this.command('app', 'create', '--preset', preset, ...(url ? ['--url', url] : []), ...options);
    const block = environment(printed);
    await this.#knows(block);
    return block;
  }

  /** A person. `name` is also what the ID token must carry. */
  async createUser({ username, password = 'A-Long-Enough-Phrase-7', email = `${username}@example.com`, name }) {
    const args = ['user', 'create', '--username', username, '--password', password, '--email', email];
    if (name) args.push('--name', name);
    await this.command(...args);
    return { username, password, email, name };
  }

  /** Waits until the running server has taken up what a command changed. */
  async #knows(block) {
    const value = (ending) => Object.entries(block).find(([name]) => ending.test(name))?.[1];
    const secret = value(/(CLIENT|APP|LOGTO)_SECRET$/);
    const body = new URLSearchParams({ grant_type: 'authorization_code', client_id: value(/(CLIENT|APP|LOGTO)_ID$/), code: 'none', ...(secret ? { client_secret: secret } : {}) });
    const giveUp = Date.now() + 10_000;
    for (;;) {
      const answer = await fetch(`${this.direct}/oidc/token`, { method: 'POST', body, headers: proxied(this.endpoint) });
      const { error } = await answer.json();
      if (error !== 'invalid_client') return;
      if (Date.now() > giveUp) throw new Error(`the server does not know ${body.get('client_id')}`);
      await sleep(100);
    }
  }

  async stop(signal) {
    await this.server.stop(signal);
  }

  async remove() {
    await this.stop();
    await this.database.remove();
  }
}

/** What a reverse proxy adds, for requests that a test sends past it. */
export function proxied(endpoint) {
  const { protocol, host } = new URL(endpoint);
  return { 'x-forwarded-proto': protocol.slice(0, -1), 'x-forwarded-host': host };
}
