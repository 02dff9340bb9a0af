import { type Browser, chromium, type Page, type Worker } from 'playwright-core';
import { preview } from 'vite';
import { test as anyTest, expect } from 'vitest';
import type { Frame } from '../../demo/contract/protocol.js';
import { chromiumFlags, executablePath } from '../chromium.js';

/** Options of an open page. */
export interface OpenOptions {
  /** Text after `#` in the address. */
  hash?: string;
  /** False opens the lesson's figure instead of its lab. */
  lab?: boolean;
  dark?: boolean;
  webgpu?: boolean;
  width?: number;
  height?: number;
  reducedMotion?: boolean;
  /** The page hears its worker so much later, in milliseconds. */
  late?: number;
  /** Keeps what the worker tells, for `lastRuns`. */
  frames?: boolean;
  /** Complaints that the test itself causes. */
  caused?: RegExp;
}

/** Opens a page. */
export type Open = (options?: OpenOptions) => Promise<Page>;

/**
 * A test of the built page, served from its folder, in one Chromium for all files. A page that the test has opened must
 * have complained of nothing in the console.
 */
export const test = anyTest
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads in the pattern which fixtures this one needs.
  .extend('site', { scope: 'worker' }, async ({}, { onCleanup }) => {
    const build = { outDir: '../dist-demo' };
    const host = { host: '127.0.0.1', port: 0 };
    const server = await preview({ root: 'demo', configFile: false, logLevel: 'silent', build, preview: host });
    const browser = await chromium.launch({ executablePath, args: chromiumFlags });
    onCleanup(async () => {
      await browser.close();
      await server.close();
    });
    return { browser, url: server.resolvedUrls?.local[0] ?? '' };
  })
  .extend('open', async ({ site: { browser, url } }, { onCleanup }): Promise<Open> => {
    const complaints: string[] = [];
    const opened: Page[] = [];
    onCleanup(async () => {
      for (const page of opened) await page.close();
      expect(complaints).toEqual([]);
    });
    return async ({ caused = /^$/, lab = true, ...options } = {}) => {
      const page = await openPage(browser, options);
      opened.push(page);
      const complain = (text: string) => void (caused.test(text) || complaints.push(text));
      page.on('console', (message) => ['warning', 'error'].includes(message.type()) && complain(message.text()));
      page.on('pageerror', (error) => complain(String(error)));
      const { hash = '' } = options;
      await page.goto(`${url}${hash && `#${hash}`}${hash && lab ? '&lab' : ''}`);
      return page;
    };
  });

/** Makes a page that has not gone anywhere yet. */
async function openPage(browser: Browser, options: OpenOptions): Promise<Page> {
  const { dark = false, webgpu = true, width = 1440, height = 900, reducedMotion = false, late = 0, frames } = options;
  const page = await browser.newPage({
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
    viewport: { width, height },
    acceptDownloads: true,
  });
  // A worker is beyond the reach of init scripts: its script is served with a line before it.
  if (!webgpu) await hideWebGpu(page);
  if (late) await page.addInitScript(hearLate, late);
  if (frames) await keepFrames(page);
  return page;
}

async function hideWebGpu(page: Page): Promise<void> {
  const hide = (name: string) => `Object.defineProperty(${name}.prototype, 'gpu', { get: () => undefined });\n`;
  await page.addInitScript(hide('Navigator'));
  await page.route(/\/main-[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: hide('WorkerNavigator') + (await response.text()) });
  });
}

function hearLate(late: number): void {
  const listen = Worker.prototype.addEventListener;
  Worker.prototype.addEventListener = function (this: Worker, name: string, listener: (event: Event) => void) {
    listen.call(this, name, (event: Event) => setTimeout(() => listener(event), late));
  };
}

/** A message of the worker, and when it came, in milliseconds. */
export interface Heard {
  readonly at: number;
  readonly frame: Frame;
}

declare global {
  var heard: Heard[];
}

async function keepFrames(page: Page): Promise<void> {
  await page.addInitScript(() => {
    globalThis.heard = [];
    globalThis.Worker = class extends Worker {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args);
        this.addEventListener('message', ({ data }) => heard.push({ at: performance.now(), frame: data }));
      }
    };
  });
}

/** Returns the last facts of the runs from the worker of a page opened with `frames`. */
export function lastRuns(page: Page): Promise<Frame['runs']> {
  return page.evaluate(() => heard.findLast(({ frame }) => frame.runs)?.frame.runs);
}

