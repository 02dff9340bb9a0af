import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DemoPages, download, runsOf, untilStep, whenAt } from './demo-page.js';

let pages: DemoPages;
beforeAll(async () => {
  pages = await DemoPages.open();
}, 60_000);
afterAll(() => pages?.close());

const file = (name: string, content: string | Buffer) => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.from(content),
});

test('images that do not load are said to be missing, and page and runs are of what there is', {
  timeout: 60_000,
}, async () => {
  const { page } = await pages.open();
  await page.route(/mnist.*\.gz/, (route) => route.abort());
  await page.goto('about:blank');
  await page.goto(`${pages.url}#data=mnist&examples=200&hidden=32&run=0_0_0.001&steps=5`);
  await whenAt(page, 5);
  expect(await page.locator('#data').inputValue()).toBe('moons');
  expect(await page.locator('#problem').isVisible()).toBe(true);
  await expect.poll(() => page.evaluate(() => location.hash)).not.toContain('mnist');
  await page.close();
});

test('a step while runs play takes all of them to the same step', { timeout: 60_000 }, async () => {
  const { page, complaints } = await pages.open({ hash: 'lesson=both&steps=0' });
  await untilStep(page, 10);
  await page.locator('#step').click();
  await expect.poll(async () => (await runsOf(page)).every(({ hash }) => hash !== '…'), { timeout: 20_000 }).toBe(true);
  expect(new Set((await runsOf(page)).map(({ step }) => step)).size).toBe(1);
  expect(complaints).toEqual([]);
  await page.close();
});

test('a network that was opened outlives a loss that comes before anything was saved', {
  timeout: 90_000,
}, async () => {
  const first = await pages.open({ hash: 'lesson=overfit&steps=40' });
  await whenAt(first.page, 40);
  const [{ hash }] = await runsOf(first.page);
  await first.page.locator('#menu summary').click();
  const model = await download(first.page, () => first.page.locator('[data-export="model"]').click());
  await first.page.close();

  const { page, complaints } = await pages.open({ hash: 'lesson=overfit&steps=60', reducedMotion: true });
  await whenAt(page, 0);
  await page.locator('#file').setInputFiles(file(model.name, model.bytes));
  await whenAt(page, 40);
  expect((await runsOf(page))[0].hash).toBe(hash);
  await page.locator('#play').click();
  await untilStep(page, 44);
  await page.locator('#menu summary').click();
  await page.locator('#lose-device').click();
  await expect
    .poll(() => page.locator('#notice').innerText(), { timeout: 30_000 })
    .toContain('goes on from the last save, at step 40');
  await page.locator('#reset').click();
  await expect.poll(() => page.locator('#notice').isVisible()).toBe(false);
  expect(complaints).toEqual([]);
  await page.close();
});

test('other data under an open tab: nothing of the data before is drawn', { timeout: 60_000 }, async () => {
  const { page, complaints } = await pages.open({ hash: 'lesson=overfit&steps=8' });
  await whenAt(page, 8);
  await page.locator('#tab-mistakes').click();
  await expect.poll(() => page.locator('#mistakes-title').innerText()).toContain('of 500');
  const rows = Array.from({ length: 60 }, (_, i) => `${i / 10},${(i * 7) % 11},${(0.1 + i * 0.37).toFixed(3)}`);
  await page.locator('#file').setInputFiles(file('numbers.csv', ['a,b,target', ...rows].join('\n')));
  await expect
    .poll(() => page.locator('#mistakes-title').innerText(), { timeout: 20_000 })
    .toContain('Root mean square');
  await page.locator('#file').setInputFiles(file('bomb.csv.gz', bomb()));
  await expect
    .poll(() => page.locator('#problem').innerText(), { timeout: 20_000 })
    .toBe('bomb.csv.gz: unpacked it is larger than 64 MiB');
  expect(complaints).toEqual([]);
  await page.close();
});

/** More than a page should unpack. */
const bomb = () => gzipSync(Buffer.alloc(2 ** 26 + 1));

test('a page that is opened hidden trains when it is seen', { timeout: 60_000 }, async () => {
  const { page, complaints } = await pages.open({ reducedMotion: true });
  await page.addInitScript(() => {
    let hidden = true;
    Object.defineProperty(document, 'hidden', { get: () => hidden });
    Object.assign(globalThis, {
      show() {
        hidden = false;
        document.dispatchEvent(new Event('visibilitychange'));
      },
    });
  });
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await page.reload();
  await whenAt(page, 0);
  await page.waitForTimeout(1000);
  expect((await runsOf(page))[0].step).toBe(0);
  await page.evaluate('show()');
  await untilStep(page, 5);
  expect(complaints).toEqual([]);
  await page.close();
});
