import { type Dataset, dataset, parseIdx, prepareTable, readTable } from 'wgrad';
import { LIMITS } from '../contract/state.js';
import { type OwnSource, validationRows } from './data/own-data.js';
import { isDeviceLost } from './is-device-lost.js';

/** A dropped file, unpacked. */
export interface OpenedFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Most classes that the page can show. */
const MOST_CLASSES = 50;

/**
 * Returns the data of a table.
 * @throws Error with the library's message, or the reason why the page cannot use it
 */
export async function readOwnTable({ name, bytes }: OpenedFile): Promise<OwnSource> {
  const table = await readTable(bytes);
  // The page standardises by the rows that it trains on, and deals the rows itself.
  const { train, validation, test, task } = prepareTable(table, { standardize: false });
  const { target, classes, leftOut } = task;
  const read =
    classes.length > 0 ? `'${target.name}' is the class` : `'${target.name}' is the number to learn, standardised`;
  const without = leftOut.length > 0 ? `; left out: ${leftOut.map((column) => column.name).join(', ')}` : '';
  return checked({
    title: name,
    source: `Your own file ${name}; ${read}${without}. It stays on this machine.`,
    all: joined([train, validation, test]),
    classes: classes.length > 0 ? classes : undefined,
  });
}

/** Returns the examples of several parts of a table in one set. */
function joined(parts: readonly Dataset[]): Dataset {
  const [{ features, classes }] = parts;
  const x = Float32Array.from(parts.flatMap((part) => Array.from(part.x)));
  const y = parts.flatMap((part) => Array.from(part.y));
  return dataset({ x, y: classes ? Uint32Array.from(y) : Float32Array.from(y), features, classes });
}

/** Returns the data of an IDX file of examples and one of labels. @throws Error as `readCsv` */
export function readIdx(files: readonly OpenedFile[]): OwnSource {
  if (files.length !== 2) throw new Error('Drop two IDX files together: one with the examples, one with their labels.');
  const parsed = files.map(({ name, bytes }) => ({ name, ...inFile(name, () => parseIdx(bytes)) }));
  const labels = parsed.find(({ shape }) => shape.length === 1);
  const images = parsed.find(({ shape }) => shape.length > 1);
  if (!labels || !images)
    throw new Error('One of the two IDX files must have one dimension (the labels), the other more.');
  const [examples, ...sizes] = images.shape;
  const features = sizes.reduce((product, size) => product * size, 1);
  if (labels.shape[0] !== examples) {
    throw new Error(`${images.name} has ${examples} examples, but ${labels.name} has ${labels.shape[0]} labels.`);
  }
  const all = dataset({ x: images.data, labels: labels.data, features });
  const [height, width] = sizes;
  return checked({
    title: images.name,
    source: `Your own files ${images.name} and ${labels.name}. They stay on this machine.`,
    all,
    classes: all.classNames,
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
  const message = cause instanceof Error ? cause.message : String(cause);
  throw new Error(`${name}: ${message.replace(/^(table|idx): /, '')}`, { cause }); // the name says the format
}

function checked(own: Omit<OwnSource, 'trainingRows'>): OwnSource {
  const { classes, all } = own;
  if (classes && classes.length > MOST_CLASSES) {
    throw new Error(`there are ${classes.length} classes; this page shows at most ${MOST_CLASSES}`);
  }
  if (classes && classes.length < 2) throw new Error('there is only one class; at least two are needed');
  const trainingRows = all.examples - validationRows(all.examples);
  if (trainingRows >= LIMITS.examples.min) return { ...own, trainingRows };
  throw new Error(`there are ${trainingRows} training examples; at least ${LIMITS.examples.min} are needed`);
}
