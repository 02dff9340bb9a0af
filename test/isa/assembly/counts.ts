import type { Instruction, Listing } from './listing.js';
import { loopsOf } from './loops.js';

/** Numbers of instructions. */
export interface Counts {
  /** Without hints. */
  readonly issued: number;
  /** Those of the vector units. */
  readonly vector: number;
  readonly multiplyAdds: number;
  /** Accesses of a lane's own memory. */
  readonly own: number;
  readonly sharedStores: number;
  /** Words that a lane stores in workgroup memory. */
  readonly sharedWords: number;
}

const VECTOR = new Set(['multiply-add', 'float', 'vector', 'atomic']);

/** Counts instructions. */
export function countsOf(instructions: readonly Instruction[]): Counts {
  const stores = instructions.filter(({ kind }) => kind === 'shared store');
  return {
    issued: instructions.filter(({ kind }) => kind !== 'hint').length,
    vector: instructions.filter(({ kind }) => VECTOR.has(kind)).length,
    multiplyAdds: instructions.reduce((sum, { multiplyAdds }) => sum + multiplyAdds, 0),
    own: instructions.filter(({ kind }) => kind === 'own').length,
    sharedStores: stores.length,
    sharedWords: stores.reduce((sum, { words }) => sum + words, 0),
  };
}

/** Returns a, and b `times` times. */
export function sumOf(a: Counts, b: Counts, times: number): Counts {
  return {
    issued: a.issued + times * b.issued,
    vector: a.vector + times * b.vector,
    multiplyAdds: a.multiplyAdds + times * b.multiplyAdds,
    own: a.own + times * b.own,
    sharedStores: a.sharedStores + times * b.sharedStores,
    sharedWords: a.sharedWords + times * b.sharedWords,
  };
}

/** A loop of a shader. */
export interface Loop {
  /** Indices of its instructions. */
  readonly body: ReadonlySet<number>;
  /** Counts without the loops inside it. */
  readonly own: Counts;
  /** No loop is inside it. */
  readonly innermost: boolean;
}

/** The counts of a shader. */
export interface ShaderCounts {
  readonly all: Counts;
  readonly loops: readonly Loop[];
}

/** Returns true if a loop is a part of another one. */
export const isInside = (inner: ReadonlySet<number>, outer: ReadonlySet<number>) =>
  inner.size < outer.size && [...inner].every((i) => outer.has(i));

/** Counts a listing, and each of its loops. */
export function countShader(listing: Listing): ShaderCounts {
  const { instructions } = listing;
  const bodies = loopsOf(listing);
  const loops = bodies.map((body): Loop => {
    const inner = bodies.filter((other) => isInside(other, body));
    const own = [...body].filter((i) => inner.every((other) => !other.has(i)));
    return { body, own: countsOf(own.map((i) => instructions[i])), innermost: inner.length === 0 };
  });
  return { all: countsOf(instructions), loops };
}
