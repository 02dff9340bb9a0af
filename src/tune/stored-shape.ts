import type { GpuEngine } from '../gpu/engine.js';
import type { Candidate } from './find-shapes.js';
import type { TunedCandidate, TunedShape } from './tuning.js';

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
export async function storeKey(
  { device }: GpuEngine,
  shape: string,
  candidates: readonly Candidate[],
): Promise<string> {
  const { vendor, architecture, device: name, description } = device.adapterInfo ?? {};
  const adapter = [vendor, architecture, name, description].map((text) => text ?? '').join('|');
  const texts = candidates.flatMap(({ dispatches }) => dispatches.map(({ wgsl }) => wgsl));
  return `wgrad ${VERSION} autotune, ${adapter}, ${shape}, ${await sha256(texts.join('\0'))}`;
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

type Stored = Pick<TunedShape, 'chosen' | 'candidates'>;

/** Returns the text that is kept of a shape. */
export function storedText({ chosen, candidates }: Stored): string {
  return JSON.stringify({ chosen, candidates });
}

/** Reads the text that is kept of a shape with these variants; undefined if it is not as `storedText` wrote it. */
export function parseStored(text: unknown, variants: readonly string[]): Stored | undefined {
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
