import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { loadMnist } from '../../src/cli/train/mnist.js';
import type { Dataset } from '../../src/index.js';
import { MNIST } from '../contract/state.js';

/** Ignored by git. */
const FILE = new URL('../assets/mnist.bin.gz', import.meta.url);

/**
 * Writes the gzipped images that the page brings: the first ones of MNIST's training set, then of its test set. Each
 * part is the pixels [examples, 784], then the labels, one byte each. `loadMnist` checks the MD5 of the four files.
 */
export async function packMnist(): Promise<void> {
  const { train, test } = await loadMnist();
  const bytes = gzipSync(Buffer.concat([...first(train, MNIST.train), ...first(test, MNIST.validation + MNIST.test)]), {
    level: 9,
  });
  await mkdir(new URL('.', FILE), { recursive: true });
  await writeFile(fileURLToPath(FILE), bytes);
}

function first({ x, y, features }: Dataset, examples: number): Uint8Array[] {
  return [Uint8Array.from(x.subarray(0, examples * features)), Uint8Array.from(y.subarray(0, examples))];
}
