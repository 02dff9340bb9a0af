import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import type { BrowserCommand } from 'vitest/node';
import { nodeGpu } from './src/node/index.js';
import { chromiumFlags, executablePath } from './test/chromium.js';

// Sets VK_DRIVER_FILES, once for all workers, where only the software GPU serves.
await nodeGpu();

/** A real device loss (reason 'unknown'): kills the GPU process of the browser that the test runs in. */
const crashGpu: BrowserCommand<[]> = async ({ context }) => {
  const session = await context.browser()?.newBrowserCDPSession();
  await session?.send('Browser.crashGpuProcess').catch(() => {}); // the reply is lost with the process
};

// The same suites run in both projects: test/node is for Node alone, test/browser for Chromium alone.
export default defineConfig({
  test: {
    teardownTimeout: 5_000,
    projects: [
      {
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**'],
          environment: 'node',
          setupFiles: ['test/setup-node.ts'],
          pool: 'forks', // a native abort takes one file with it, not the run
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        optimizeDeps: { include: ['fast-check', 'wgsl-preprocessor/wgsl-preprocessor.js'] },
        test: {
          name: 'browser',
          include: ['test/**/*.test.ts'],
          exclude: ['test/node/**'],
          fileParallelism: false, // the files share one GPU process, and some crash it
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            commands: { crashGpu },
            provider: playwright({ launchOptions: { executablePath, args: chromiumFlags } }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
