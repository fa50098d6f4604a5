// Chromium of the system, driven as a person would.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { scratch } from './process.mjs';

const places = [process.env.CHROMIUM_BIN, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** Starts Chromium without a window. */
export async function launch() {
  const executablePath = places.find((place) => place && existsSync(place));
  assert.ok(executablePath, 'Chromium is missing: run scripts/setup, or name it with CHROMIUM_BIN');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--no-proxy-server',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
    ],
  });
}

/**
 * Gives `body` a page of its own browser profile; a failure leaves a picture and the page's text in `.tmp`.
 * @param {import('playwright-core').Browser} browser
 */
export async function withPage(browser, name, body, options = {}) {
  const context = await browser.newContext({ locale: 'en-US', ignoreHTTPSErrors: true, ...options });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  try {
    return await body(page, context);
  } catch (error) {
    mkdirSync(scratch, { recursive: true });
    const path = join(scratch, `${name.replaceAll(/[^\w.-]+/g, '-')}.png`);
    await page.screenshot({ path }).catch(() => {});
    const text = await page.locator('body').innerText().catch(() => '');
    const first = error.message.split('\nCall log')[0];
    throw new Error(`${first}\n  page: ${page.url()}\n  text: ${text.slice(0, 600)}\n  picture: ${path}`, { cause: error });
  } finally {
    await context.close();
  }
}

/** Fills in the sign-in page and sends it. */
export async function signIn(page, person) {
  await page.locator('input[name=identifier]').fill(person.username ?? person.email);
  const password = page.locator('input[name=password]');
  if (!(await password.isVisible())) {
    await page.locator('form:has(input[name=identifier]) button[type=submit]').first().click();
    await password.waitFor();
  }
  await password.fill(person.password);
  await password.press('Enter');
}

/** A request from the page itself, with its cookies. */
export async function ask(page, path, init = {}) {
  return page.evaluate(
    async ([path, init]) => {
      const answer = await fetch(path, init);
      const text = await answer.text();
      let body = text;
      try {
        body = JSON.parse(text);
      } catch { /* not JSON */ }
      return { status: answer.status, body };
    },
    [path, init],
  );
}
