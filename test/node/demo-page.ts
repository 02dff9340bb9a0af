import { type Browser, chromium, type Page, type Worker } from 'playwright-core';
import { type PreviewServer, preview } from 'vite';
import { expect } from 'vitest';
import type { Frame } from '../../demo/contract/protocol.js';
import { chromiumFlags, executablePath } from '../chromium.js';

/** Options of an open page. */
export interface OpenOptions {
  /** Text after `#` in the address. */
  hash?: string;
  dark?: boolean;
  webgpu?: boolean;
  width?: number;
  height?: number;
  reducedMotion?: boolean;
  /** Pixels of a screen to one of the page. */
  scale?: number;
  /** The page hears its worker so much later, in milliseconds. */
  late?: number;
  /** Keeps what the worker tells, for `lastRuns`. */
  frames?: boolean;
}

/** An open page, and whatever it complains of. */
export interface OpenPage {
  readonly page: Page;
  readonly complaints: string[];
}

/** The built page, served from its folder, in a Chromium of its own. */
export class DemoPages {
  readonly browser: Browser;
  readonly #server: PreviewServer;

  static async open(): Promise<DemoPages> {
    const server = await preview({
      root: 'demo',
      configFile: false,
      logLevel: 'silent',
      build: { outDir: '../dist-demo' },
      preview: { host: '127.0.0.1', port: 0 },
    });
    return new DemoPages(await chromium.launch({ executablePath, args: chromiumFlags }), server);
  }

  private constructor(browser: Browser, server: PreviewServer) {
    this.browser = browser;
    this.#server = server;
  }

  get url(): string {
    return this.#server.resolvedUrls?.local[0] ?? '';
  }

  async open(options: OpenOptions = {}): Promise<OpenPage> {
    const {
      hash = '',
      dark = false,
      webgpu = true,
      width = 1440,
      height = 900,
      reducedMotion = false,
      scale = 1,
      late = 0,
      frames = false,
    } = options;
    const page = await this.browser.newPage({
      colorScheme: dark ? 'dark' : 'light',
      reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
      viewport: { width, height },
      deviceScaleFactor: scale,
      acceptDownloads: true,
    });
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (['warning', 'error'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    // A worker is beyond the reach of init scripts: its script is served with a line before it.
    if (!webgpu) await hideWebGpu(page);
    if (late) await page.addInitScript(hearLate, late);
    if (frames) await keepFrames(page);
    await page.goto(`${this.url}${hash && `#${hash}`}`);
    return { page, complaints };
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.#server.close();
  }
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

/** The page's engine. */
export async function workerOf(page: Page): Promise<Worker> {
  await expect.poll(() => page.workers().length, { timeout: 30_000 }).toBe(1);
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
export async function whenAt(page: Page, step: number, timeout = 240_000) {
  const arrived = async () => {
    const runs = await runsOf(page); // none until the page has been drawn
    return runs.length > 0 && runs.every((run) => run.step === step && HASH.test(run.hash));
  };
  await expect.poll(arrived, { timeout, interval: 200, message: `every run stands at step ${step}` }).toBe(true);
  return runsOf(page);
}

/** Waits until the first run has got beyond a step. */
export async function untilStep(page: Page, step: number, timeout = 60_000): Promise<void> {
  const reached = async () => (await runsOf(page))[0]?.step >= step;
  await expect.poll(reached, { timeout, interval: 100, message: `run A reaches step ${step}` }).toBe(true);
}

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
