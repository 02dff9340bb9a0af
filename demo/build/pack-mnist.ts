import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { loadMnist } from '../../src/cli/train/mnist.js';
import type { Dataset } from '../../src/index.js';
import { MNIST } from '../contract/state.js';

/** Not under version control. */
const FILE = new URL('../assets/mnist.bin.gz', import.meta.url);

/**
 * Writes the images that the page brings, packed: the first ones of MNIST's training and test set, of each the pixels
 * [examples, 784] and then the labels, a byte each. `loadMnist` has compared the MD5 of the four files with the published.
 */
export async function packMnist(): Promise<void> {
  const { train, test } = await loadMnist();
  const bytes = gzipSync(Buffer.concat([...first(train, MNIST.train), ...first(test, MNIST.validation)]), { level: 9 });
  await mkdir(new URL('.', FILE), { recursive: true });
  await writeFile(fileURLToPath(FILE), bytes);
}

function first({ x, y, features }: Dataset, examples: number): Uint8Array[] {
  return [Uint8Array.from(x.subarray(0, examples * features)), Uint8Array.from(y.subarray(0, examples))];
}
