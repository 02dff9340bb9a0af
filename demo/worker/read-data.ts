import { dataset, parseCsv, parseIdx } from 'wgrad';
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
/** Whole numbers below this may be classes. */
const FEW_CLASSES = 20;

/**
 * Returns the data of a CSV or TSV text.
 * @throws Error with the library's message, or the reason why the page cannot use it
 */
export function readCsv({ name, bytes }: OpenedFile): OwnSource {
  const text = textOf(bytes);
  const delimiter = delimiterOf(text);
  const first = parseCsv(text, { delimiter });
  const isCode = !first.dataset.classes && mayBeClasses(first.dataset.y);
  const { dataset: all, classNames, target } = isCode ? parseCsv(text, { delimiter, classes: true }) : first;
  const { classes } = all;
  const read = classes ? `'${target}' is the class` : `'${target}' is the number to learn, standardised`;
  return checked({
    title: name,
    source: `Your own file ${name}; ${read}. It stays on this machine.`,
    all,
    classes: classes ? (classNames ?? Array.from({ length: classes }, (_, i) => String(i))) : undefined,
  });
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Error('this page cannot open it: its text is not UTF-8', { cause });
  }
}

/** Returns the character between values, judged by the first line. */
function delimiterOf(text: string): string {
  const line = text.slice(0, Math.max(0, text.search(/[\r\n]/)) || undefined);
  const count = (character: string) => line.split(character).length;
  return [',', ';', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best));
}

/** Returns true for few whole numbers, each several times. */
function mayBeClasses(y: Uint32Array | Float32Array): boolean {
  const values = new Set(y);
  return y.length >= 3 * values.size && [...values].every((v) => Number.isInteger(v) && v >= 0 && v < FEW_CLASSES);
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
  const all = dataset({ x: images.data, y: labels.data, features });
  const [height, width] = sizes;
  return checked({
    title: images.name,
    source: `Your own files ${images.name} and ${labels.name}. They stay on this machine.`,
    all,
    classes: Array.from({ length: all.classes ?? 0 }, (_, i) => String(i)),
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
  throw new Error(`${name}: ${message.replace(/^(csv|idx): /, '')}`, { cause }); // the name says the format
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
