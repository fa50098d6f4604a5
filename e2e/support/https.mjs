// Reverse proxies with HTTPS in front of Hufu: Caddy with its own authority, nginx with a certificate made here. Loopback only.
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, run, start } from './process.mjs';

/**
 * @typedef {{ url: string, authority: string, stop: () => Promise<void> }} Proxy `authority` is the PEM file that clients have to trust.
 */

/** The address at which a proxy is going to answer; Hufu has to know it before the proxy starts. */
export async function publicAddress() {
  return `https://localhost:${await freePort()}`;
}

/** Caddy at `url`, in front of `http://127.0.0.1:<port>`. @returns {Promise<Proxy>} */
export async function caddy(url, port) {
  const folder = mkdtempSync(join(tmpdir(), 'hufu-caddy-'));
  const file = join(folder, 'Caddyfile');
  writeFileSync(
    file,
    `{
  admin off
  auto_https disable_redirects
  skip_install_trust
  default_bind 127.0.0.1
}
${url} {
  tls internal
  reverse_proxy 127.0.0.1:${port}
}
`,
  );
  const authority = join(folder, 'caddy/pki/authorities/local/root.crt');
  const server = await start(`caddy-${port}`, 'caddy', ['run', '--config', file, '--adapter', 'caddyfile'], {
    env: { XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, HOME: folder },
    cwd: folder,
    ready: async () => existsSync(authority) && (await shakesHands(url, authority)),
  });
  return { url, authority, stop: () => server.stop().then(() => rm(folder, { recursive: true, force: true })) };
}

/** nginx at `url`, in front of `http://127.0.0.1:<port>`. @returns {Promise<Proxy>} */
export async function nginx(url, port) {
  const folder = mkdtempSync(join(tmpdir(), 'hufu-nginx-'));
  const [authority, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await run('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost',
    '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', authority,
  ]);
  const file = join(folder, 'nginx.conf');
  writeFileSync(
    file,
    `daemon off; pid ${folder}/nginx.pid; error_log stderr warn;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  server {
    listen 127.0.0.1:${new URL(url).port} ssl;
    ssl_certificate ${authority}; ssl_certificate_key ${key};
    location / {
      proxy_pass http://127.0.0.1:${port};
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Proto $scheme;
    }
  }
}
`,
  );
  const binary = existsSync('/usr/sbin/nginx') ? '/usr/sbin/nginx' : 'nginx';
  const server = await start(`nginx-${port}`, binary, ['-c', file, '-p', folder, '-e', 'stderr'], { cwd: folder, ready: () => shakesHands(url, authority) });
  return { url, authority, stop: () => server.stop('SIGQUIT').then(() => rm(folder, { recursive: true, force: true })) };
}

// A client of its own: the authority is read once, when Node starts.
async function shakesHands(url, authority) {
  const code = `fetch(${JSON.stringify(url)}).then(() => process.exit(0), () => process.exit(1))`;
  return run(process.execPath, ['-e', code], { env: { NODE_EXTRA_CA_CERTS: authority } }).then(() => true, () => false);
}

