// The client applications under `apps/`, configured by nothing but the block that `hufu app create` printed.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { answers, freePort, root, start } from './process.mjs';

/** The address of an application that is going to run here. */
export async function address() {
  return `http://127.0.0.1:${await freePort()}`;
}

/** Starts `apps/<file>` at `url` with `block` as its environment. */
export async function startApplication(file, url, block, extra = {}) {
  const path = join(root, 'apps', file);
  const isPython = path.endsWith('.py');
  const command = isPython ? python() : process.execPath;
  const { port } = new URL(url);
  return start(`app-${file}-${port}`, command, [path], {
    env: { ...block, LISTEN_PORT: port, ...extra },
    ready: () => answers(`${url}/health`),
  });
}

/** The interpreter that has `requirements.txt` installed. */
export function python() {
  const local = join(root, '.venv/bin/python');
  return process.env.E2E_PYTHON ?? (existsSync(local) ? local : 'python3');
}
