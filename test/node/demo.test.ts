import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumFlags, executablePath } from '../chromium.js';

/** Where to leave pictures for a person to look at; nowhere by default. */
const pictures = process.env.DEMO_PICTURES;

/** A coin toss loses ln 2 = 0.69, and the first epoch about 0.6; well below it, the network has learned the moons. */
const LEARNED = 0.2;

let folder: string;
let modules: string[];
let server: PreviewServer;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wgrad-demo-'));
  const outDir = join(folder, 'page');
  const built = await build({ root: 'demo', logLevel: 'silent', build: { outDir, emptyOutDir: true } });
  if (!('output' in built)) throw new Error('demo.test: expected one bundle');
  modules = built.output.flatMap((file) => (file.type === 'chunk' ? Object.keys(file.modules) : []));
  const options = { build: { outDir }, preview: { host: '127.0.0.1', port: 0 } };
  server = await preview({ root: 'demo', logLevel: 'silent', ...options });
  browser = await chromium.launch({ executablePath, args: chromiumFlags });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await server?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

test('runs on the built library', () => {
  const own = modules.filter((path) => !path.includes('/demo/') && path.includes(process.cwd()));
  expect(own.length).toBeGreaterThan(0);
  expect(own.filter((path) => !path.includes('/dist/'))).toEqual([]);
});

/** Opens the page, and notes whatever it complains of. */
async function open(options: { dark?: boolean; webgpu?: boolean } = {}): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({ colorScheme: options.dark ? 'dark' : 'light' });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['warning', 'error'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  if (options.webgpu === false) {
    await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'gpu', { get: () => undefined }));
  }
  await page.goto(server.resolvedUrls?.local[0] ?? '');
  return { page, complaints };
}

const text = (page: Page, id: string) => page.locator(`#${id}`).innerText();
const number = async (page: Page, id: string) => Number((await text(page, id)).replace(',', ''));

/** Waits until a number of the page is as wanted. */
const until = (page: Page, id: string, isWanted: (value: number) => boolean) =>
  expect.poll(async () => isWanted(await number(page, id)), { timeout: 60_000, message: `#${id}` }).toBe(true);

/** Moves a slider as a person does. */
async function move(page: Page, id: string, value: number): Promise<void> {
  await page.locator(`#${id}`).fill(String(value));
}

/** How many colours a canvas shows: 1 if nothing has been drawn. */
const colours = (page: Page, id: string) =>
  page.locator(`#${id}`).evaluate((canvas) => {
    if (!(canvas instanceof HTMLCanvasElement)) return 0;
    const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data.buffer;
    return new Set(new Uint32Array(pixels ?? new ArrayBuffer(0))).size;
  });

describe.each([
  ['on WebGPU', { webgpu: true, dark: false }],
  ['without WebGPU, in the dark', { webgpu: false, dark: true }],
])('%s', (name, options) => {
  test('learns, draws, and changes λ and dropout while it runs', { timeout: 180_000 }, async () => {
    const { page, complaints } = await open(options);
    await until(page, 'train-loss', (loss) => loss > 0 && loss < LEARNED);
    expect(await number(page, 'penalty')).toBe(0);
    expect(await number(page, 'validation-loss')).toBeGreaterThan(0);

    await page.locator('#play').click();
    const paused = await number(page, 'epoch');
    await move(page, 'l2', 41);
    await move(page, 'dropout', 0.3);
    expect(await text(page, 'l2-value')).toBe('0.01');
    await page.locator('#play').click();
    await until(page, 'epoch', (epoch) => epoch > paused + 20);
    expect(await number(page, 'penalty')).toBeGreaterThan(0.001);

    expect(await colours(page, 'loss')).toBeGreaterThan(10);
    expect(await colours(page, 'boundary')).toBeGreaterThan(100);
    expect(await text(page, 'dispatches')).toBe(options.webgpu ? '8' : 'none, on the CPU');
    expect(await page.locator('#notice').isVisible()).toBe(!options.webgpu);
    expect(await page.locator('#problem').isVisible()).toBe(false);
    if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
    expect(complaints).toEqual([]);
    await page.close();
  });
});

test('Reset repeats the run', { timeout: 120_000 }, async () => {
  const { page } = await open();
  /** The losses of a run's first epochs, as shown. */
  const losses = () =>
    page.evaluate(async () => {
      const shown: Record<string, string> = {};
      const textOf = (id: string) => document.getElementById(id)?.textContent ?? '';
      document.getElementById('reset')?.click();
      while (Number(textOf('epoch')) >= 30) await new Promise(requestAnimationFrame);
      while (Number(textOf('epoch')) < 30) {
        shown[textOf('epoch')] = textOf('train-loss');
        await new Promise(requestAnimationFrame);
      }
      return shown;
    });
  const [first, second] = [await losses(), await losses()];
  const common = Object.keys(first).filter((epoch) => epoch in second);
  expect(common.length).toBeGreaterThan(5);
  for (const epoch of common) expect([epoch, first[epoch]]).toEqual([epoch, second[epoch]]);
  await page.close();
});

test('tells of a lost GPU, and Reset goes on with another device', { timeout: 120_000 }, async () => {
  const { page } = await open();
  await until(page, 'epoch', (epoch) => epoch > 20);
  const session = await browser.newBrowserCDPSession();
  await session.send('Browser.crashGpuProcess').catch(() => {}); // the reply is lost with the process
  const problem = page.locator('#problem');
  await problem.waitFor({ state: 'visible', timeout: 60_000 });
  expect(await problem.innerText()).toBe('The GPU was lost, and the run with it. Reset starts another one.');
  if (pictures) await page.screenshot({ path: join(pictures, 'lost.png'), fullPage: true });
  const reached = await number(page, 'epoch');
  await page.locator('#reset').click();
  await until(page, 'epoch', (epoch) => epoch > 0 && epoch !== reached);
  expect(await problem.isVisible()).toBe(false);
  expect(await colours(page, 'boundary')).toBeGreaterThan(100);
  expect(await text(page, 'dispatches')).toBe('8');
  await page.close();
});
