import { dataset, parseIdx, readTable } from 'wgrad';
import { inWords } from '../words/errors.js';
import { refusals, worker as words } from '../words/words.js';
import { OwnImages } from './data/own-images.js';
import { checkClasses, OwnTable } from './data/own-table.js';
import { isDeviceLost } from './is-device-lost.js';

/** A dropped file, unpacked. */
export interface OpenedFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Its origin, as a sentence; default: it is the person's own. */
  readonly origin?: string | undefined;
}

/**
 * Returns the table of a file.
 * @param onProgress called with the share of the file that is read
 * @throws Error with the library's message
 */
export async function readOwnTable(
  { name, bytes, origin }: OpenedFile,
  onProgress: (share: number) => void = () => {},
): Promise<OwnTable> {
  if (startsWith(bytes, 'id,status,')) throw new Error(refusals.isSearch);
  const table = await readTable(bytes, { onProgress: (read, all) => onProgress(read / all) });
  return new OwnTable(table, name, origin ?? words.ownFile(name));
}

/** Returns true if a file begins with this text. */
export function startsWith(bytes: Uint8Array, text: string): boolean {
  return new TextDecoder().decode(bytes.subarray(0, text.length)) === text;
}

/** Returns the data of an IDX file of examples and one of labels. @throws Error with the mistake in them */
export function readIdx(files: readonly OpenedFile[]): OwnImages {
  if (files.length !== 2) throw new Error(refusals.twoIdx);
  const parsed = files.map(({ name, bytes }) => ({ name, ...inFile(name, () => parseIdx(bytes)) }));
  const labels = parsed.find(({ shape }) => shape.length === 1);
  const images = parsed.find(({ shape }) => shape.length > 1);
  if (!labels || !images) throw new Error(refusals.idxDimensions);
  const [examples, ...sizes] = images.shape;
  const features = sizes.reduce((product, size) => product * size, 1);
  if (labels.shape[0] !== examples) {
    throw new Error(refusals.idxLengths(images.name, examples, labels.name, labels.shape[0]));
  }
  const all = dataset({ x: images.data, labels: labels.data, features });
  const [height, width] = sizes;
  const { classNames: classes = [] } = all;
  checkClasses(classes.length);
  return new OwnImages(all, {
    title: images.name,
    source: words.ownFiles(images.name, labels.name),
    classes,
    image: sizes.length === 2 ? { width, height } : undefined,
  });
}

/** Returns the result of `read`; an error names the file. */
export function inFile<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    refuse(name, error);
  }
}

/** Throws an error with the name of the file. */
export function refuse(name: string, cause: unknown): never {
  if (isDeviceLost(cause)) throw cause;
  throw new Error(`${name}: ${inWords(cause)}`, { cause });
}
