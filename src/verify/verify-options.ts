import type { Batch } from '../data/batch.js';
import {
  checkBoolean,
  checkChoice,
  checkNumber,
  checkOptions,
  checkPositiveInteger,
  checkSignal,
  show,
} from '../errors/arguments.js';
import { casesOf, shapeText } from './kernel-cases.js';
import { SECTIONS, type Section } from './report.js';
import type { VerifyProgress } from './verification.js';

/** Options of `verifyEngine`. */
export interface VerifyEngineOptions {
  /** Fewer shapes, directions and steps: under a minute on a software adapter. Default false. */
  quick?: boolean | undefined;
  /** The sections to check. Default: all. */
  sections?: readonly Section[] | undefined;
  /** Check this kernel alone, such as 'matmul-nn', or one case of it, such as 'map relu'. */
  kernel?: string | undefined;
  /** Check this variant of kernels alone: 'direct', 'broadcast', 'thin', or tiles such as 'tiled-64'. */
  variant?: string | undefined;
  /** Check `kernel` at these sizes alone, such as { m: 33, n: 34, k: 35 }. */
  shape?: Readonly<Record<string, number>> | undefined;
  /** The seed of random shapes, operands, batches and directions, in [0, 2^32). Default: a new one, which the report holds. */
  seed?: number | undefined;
  /** Seconds after which unfinished checks are left out, and listed as omitted. Default 300, or 60 with `quick`. */
  seconds?: number | undefined;
  /** Steps of training that are checked. Default 3, or 1 with `quick`. */
  steps?: number | undefined;
  /** The program that offers WebGPU, for the report. Default: the browser's name. */
  host?: string | undefined;
  /** Stops the verification, which then rejects with an EngineError of kind `aborted`. */
  signal?: AbortSignal | undefined;
  /** Called before each check. */
  onProgress?: ((progress: VerifyProgress) => void) | undefined;
}

/** Options of `verify`. */
export interface VerifyOptions extends VerifyEngineOptions {
  /** Rows to check the steps on. Default: random ones. */
  batch?: Batch | undefined;
  /** Networks side by side, with seeds of their own. Default 2. */
  members?: number | undefined;
}

type Defaulted = 'quick' | 'seed' | 'seconds' | 'steps' | 'members';
type Optional = 'kernel' | 'variant' | 'shape' | 'host' | 'signal' | 'onProgress';

/** The options, checked, with their defaults. */
export interface CheckedVerifyOptions
  extends Readonly<Required<Pick<VerifyOptions, Defaulted>>>,
    Readonly<Pick<VerifyOptions, Optional>> {
  readonly sections: ReadonlySet<Section>;
}

const KNOWN = 'quick sections kernel variant shape seed seconds steps host signal onProgress'.split(' ');
/** Networks side by side: more show nothing new. */
const MOST_MEMBERS = 64;
/** The number of seeds there are. */
const SEEDS = 2 ** 32;

/** Returns the options, checked. @throws TypeError or RangeError naming `where` and the option */
export function checkVerifyOptions(
  where: string,
  options: VerifyOptions,
  more: readonly string[] = [],
): CheckedVerifyOptions {
  checkOptions(where, options, [...KNOWN, ...more]);
  const { quick = false, sections, kernel, variant, shape, seed, host, signal, onProgress } = options;
  checkBoolean(where, 'quick', quick);
  const { seconds = quick ? 60 : 300, steps = quick ? 1 : 3, members = 2 } = options;
  checkNumber(where, 'seconds', seconds, { min: 0, exclusive: 'min' });
  checkPositiveInteger(where, 'steps', steps);
  checkNumber(where, 'members', members, { min: 1, max: MOST_MEMBERS, integer: true });
  if (seed !== undefined) checkNumber(where, 'seed', seed, { min: 0, max: SEEDS - 1, integer: true });
  if (host !== undefined && typeof host !== 'string')
    throw new TypeError(`${where}: host must be a string, got ${show(host)}`);
  checkSignal(where, signal);
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new TypeError(`${where}: onProgress must be a function, got ${show(onProgress)}`);
  }
  checkKernelChoice(where, options);
  return {
    quick,
    sections: checkSections(where, sections, kernel),
    kernel,
    variant,
    shape,
    seed: seed ?? Math.floor(Math.random() * SEEDS),
    seconds,
    steps,
    members,
    host,
    signal,
    onProgress,
  };
}

function checkSections(where: string, sections: unknown, kernel: string | undefined): ReadonlySet<Section> {
  if (sections === undefined) return new Set(kernel === undefined ? SECTIONS : ['kernels']);
  if (kernel !== undefined) throw new TypeError(`${where}: kernel checks a kernel alone; leave sections out`);
  if (!Array.isArray(sections) || sections.length === 0) {
    throw new TypeError(`${where}: sections must be an array of some of ${SECTIONS.join(', ')}, got ${show(sections)}`);
  }
  for (const [i, section] of sections.entries()) checkChoice(where, `sections[${i}]`, section, SECTIONS);
  return new Set(sections);
}

/** Sizes are bounded, so that a slip does not ask for all the memory there is. */
const MOST = 4096;

function checkKernelChoice(where: string, { kernel, variant, shape }: VerifyOptions): void {
  if (kernel !== undefined && typeof kernel !== 'string') {
    throw new TypeError(`${where}: kernel must be a string, got ${show(kernel)}`);
  }
  const cases = casesOf(where, kernel);
  if (variant !== undefined) {
    const names = [...new Set(cases.flatMap((each) => each.kernel.variants.map(({ name }) => name)))];
    checkChoice(where, 'variant', variant, names);
  }
  if (shape === undefined) return;
  if (kernel === undefined || cases.length === 0) throw new TypeError(`${where}: shape needs a kernel`);
  if (typeof shape !== 'object' || shape === null)
    throw new TypeError(`${where}: shape must be an object such as { m: 33, n: 34 }, got ${show(shape)}`);
  const letters = Object.keys(cases[0].shapes[0]);
  checkOptions(`${where}: shape`, shape, letters);
  for (const letter of letters) {
    const min = letter === 'start' ? 0 : 1;
    checkNumber(where, `shape.${letter}`, shape[letter], { min, max: MOST, integer: true });
  }
  const { m = 1, count = 1, start = 0, e = start + count } = shape;
  if (count > m) throw new RangeError(`${where}: shape.count must be at most m = ${m}, got ${count}`);
  if (start + count > e) {
    throw new RangeError(`${where}: shape.start + shape.count must be at most e = ${e}, got ${start + count}`);
  }
  if (cases[0].kernel.fits?.(shape) === false) {
    throw new RangeError(`${where}: ${cases[0].kernel.name} is not made for ${shapeText(shape)}`);
  }
}
