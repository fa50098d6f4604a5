// The databases that every suite runs on: SQLite always, PostgreSQL when TEST_POSTGRES_URL names a cluster.
import { mkdtempSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/**
 * @typedef {{ url: string, folder: string, remove: () => Promise<void> }} Database
 * @returns {{ name: string, create: () => Promise<Database> }[]}
 */
export function databases() {
  const wanted = (process.env.E2E_DATABASES ?? 'sqlite,postgres').split(',');
  const all = [{ name: 'sqlite', create: sqlite }];
  if (process.env.TEST_POSTGRES_URL) {
    all.push({ name: 'postgres', create: postgres });
  }
  return all.filter(({ name }) => wanted.includes(name));
}

async function sqlite() {
  const folder = mkdtempSync(join(tmpdir(), 'hufu-e2e-'));
  return { url: `sqlite:${join(folder, 'hufu.db')}`, folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

async function postgres() {
  const folder = mkdtempSync(join(tmpdir(), 'hufu-e2e-'));
  const name = `hufu_${randomBytes(8).toString('hex')}`;
  await ask(`CREATE DATABASE ${name}`);
  const url = new URL(process.env.TEST_POSTGRES_URL);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    folder,
    remove: async () => {
      await ask(`DROP DATABASE ${name} WITH (FORCE)`);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function ask(sql) {
  const client = new pg.Client({ connectionString: process.env.TEST_POSTGRES_URL });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
