import { existsSync } from 'node:fs';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import type { BrowserCommand } from 'vitest/node';
import { nodeGpu } from './src/node/index.js';
import { softwareVulkan } from './src/node/software-vulkan.js';

// Sets VK_DRIVER_FILES, once for all workers, where only the software GPU serves.
await nodeGpu();

const installed = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'];
const executablePath = installed.find((path) => path && existsSync(path)) ?? (await softwareVulkan())?.chromium;

const chromiumFlags = [
  '--no-sandbox', // containers and root
  '--disable-dev-shm-usage',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  // Without these three a WebGPU canvas takes the GPU process down on a software GPU.
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  '--use-angle=swiftshader',
  // Tests crash the GPU process on purpose; Chromium would refuse an adapter from the third crash on.
  '--disable-gpu-process-crash-limit',
  '--disable-domain-blocking-for-3d-apis',
];

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
