import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { address, startApplication } from '../support/application.mjs';
import { signIn } from '../support/browser.mjs';
import { root } from '../support/process.mjs';
import { onEachDatabase } from '../support/suite.mjs';

const axe = readFileSync(`${root}/node_modules/axe-core/axe.min.js`, 'utf8');
const text = (locale) => JSON.parse(readFileSync(`${root}/../text/${locale}.json`, 'utf8'));
const locales = ['en', 'zh-CN', 'zh-TW', 'ja', 'ko', 'de', 'fr', 'es', 'it', 'pt-BR', 'pt-PT', 'nl', 'pl', 'ru', 'tr', 'ar', 'th', 'uk'];

const looks = [
  ['a phone of 320 px', { viewport: { width: 320, height: 568 } }],
  ['dark', { colorScheme: 'dark' }],
  ['Arabic on a phone', { locale: 'ar', viewport: { width: 320, height: 568 } }, 'ar'],
  ['Chinese', { locale: 'zh-CN' }, 'zh-CN'],
  ['German on a phone, dark', { locale: 'de-AT', colorScheme: 'dark', viewport: { width: 320, height: 568 } }, 'de'],
];

onEachDatabase(
  'the pages',
  (world) => {
    for (const [look, options, language = 'en'] of looks) {
      test(`sign-in and register on ${look}: nothing overflows, nothing is inaccessible, no text is missing`, () =>
        world.page(
          look,
          async (page) => {
            const problems = listen(page);
            await page.goto(`${world.url}/logto/sign-in`);
            await page.locator('#sign-in').waitFor();
            assert.equal(await page.locator('h1').innerText(), text(language).sign_in_title);
            await decent(page, 'sign-in');
            await page.locator('#register').click();
            await page.locator('#register input[name=username]').waitFor();
            assert.equal(await page.locator('h1').innerText(), text(language).register_title);
            assert.equal(await darkness(page), options.colorScheme === 'dark');
            await decent(page, 'register');
            await page.locator('.languages summary').click();
            await decent(page, 'languages');
            assert.deepEqual(problems, []);
          },
          options,
        ));
    }

    test('a wrong password is said in words, and is the same for people who do not exist', () =>
      world.page('wrong password', async (page) => {
        const said = [];
        for (const username of [world.person.username, 'nobody-of-that-name']) {
          await page.goto(`${world.url}/logto/sign-in`);
          await signIn(page, { username, password: 'not the password' });
          said.push(await page.locator('#alert').innerText());
          await decent(page, 'alert');
        }
        assert.ok(said[0].length > 5);
        assert.equal(said[0], said[1]);
      }));

    test('without JavaScript a person registers, signs out and signs in', () =>
      world.page(
        'no script',
        async (page) => {
          await page.goto(`${world.url}/logto/sign-in`);
          await page.locator('#register').click();
          await page.locator('input[name=username]').fill(`zoe_${Date.now() % 100000}`);
          const username = await page.locator('input[name=username]').inputValue();
          await page.locator('input[name=password]').fill('short');
          await page.locator('#submit').click();
          await page.locator('#password-wrong').waitFor();
          await page.locator('input[name=password]').fill('A-Long-Enough-Phrase-7');
          await page.locator('#submit').click();
          await page.locator('#home').waitFor();
          await page.goto(`${world.url}/logto/sign-out`);
          if (await page.locator('#logout-confirm').isVisible()) await page.locator('#logout-confirm').click();
          await page.locator('#login').waitFor();
          await page.goto(`${world.url}/logto/sign-in`);
          await signIn(page, { username, password: 'A-Long-Enough-Phrase-7' });
          await page.locator('#home').waitFor();
        },
        { javaScriptEnabled: false },
      ));

    test('the language follows ui_locales, the browser and the visible switch', () =>
      world.page('languages', async (page) => {
        await page.goto(`${world.url}/logto/sign-in`);
        const start = new URL(page.url());
        for (const locale of locales) {
          await page.goto(start.href);
          await page.locator('.languages summary').click();
          await page.locator(`.languages a[hreflang="${locale}"]`).click();
          await page.locator(`html[lang="${locale}"]`).waitFor();
          assert.equal(await page.locator('h1').innerText(), text(locale).sign_in_title);
          assert.equal(await page.locator('html').getAttribute('dir'), locale === 'ar' ? 'rtl' : 'ltr');
        }
      }));

    test('the first load is at most 25 kB in at most 4 requests', () =>
      world.page('first load', async (page, context) => {
        const session = await context.newCDPSession(page);
        await session.send('Network.enable');
        const requests = new Map();
        session.on('Network.responseReceived', ({ requestId, response }) => requests.set(requestId, { url: response.url, bytes: 0 }));
        session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
          const request = requests.get(requestId);
          if (request) request.bytes = encodedDataLength;
        });
        await page.goto(`${world.url}/logto/sign-in`, { waitUntil: 'networkidle' });
        const loaded = [...requests.values()].filter(({ url, bytes }) => url.startsWith(world.hufu.endpoint) && bytes > 0);
        const bytes = loaded.reduce((sum, request) => sum + request.bytes, 0);
        assert.ok(loaded.length > 1 && loaded.length <= 4, `${loaded.length} requests: ${loaded.map(({ url }) => url).join(' ')}`);
        assert.ok(bytes > 500 && bytes <= 25_000, `${bytes} bytes`);
      }));

    test('two tabs sign in side by side', () =>
      world.page('two tabs', async (page, context) => {
        const other = await context.newPage();
        await page.goto(`${world.url}/logto/sign-in`);
        await other.goto(`${world.second}/logto/sign-in`);
        await signIn(page, world.person);
        await page.locator('#home').waitFor();
        await signIn(other, world.person);
        await other.locator('#home').waitFor();
      }));

    test('a stale page and a strange address are answered with a page that helps', () =>
      world.page('strange', async (page) => {
        for (const path of ['/sign-in', '/sign-in?i=nothing', '/no-such-page', '/oidc/auth?client_id=nobody']) {
          const answer = await page.goto(`${world.hufu.endpoint}${path}`);
          assert.ok(answer.status() >= 400 && answer.status() < 500, `${path}: ${answer.status()}`);
          assert.match(answer.headers()['content-type'], /text\/html/, path);
          await decent(page, path);
        }
      }));

    test('no page lets itself be framed or runs foreign script', () =>
      world.page('headers', async (page) => {
        const answer = await page.goto(`${world.url}/logto/sign-in`);
        const headers = answer.headers();
        assert.match(headers['content-security-policy'], /frame-ancestors 'none'/);
        assert.doesNotMatch(headers['content-security-policy'], /unsafe-(inline|eval)/);
        assert.equal(headers['x-content-type-options'], 'nosniff');
        assert.match(headers['cache-control'], /no-store/);
        assert.ok(headers['referrer-policy']);
      }));
  },
  {
    async prepare(world) {
      world.person = await world.hufu.createUser({ username: 'ida', name: 'Ida Example' });
      for (const which of ['url', 'second']) {
        world[which] = await address();
        const block = await world.hufu.createApp('logto-sdk', world[which]);
        const app = await startApplication('logto-sdk/app.mjs', world[which], block, { SESSION_NAME: `logto.${which}` });
        world.later(() => app.stop());
      }
    },
  },
);

/** Errors of the page's own: script, and resources that the policy or the server refused. */
function listen(page) {
  const problems = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  return problems;
}

/** Whether the page is drawn dark. */
function darkness(page) {
  return page.evaluate(() => {
    const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g).map(Number);
    return red + green + blue < 384;
  });
}

/** No horizontal scroll, no serious finding of axe, every control named, nothing untranslated. */
async function decent(page, what) {
  const wide = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  assert.ok(wide[0] <= wide[1], `${what} is ${wide[0]} px wide in a window of ${wide[1]}`);
  const body = await page.locator('body').innerText();
  assert.ok(body.trim().length > 10, `${what} is empty`);
  const texts = body.replace((await page.locator('#detail').allInnerTexts()).join(''), '');
  assert.doesNotMatch(texts, /\{[a-z_]*\}|\b[a-z]+(_[a-z]+)+\b/, `${what} shows a key in place of a text`);
  // The policy forbids foreign script to the page, not to its inspector.
  const { violations } = await page.evaluate(`(() => { ${axe}; return window.axe.run(document, { resultTypes: ['violations'] }); })()`);
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  assert.deepEqual(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`), [], what);
}
