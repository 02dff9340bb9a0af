import { type Browser, chromium, type Page } from 'playwright-core';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chromiumFlags, executablePath } from '../chromium.js';
import { scratchFolder } from './scratch-folder.js';

const outDir = await scratchFolder();
let server: PreviewServer;
let browser: Browser;
let page: Page;
let url: string;
const complaints: string[] = [];

beforeAll(async () => {
  await build({ root: 'examples', logLevel: 'error', build: { outDir, emptyOutDir: true } });
  const host = { host: '127.0.0.1', port: 0 };
  server = await preview({ root: 'examples', logLevel: 'silent', build: { outDir }, preview: host });
  url = server.resolvedUrls?.local[0] ?? '';
  browser = await chromium.launch({ executablePath, args: chromiumFlags });
  page = await browser.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => ['warning', 'error'].includes(message.type()) && complaints.push(message.text()));
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** Waits until a page tells something, or has an error. */
async function expectOutput(text: RegExp): Promise<string> {
  const read = async () => [...complaints, await page.locator('output').textContent()].join('\n');
  await expect.poll(read, { timeout: 120_000 }).toMatch(text);
  expect(complaints).toEqual([]);
  return read();
}

test('a model colours every pixel of every frame', async () => {
  await page.goto(`${url}frame-loop/`);
  await expectOutput(/^frame [3-9]/);
  const png = [...(await page.locator('canvas').screenshot())];
  const shares = await page.evaluate(async (bytes) => {
    const image = await createImageBitmap(new Blob([Uint8Array.from(bytes)], { type: 'image/png' }));
    const copy = new OffscreenCanvas(image.width, image.height).getContext('2d') as OffscreenCanvasRenderingContext2D;
    copy.drawImage(image, 0, 0);
    const { data } = copy.getImageData(0, 0, image.width, image.height);
    const counts = { red: 0, blue: 0 };
    for (let i = 0; i < data.length; i += 4) {
      if (data[i] > 180 && data[i + 2] < 80) counts.red++;
      if (data[i] < 80 && data[i + 2] > 180) counts.blue++;
    }
    return [counts.red, counts.blue].map((count) => (4 * count) / data.length);
  }, png);
  for (const share of shares) expect(share).toBeGreaterThan(0.2);
});

test('a classifier of embeddings comes back after a reload', async () => {
  await page.goto(`${url}embeddings/`);
  const first = await expectOutput(/^trained and stored: music, \d+ %$/);
  await page.reload();
  expect(await expectOutput(/^loaded from IndexedDB: /)).toBe(
    first.replace('trained and stored', 'loaded from IndexedDB'),
  );
  await page.getByRole('button').click();
  expect(await expectOutput(/^trained and stored: /)).toMatch(/music/);
});

test('a worker trains, and its page gets the model', async () => {
  await page.goto(`${url}worker/`);
  const found = /about (.*)$/.exec(await expectOutput(/^sin\(1\.5\) is about/));
  expect(Math.abs(Number(found?.[1]) - Math.sin(1.5))).toBeLessThan(0.1);
  expect(await page.locator('progress').evaluate((bar: HTMLProgressElement) => bar.position)).toBe(1);
});
