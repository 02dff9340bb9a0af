import { cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { build, preview } from 'vite';
import { chromiumFlags, executablePath } from '../chromium.js';
import type { PlaceReport } from './report.js';
import type { Request } from './run-suites.js';

export interface PageFiles {
  /** The repository. */
  readonly root: string;
  /** Folder of the built page. */
  readonly outDir: string;
}

/** Runs suites in a page of a headless Chromium. */
export async function runInChromium(
  { root, outDir }: PageFiles,
  { suites, rivals, networks, rounds }: Request,
  log: (line: string) => void,
): Promise<PlaceReport> {
  const common = { root: join(root, 'test/bench'), configFile: false, logLevel: 'error' } as const;
  await build({
    ...common,
    build: { outDir, emptyOutDir: true, target: 'es2023', minify: false, rolldownOptions: { input: 'page.html' } },
  });
  const { resolve } = createRequire(import.meta.url);
  cpSync(dirname(resolve('@tensorflow/tfjs-backend-wasm')), join(outDir, 'wasm'), {
    recursive: true,
    filter: (path) => !/\.(map|ts)$/.test(path),
  });
  cpSync(dirname(resolve('@jax-js/jax')), join(outDir, 'jax'), { recursive: true });
  const server = await preview({ ...common, build: { outDir }, preview: { host: '127.0.0.1', port: 0 } });
  const browser = await chromium.launch({ executablePath, args: chromiumFlags });
  try {
    const page = await browser.newPage();
    page.on('console', (message) => log(message.text()));
    page.on('pageerror', (error) => log(String(error)));
    await page.goto(`${server.resolvedUrls?.local[0]}page.html`);
    await page.waitForFunction(() => typeof globalThis.bench === 'function');
    const request: Request = { suites, rivals, networks, rounds };
    return {
      host: `Chromium ${browser.version()}`,
      ...(await page.evaluate((asked) => globalThis.bench(asked), request)),
    };
  } finally {
    await browser.close();
    await server.close();
  }
}
