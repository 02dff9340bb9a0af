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
const optimizeDeps = { include: ['fast-check', 'wgsl-preprocessor/wgsl-preprocessor.js'] };

// The shaders are the published ones, without comments. The same suites run in Node and in Chromium: test/node is for Node alone, test/browser and test/crash for Chromium alone.
export default defineConfig({
  test: {
    teardownTimeout: 5_000,
    projects: [
      {
        plugins: [strippedShaders()],
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**', 'test/crash/**'],
          environment: 'node',
          setupFiles: ['test/setup-node.ts'],
          pool: 'forks', // a native abort takes one file with it, not the run
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 20_000 } }, // a loaded machine takes its time over a page
          sequence: { groupOrder: 0 },
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
          sequence: { groupOrder: 1 },
        },
      },
      {
        // In a browser of its own: Chromium 147 may lose the page when a frame is removed in which devices were lost.
        plugins: [strippedShaders()],
        optimizeDeps,
        test: { ...inBrowser(), name: 'crash', include: ['test/crash/*.test.ts'], sequence: { groupOrder: 2 } },
      },
    ],
  },
});
