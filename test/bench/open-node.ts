import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readTable } from '../../src/index.js';
import { nodeGpu } from '../../src/node/index.js';
import type { Place } from './open-rival.js';

/** Opens Dawn in this process, behind the browser's names, by which rivals ask for it. */
export async function openNode(adapter: string | undefined): Promise<Place> {
  const gpu = await nodeGpu(adapter === undefined ? {} : { adapter });
  if (!globalThis.navigator) Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
  // jax-js asks for it while it is imported.
  Object.defineProperty(globalThis.navigator, 'userAgent', { value: 'node', configurable: true });
  const { resolve } = createRequire(import.meta.url);
  const images = async () => (await (await import('../../src/cli/train/mnist.js')).loadMnist()).train;
  return {
    gpu,
    images,
    table: (name) => {
      const tables = join(dirname(resolve('wgrad/package.json')), 'test/bench/tables');
      return readTable(new Blob([readFileSync(join(tables, `${name}.csv.gz`))]));
    },
    // Resolved when a rival starts: one that is not installed is left out.
    get jax() {
      return pathToFileURL(join(dirname(resolve('@jax-js/jax')), 'index.js')).href; // resolve finds index.cjs
    },
    get wasm() {
      return join(dirname(resolve('@tensorflow/tfjs-backend-wasm')), '/');
    },
  };
}
