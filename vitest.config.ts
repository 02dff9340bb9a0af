import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import type { BrowserCommand } from 'vitest/node';
import { strippedShaders } from './shaders/strip-comments.js';
import { nodeGpu } from './src/node/index.js';
import { chromiumFlags, executablePath } from './test/chromium.js';

// Sets VK_DRIVER_FILES, once for all workers, where only the software GPU serves.
await nodeGpu();

/** A real device loss (reason 'unknown'): kills the GPU process of the browser that the test runs in. */
const crashGpu: BrowserCommand<[]> = async ({ context }) => {
  const session = await context.browser()?.newBrowserCDPSession();
  await session?.send('Browser.crashGpuProcess').catch(() => {}); // the reply is lost with the process
};

/** What the projects in Chromium have in common; made anew, since Vitest writes names into it. */
const inBrowser = () => ({
  fileParallelism: false, // the files share one GPU process
  testTimeout: 120_000,
  hookTimeout: 120_000,
  browser: {
    enabled: true,
    headless: true,
    screenshotFailures: false,
    commands: { crashGpu },
    provider: playwright({ launchOptions: { executablePath, args: chromiumFlags } }),
    instances: [{ browser: 'chromium' as const }],
  },
});
/** What the projects in Node have in common. */
const inNode = {
  environment: 'node' as const,
  setupFiles: ['test/setup-node.ts'],
  pool: 'forks' as const, // a native abort takes one file with it, not the run
  testTimeout: 60_000,
  hookTimeout: 60_000,
};
const pageTests = 'test/node/demo-*.test.ts';
const optimizeDeps = { include: ['fast-check', 'wgsl-preprocessor/wgsl-preprocessor.js'] };

// The shaders are the published ones, without comments. The same suites run in Node and in Chromium: test/node is for Node alone, test/browser and test/crash for Chromium alone.
export default defineConfig({
  test: {
    teardownTimeout: 5_000,
    projects: [
      {
        plugins: [strippedShaders()],
        test: {
          ...inNode,
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**', 'test/crash/**', pageTests],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // One file at a time: a page that shares the processor with other tests shows little but how slow it gets.
        plugins: [strippedShaders()],
        test: {
          ...inNode,
          name: 'page',
          include: [pageTests],
          maxWorkers: 1,
          expect: { poll: { timeout: 20_000 } }, // a loaded machine takes its time over a page
          sequence: { groupOrder: 1 },
        },
      },
      {
        plugins: [strippedShaders()],
        envPrefix: 'WGRAD_', // WGRAD_CASES and WGRAD_SEED reach the page as import.meta.env
        optimizeDeps,
        test: {
          ...inBrowser(),
          name: 'browser',
          include: ['test/**/*.test.ts'],
          exclude: ['test/node/**', 'test/crash/**'],
          sequence: { groupOrder: 2 },
        },
      },
      {
        // In a browser of its own: Chromium 147 may lose the page when a frame is removed in which devices were lost.
        plugins: [strippedShaders()],
        optimizeDeps,
        test: { ...inBrowser(), name: 'crash', include: ['test/crash/*.test.ts'], sequence: { groupOrder: 3 } },
      },
    ],
  },
});
