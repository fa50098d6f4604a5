// Programs that a test starts, and stops by their own id.
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const root = new URL('..', import.meta.url).pathname;
export const scratch = join(root, '.tmp');

/**
 * A port that nothing listens on, and that nobody takes before a program that is told it: below those that Linux gives to outgoing
 * connections, and apart from those of the test files that run at the same time, each in a process of its own.
 */
export async function freePort() {
  for (;;) {
    const port = nextPort++;
    if (await isFree(port)) return port;
  }
}

let nextPort = 11_000 + (process.pid % 190) * 100;

async function isFree(port) {
  const server = createServer();
  const listening = new Promise((resolve) => server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true)));
  if (!(await listening)) return false;
  await new Promise((resolve) => server.close(resolve));
  return true;
}

/** The environment that every program gets: nothing of the machine's but what starting a program needs. */
export function bareEnvironment(extra = {}) {
  const kept = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'LD_LIBRARY_PATH', 'RUST_BACKTRACE', 'RUST_LOG'];
  const bare = Object.fromEntries(kept.filter((name) => name in process.env).map((name) => [name, process.env[name]]));
  return { ...bare, ...extra };
}

// Whatever a test leaves behind ends with it.
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/**
 * Starts a program; its output goes to `.tmp/<name>.log`.
 * @returns {Promise<{ process: import('node:child_process').ChildProcess, output: () => string, stop: (signal?: string) => Promise<void> }>}
 */
export async function start(name, command, args, { env = {}, cwd = root, ready, within = 30_000 } = {}) {
  mkdirSync(scratch, { recursive: true });
  const log = join(scratch, `${name.replaceAll(/[^\w.-]/g, '-')}.${process.pid}.log`);
  writeFileSync(log, '');
  const child = spawn(command, args, { cwd, env: bareEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      printed += text;
      appendFileSync(log, text);
    });
  }
  let failure;
  child.once('error', (error) => { failure = error; });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  ended.then(() => running.delete(child));
  const output = () => printed;
  const stop = async (signal = 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null && !failure) {
      child.kill(signal);
      const forced = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(forced);
    }
  };
  const started = { process: child, output, stop };
  if (ready) {
    const give_up = Date.now() + within;
    while (!(await ready(output()))) {
      if (failure || child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`${name} ended while starting: ${failure ?? child.exitCode ?? child.signalCode}\n${output()}`);
      }
      if (Date.now() > give_up) {
        await stop('SIGKILL');
        throw new Error(`${name} was not ready within ${within} ms\n${output()}`);
      }
      await sleep(50);
    }
  }
  return started;
}

/** Runs a program to its end and gives what it printed; throws when it fails. */
export async function run(command, args, { env = {}, cwd = root, input } = {}) {
  const child = spawn(command, args, { cwd, env: bareEnvironment(env), stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
  if (input !== undefined) child.stdin.end(input);
  const [stdout, stderr, code] = await Promise.all([
    child.stdout.setEncoding('utf8').toArray(),
    child.stderr.setEncoding('utf8').toArray(),
    new Promise((resolve, reject) => child.once('error', reject).once('close', resolve)),
  ]);
  if (code !== 0) {
    throw new Error(`${command} ${args.join(' ')} ended with ${code}\n${stdout.join('')}${stderr.join('')}`);
  }
  return stdout.join('');
}

/** Whether something answers HTTP at `url`, whatever the status. */
export async function answers(url) {
  try {
    await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(2_000) });
    return true;
  } catch {
    return false;
  }
}
