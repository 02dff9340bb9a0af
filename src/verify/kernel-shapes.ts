import type { Dimensions } from '../kernels/index.js';
import type { Random } from '../random/random.js';

/** Sizes at which a kernel is checked: letters, and `count` valid rows and `start` of the batch where it asks for them. */
export interface Shapes {
  readonly shapes: readonly Dimensions[];
  /** Draws another shape. */
  fresh(random: Random): Dimensions;
}

const integer = (random: Random, from: number, to: number) => Math.floor(random.uniform(from, to + 1));

/** One, a tile less one, a tile, a tile and one (tiles of 16, 32 or 64 rows and 32 or 64 columns), primes, tall, flat, deep. */
export const products: Shapes = {
  shapes: [
    { m: 1, n: 1, k: 1 },
    { m: 4, n: 8, k: 4 },
    { m: 7, n: 5, k: 3 },
    { m: 31, n: 31, k: 31 },
    { m: 32, n: 32, k: 32 },
    { m: 33, n: 33, k: 33 },
    { m: 32, n: 64, k: 8 },
    { m: 61, n: 67, k: 53 },
    { m: 65, n: 129, k: 17 },
    { m: 257, n: 3, k: 5 },
    { m: 2, n: 259, k: 7 },
    { m: 3, n: 2, k: 1031 },
    { m: 1, n: 66, k: 65 },
  ],
  fresh: (r) => ({ m: integer(r, 1, 99), n: integer(r, 1, 99), k: integer(r, 1, 199) }),
};

/** Around tiles of 64 rows, with short batches. */
export const batches: Shapes = {
  shapes: [
    { m: 1, n: 1, count: 1 },
    { m: 1, n: 7, count: 1 },
    { m: 5, n: 2, count: 3 },
    { m: 63, n: 10, count: 63 },
    { m: 64, n: 3, count: 64 },
    { m: 65, n: 4, count: 64 },
    { m: 65, n: 9, count: 65 },
    { m: 131, n: 5, count: 1 },
    { m: 200, n: 33, count: 150 },
  ],
  fresh: (r) => {
    const m = integer(r, 1, 299);
    return { m, n: integer(r, 1, 40), count: integer(r, 1, m) };
  },
};

/** Around 64 and 256 lanes of four columns. */
export const reduced: Shapes = {
  shapes: [
    { m: 1, n: 1 },
    { m: 1, n: 3 },
    { m: 3, n: 1 },
    { m: 31, n: 4 },
    { m: 65, n: 64 },
    { m: 2, n: 255 },
    { m: 2, n: 256 },
    { m: 3, n: 257 },
    { m: 257, n: 2 },
    { m: 7, n: 1031 },
  ],
  fresh: (r) => ({ m: integer(r, 1, 299), n: integer(r, 1, 599) }),
};

export const gathered: Shapes = {
  shapes: [
    { e: 1, c: 1, d: 1, m: 1, start: 0, count: 1 },
    { e: 7, c: 5, d: 3, m: 4, start: 2, count: 4 },
    { e: 64, c: 4, d: 9, m: 64, start: 0, count: 64 },
    { e: 61, c: 83, d: 1, m: 37, start: 31, count: 30 },
    { e: 10, c: 257, d: 2, m: 4, start: 8, count: 2 },
    { e: 5, c: 255, d: 301, m: 3, start: 4, count: 1 },
  ],
  fresh: (r) => {
    const m = integer(r, 1, 70);
    const start = integer(r, 0, 70);
    return {
      e: start + m + integer(r, 0, 9),
      c: integer(r, 1, 99),
      d: integer(r, 1, 99),
      m,
      start,
      count: integer(r, 1, m),
    };
  },
};

/** Up to twelve classes: the head's text depends on their number in quads. */
export const heads: Shapes = {
  shapes: [
    { m: 1, n: 1, k: 1, count: 1 },
    { m: 5, n: 2, k: 3, count: 3 },
    { m: 63, n: 10, k: 4, count: 63 },
    { m: 64, n: 3, k: 65, count: 64 },
    { m: 65, n: 9, k: 4, count: 64 },
    { m: 131, n: 4, k: 7, count: 1 },
    { m: 66, n: 12, k: 1031, count: 66 },
  ],
  fresh: (r) => {
    const m = integer(r, 1, 199);
    return { m, n: integer(r, 1, 12), k: integer(r, 1, 99), count: integer(r, 1, m) };
  },
};
/** Three quads of classes: one text, since compilation takes most of the time. */
export const threeQuads: Shapes = {
  shapes: [
    { m: 1, n: 10, k: 1, count: 1 },
    { m: 63, n: 10, k: 4, count: 63 },
    { m: 65, n: 9, k: 4, count: 64 },
    { m: 131, n: 11, k: 7, count: 1 },
    { m: 66, n: 12, k: 1031, count: 66 },
  ],
  fresh: (r) => ({ ...heads.fresh(r), n: integer(r, 9, 12) }),
};
/** As many classes as it takes, and one less. */
export const widest: readonly Dimensions[] = [
  { m: 66, n: 31, k: 33, count: 66 },
  { m: 9, n: 32, k: 5, count: 8 },
];

/** One, a quad and less and more, one workgroup of 64 quads and more, tall, flat. */
export const mapped: Shapes = {
  shapes: [
    { m: 1, n: 1 },
    { m: 3, n: 4 },
    { m: 5, n: 7 },
    { m: 16, n: 16 },
    { m: 13, n: 21 },
    { m: 517, n: 1 },
    { m: 2, n: 1031 },
  ],
  fresh: (r) => ({ m: integer(r, 1, 70), n: integer(r, 1, 70) }),
};