/** Waits until a page opened with `frames` shows a picture of the GPU's, which the CPU's may come before. */
export async function untilGpuPicture(page: Page): Promise<void> {
  const isGpu = () =>
    page.evaluate(() => {
      const view = heard.findLast(({ frame }) => frame.view)?.frame.view;
      return view !== undefined && 'onCpu' in view ? view.onCpu === undefined : view !== undefined;
    });
  await expect.poll(isGpu, { timeout: 120_000, interval: 100 }).toBe(true);
}

/** The page's engine. */
export async function workerOf(page: Page): Promise<Worker> {
  await expect.poll(() => page.workers().length, { timeout: 120_000 }).toBe(1);
  return page.workers()[0];
}

const COLUMNS = ['knobs', 'step', 'trainLoss', 'validationLoss', 'gap', 'trainAccuracy', 'validationAccuracy', 'hash'];

/** Returns the rows of the table of runs. A missing number is NaN. */
export async function runsOf(page: Page) {
  const rows = await page
    .locator('#runs tbody tr')
    .evaluateAll((all) => all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent ?? '')));
  return rows.map((cells) => {
    const text = Object.fromEntries(COLUMNS.map((name, i) => [name, cells[i]]));
    const number = (name: string) => Number.parseFloat(text[name].replace(/,/g, ''));
    return {
      knobs: text.knobs,
      hash: text.hash,
      step: number('step'),
      trainLoss: number('trainLoss'),
      validationLoss: number('validationLoss'),
      gap: number('gap'),
      trainAccuracy: number('trainAccuracy'),
      validationAccuracy: number('validationAccuracy'),
    };
  });
}

const HASH = /^[0-9a-f]{12}$/;

/** Waits until every run stands still at a step, and returns them. */
export async function whenAt(page: Page, step: number, timeout = 600_000) {
  const arrived = async () => {
    const runs = await runsOf(page); // none until the page has been drawn
    return runs.length > 0 && runs.every((run) => run.step === step && HASH.test(run.hash));
  };
  await expect.poll(arrived, { timeout, interval: 200, message: `every run stands at step ${step}` }).toBe(true);
  return runsOf(page);
}

/** Waits until the first run has got beyond a step. */
export async function untilStep(page: Page, step: number, timeout = 300_000): Promise<void> {
  const reached = async () => (await runsOf(page))[0]?.step >= step;
  await expect.poll(reached, { timeout, interval: 100, message: `run A reaches step ${step}` }).toBe(true);
}

/** Waits until no run trains. */
export async function whenStill(page: Page): Promise<void> {
  await expect.poll(async () => (await runsOf(page)).every(({ hash }) => hash !== '…')).toBe(true);
}

/** Returns a function that reads the text of the element of an id, for `expect.poll`. */
export const textOf = (page: Page, id: string) => () => page.locator(`#${id}`).innerText();

/** Returns what stands after the address of the page, from `#` on. */
export const hashOf = (page: Page) => page.evaluate(() => location.hash);

/** Returns how many colours each visible canvas has. */
export function coloursOf(page: Page, selector: string): Promise<number[]> {
  return page.locator(selector).evaluateAll((canvases) =>
    canvases.flatMap((canvas) => {
      if (!(canvas instanceof HTMLCanvasElement) || canvas.offsetParent === null) return [];
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
      return [new Set(new Uint32Array(data?.buffer ?? new ArrayBuffer())).size];
    }),
  );
}

/** Gives the page files, as a person chooses them. */
export const give = (page: Page, ...files: readonly { name: string; bytes: string | Iterable<number> }[]) =>
  page.locator('#file').setInputFiles(
    files.map(({ name, bytes }) => {
      const buffer = typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(Uint8Array.from(bytes));
      return { name, mimeType: 'application/octet-stream', buffer };
    }),
  );

/** Sets a box to a value as a person does who types it and goes on. */
export async function type(page: Page, id: string, value: number | string): Promise<void> {
  await page.locator(`#${id}`).fill(String(value));
  await page.locator(`#${id}`).blur();
}

/** Returns the file that a button downloads. */
export async function download(
  page: Page,
  press: () => Promise<void>,
): Promise<{ name: string; bytes: Buffer<ArrayBuffer> }> {
  const [file] = await Promise.all([page.waitForEvent('download'), press()]);
  const chunks: Buffer[] = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk);
  return { name: file.suggestedFilename(), bytes: Buffer.concat(chunks) };
}
