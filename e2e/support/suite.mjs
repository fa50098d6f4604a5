// The frame of a suite: the same tests on each database, with one Hufu and one Chromium.
import { after, before, describe } from 'node:test';
import { launch, withPage } from './browser.mjs';
import { databases } from './database.mjs';
import { Hufu } from './hufu.mjs';

/**
 * Runs `body` once per database. The world that it gets is filled in before the first test starts.
 * @param {string} name
 * @param {(world: { hufu: Hufu, page: (name: string, use: Function, options?: object) => Promise<any>, later: (undo: () => Promise<void>) => void }) => void} body
 * @param {{ prepare?: (world: object) => Promise<void>, start?: (database: object) => Promise<Hufu> }} options
 */
export function onEachDatabase(name, body, { prepare, start = (database) => Hufu.start({ database }) } = {}) {
  for (const { name: database, create } of databases()) {
    describe(`${name} on ${database}`, () => {
      const undo = [];
      const world = { database, create, later: (step) => undo.unshift(step) };
      before(async () => {
        world.hufu = await start(await create(), world);
        world.later(() => world.hufu.remove());
        world.browser = await launch();
        world.later(() => world.browser.close());
        world.page = (test, use, options) => withPage(world.browser, `${name} ${database} ${test}`, use, options);
        await prepare?.(world);
      });
      after(async () => {
        for (const step of undo) await step();
      });
      body(world);
    });
  }
}
