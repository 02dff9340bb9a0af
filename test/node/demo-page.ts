import { type Browser, chromium, type Page, type Worker } from 'playwright-core';
import { type PreviewServer, preview } from 'vite';
import { expect } from 'vitest';
import type { LessonName } from '../../demo/contract/lessons.js';
import { chromiumFlags, executablePath } from '../chromium.js';

/** How the page is opened. */
export interface OpenOptions {
  /** What follows `#` in the address. */
  hash?: string;
  dark?: boolean;
  webgpu?: boolean;
  width?: number;
  height?: number;
  reducedMotion?: boolean;
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
    const { hash = '', dark = false, webgpu = true, width = 1440, height = 900, reducedMotion = false } = options;
    const page = await this.browser.newPage({
      colorScheme: dark ? 'dark' : 'light',
      reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
      viewport: { width, height },
    });
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (['warning', 'error'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    // A worker is beyond the reach of init scripts: its script is served with a line before it.
    if (!webgpu) await hideWebGpu(page);
    await page.goto(`${this.url}${hash && `#${hash}`}`);
    return { page, complaints };
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.#server.close();
  }
}

async function hideWebGpu(page: Page): Promise<void> {
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'gpu', { get: () => undefined }));
  await page.route(/\/main-[^/]*\.js$|\/worker[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    const hidden = "Object.defineProperty(WorkerNavigator.prototype,'gpu',{get:()=>undefined});\n";
    const isWorker = route.request().headers()['sec-fetch-dest'] === 'worker';
    await route.fulfill({ response, body: `${isWorker ? hidden : ''}${await response.text()}` });
  });
}

/** The page's engine. */
export async function workerOf(page: Page): Promise<Worker> {
  await expect.poll(() => page.workers().length, { timeout: 30_000 }).toBe(1);
  return page.workers()[0];
}

/** Opens a lesson, as its link does. */
export const lesson = (name: LessonName, more = '') => `lesson=${name}${more && `&${more}`}`;
