import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import type { BrowserCommand } from 'vitest/node';
import { strippedShaders } from './shaders/strip-comments.js';
import { nodeGpu } from './src/node/index.js';
import { chromiumFlags, executablePath } from './test/chromium.js';
import { CASES, CHROMIUM, NODE_ALONE, PAGE, SLOW_IN_NODE } from './test/tiers.js';

// Sets VK_DRIVER_FILES, once for all workers, where only the software GPU serves.
await nodeGpu();

/** A real device loss (reason 'unknown'): kills the GPU process of the browser that the test runs in. */
const crashGpu: BrowserCommand<[]> = async ({ context }) => {
  const session = await context.browser()?.newBrowserCDPSession();
  await session?.send('Browser.crashGpuProcess').catch(() => {}); // the reply is lost with the process
};

/** Returns what the projects in Chromium have in common; a new object, since Vitest writes names into it. */
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
  testTimeout: 300_000, // against hanging; a loaded machine without a GPU may be ten times slower than an idle one
  hookTimeout: 300_000,
};
const pageTests = 'test/node/demo-*.test.ts';
const optimizeDeps = {
  include: ['fast-check', 'wgsl-preprocessor/wgsl-preprocessor.js', '@bufbuild/protobuf/wire', 'onnxruntime-web'],
};

/**
 * Returns the files of a project: all that match, unless Vitest runs with `--mode quick` (`npm test`) or with
 * `--mode rest`, which is what `quick` leaves out.
 */
function filesOf(mode: string, all: string, quick: readonly string[], never: readonly string[] = []) {
  if (mode === 'quick') return { include: [...quick], exclude: [...never] };
  return { include: [all], exclude: mode === 'rest' ? [...never, ...quick] : [...never] };
}

/** In Node `quick` runs all files but a few. */
function filesInNode(mode: string) {
  const never = ['test/browser/**', 'test/crash/**', pageTests];
  if (mode === 'rest') return { include: [...SLOW_IN_NODE, 'test/laws/*.test.ts'], exclude: never };
  return { include: ['test/**/*.test.ts'], exclude: mode === 'quick' ? [...never, ...SLOW_IN_NODE] : never };
}

// The shaders are the published ones, without comments. The same suites run in Node and in Chromium: test/node and the files
// of NODE_ALONE are for Node alone, test/browser and test/crash for Chromium alone.
export default defineConfig(({ mode }) => {
  const cases = process.env.WGRAD_CASES ?? String(mode === 'quick' ? CASES.quick : CASES.all);
  return {
    test: {
      teardownTimeout: 5_000,
      reporters: ['./test/progress-reporter.ts'],
      projects: [
        {
          plugins: [strippedShaders()],
          test: {
            ...inNode,
            name: 'node',
            ...filesInNode(mode),
            env: { WGRAD_CASES: cases },
            maxWorkers: 2,
            isolate: false, // loading the library again for each file costs a fifth of the time
            sequence: { groupOrder: 0 },
          },
        },
        {
          // One file at a time: a page that shares the processor with other tests shows little but how slow it gets. The pages
          // of `quick` measure no time, and run beside the project `browser`: either alone leaves a core idle.
          plugins: [strippedShaders()],
          test: {
            ...inNode,
            name: 'page',
            ...filesOf(mode, pageTests, PAGE),
            maxWorkers: 1,
            isolate: false, // one Chromium for all files
            testTimeout: 1_200_000, // against hanging
            expect: { poll: { timeout: 60_000 } }, // a loaded machine takes its time over a page
            retry: mode === 'rest' ? 1 : 0, // told as such: what a page does on a busy machine is never the same twice
            sequence: { groupOrder: 1 },
          },
        },
        {
          plugins: [strippedShaders()],
          envPrefix: 'WGRAD_', // WGRAD_SEED reaches the page as import.meta.env
          optimizeDeps,
          test: {
            ...inBrowser(),
            name: 'browser',
            ...filesOf(mode, 'test/**/*.test.ts', CHROMIUM, [
              ...NODE_ALONE,
              'test/node/**',
              'test/plugin/**',
              'test/crash/**',
            ]),
            env: { WGRAD_CASES: cases },
            isolate: false, // one page for all files: loading the library again for each costs a fifth of the time
            sequence: { groupOrder: mode === 'quick' ? 1 : 2 },
          },
        },
        {
          // In a browser of its own: Chromium 147 may lose the page when a frame is removed in which devices were lost.
          plugins: [strippedShaders()],
          optimizeDeps,
          test: {
            ...inBrowser(),
            name: 'crash',
            ...filesOf(mode, 'test/crash/*.test.ts', ['test/crash/*.test.ts']),
            sequence: { groupOrder: 3 },
          },
        },
      ],
    },
  };
});
