import type { Dimensions } from '../kernels/index.js';
import type { Shape } from './find-shapes.js';

/** A variant of the kernel of a shape, and its times. */
export interface TunedCandidate {
  readonly variant: string;
  /** True if it stores the bits of the planner's own choice; another variant is never taken. */
  readonly sameBits: boolean;
  /** Microseconds of a dispatch, the median of the rounds and the least; null if it was not timed. */
  readonly median: number | null;
  readonly least: number | null;
}

/** A kernel at some sizes, as one dispatch or several of a training step compute it. */
export interface TunedShape {
  /** Both in a word, such as 'matmul-nn m=64,k=784,n=128'. */
  readonly name: string;
  readonly kernel: string;
  readonly sizes: Dimensions;
  /** The dispatches, as the planner has them by itself. */
  readonly dispatches: readonly string[];
  /** The variant that the planner chooses by itself, and the one that it chooses from now on. */
  readonly planned: string;
  readonly chosen: string;
  /** The origin of the choice: 'planner' if the time was over. */
  readonly from: 'measured' | 'store' | 'planner';
  readonly candidates: readonly TunedCandidate[];
}

/** The result of tuning: plain data, and text as `${tuning}`. */
export interface Tuning {
  readonly adapter: string;
  /** Every shape of the step for which there are several variants. */
  readonly shapes: readonly TunedShape[];
  readonly seconds: number;
  toString(): string;
}

/** Returns a tuning as text. */
export function tuningText({ adapter, shapes, seconds }: Tuning): string {
  const count = `${shapes.length} ${shapes.length === 1 ? 'shape' : 'shapes'}`;
  const head = `autotune on ${adapter}: ${count} in ${seconds.toFixed(1)} s`;
  return [head, ...shapes.flatMap(shapeLines)].join('\n');
}

function shapeLines({ name, planned, chosen, from, candidates }: TunedShape): string[] {
  const why = {
    measured: chosen === planned ? 'as planned' : `planned was ${planned}, ${gain(candidates, planned, chosen)}`,
    store: `from the store, planned was ${planned}`,
    planner: 'as planned: the time was over',
  };
  return [
    `  ${name}: ${chosen}, ${why[from]}`,
    ...candidates.map(({ variant, sameBits, median, least }) => {
      const time =
        median === null || least === null ? 'not timed' : `${median.toFixed(1)} µs, at least ${least.toFixed(1)}`;
      return `      ${variant.padEnd(10)} ${sameBits ? time : 'stores other bits'}`;
    }),
  ];
}

function gain(candidates: readonly TunedCandidate[], planned: string, chosen: string): string {
  const of = (name: string) => candidates.find(({ variant }) => variant === name)?.median ?? Number.NaN;
  return `${(of(planned) / of(chosen)).toFixed(2)} times as long`;
}

/**
 * Keeps results, by the caller's choice; a Map is one. In a page: `{ get: (key) => localStorage.getItem(key), set:
 * (key, value) => localStorage.setItem(key, value) }`. Values are short JSON; one that is not as it was written is measured anew.
 */
export interface TuningStore {
  get(key: string): string | null | undefined | Promise<string | null | undefined>;
  set(key: string, value: string): unknown;
}

/** The version of this package; results of another one do not count. */
export const VERSION = '0.1.0';

/** Returns the key of a result: the device, the package, the shape, and a hash of every candidate's texts. */
export async function storeKey({ adapterInfo }: GPUDevice, { name, candidates }: Shape): Promise<string> {
  const { vendor, architecture, device, description } = adapterInfo ?? {};
  const adapter = [vendor, architecture, device, description].map((text) => text ?? '').join('|');
  const texts = candidates.flatMap(({ dispatches }) => dispatches.map(({ wgsl }) => wgsl));
  return `wgrad ${VERSION} autotune, ${adapter}, ${name}, ${await sha256(texts.join('\0'))}`;
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The choice at a shape and its reasons, as a store keeps them. */
export type TunedChoice = Pick<TunedShape, 'chosen' | 'candidates'>;

/** Returns the text that is kept of a shape. */
export const storedText = ({ chosen, candidates }: TunedChoice) => JSON.stringify({ chosen, candidates });

/** Reads the text that is kept of a shape with these variants; undefined if it is not as `storedText` wrote it. */
export function parseStored(text: unknown, variants: readonly string[]): TunedChoice | undefined {
  const { chosen, candidates } = membersOf(parsed(text));
  if (!Array.isArray(candidates) || candidates.length !== variants.length) return undefined;
  const found = candidates.flatMap((each, i) => candidateOf(each, variants[i]) ?? []);
  const best = found.find(({ variant, sameBits }) => variant === chosen && sameBits);
  return best && found.length === variants.length ? { chosen: best.variant, candidates: found } : undefined;
}

function parsed(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** The members of an object; none of anything else. */
function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function candidateOf(value: unknown, wanted: string): TunedCandidate | undefined {
  const { variant, sameBits, median, least } = membersOf(value);
  if (variant !== wanted || typeof sameBits !== 'boolean' || !isTime(median) || !isTime(least)) return undefined;
  return { variant, sameBits, median, least };
}

function isTime(value: unknown): value is number | null {
  return value === null || (typeof value === 'number' && Number.isFinite(value) && value >= 0);
}
