import { KERNELS } from '../../src/kernels/index.js';
import type { Dimensions, Kernel } from '../../src/kernels/kernel.js';
import type { Random } from '../ops/random.js';

/** Draws the elements of an operand of `rows` by `cols`. */
type Draw = (random: Random, rows: number, cols: number, sizes: Dimensions) => number[];

/** What the harness must know of a kernel. */
export interface KernelCase {
  readonly kernel: Kernel;
  /** Sizes by letter; `count` valid rows and `start` of the batch in its epoch, where the kernel asks for them. */
  readonly shapes: readonly Dimensions[];
  /** Outputs that are wanted at once; default all of them. */
  readonly wanted?: readonly string[];
  /** What distinguishes two cases of one kernel. */
  readonly what?: string;
  /** Operands of bytes. */
  readonly bytes?: readonly string[];
  /** Elements of an operand, where they are not uniform in [-2, 2). */
  readonly draw?: Readonly<Record<string, Draw>>;
}

const integers = (random: Random, count: number, below: number) =>
  Array.from({ length: count }, () => Math.floor(random.uniform(0, below)));
const labels: Draw = (random, rows, _, sizes) => integers(random, rows, sizes.n);
/** Gradients of rows, one of four 0 as behind the valid rows. */
const drow: Draw = (random, rows) => Array.from({ length: rows }, () => random.pick([0, 1, 0.1, -1]) * random.next());
const targets: Draw = (random, rows, cols) => Array.from({ length: rows * cols }, random.next);
const pixels: Draw = (random, rows, cols) => integers(random, rows * cols, 256);
const order: Draw = (random, rows) => {
  const places = Array.from({ length: rows }, (_, i) => ({ i, key: random.next() }));
  return places.sort((a, b) => a.key - b.key).map(({ i }) => i);
};

/** One, a tile less one, a tile, a tile and one (tiles of 32 rows, 32 or 64 columns), primes, tall, flat, deep. */
const products: readonly Dimensions[] = [
  { m: 1, n: 1, k: 1 },
  { m: 4, n: 8, k: 4 },
  { m: 7, n: 5, k: 3 },
  { m: 31, n: 31, k: 31 },
  { m: 32, n: 32, k: 32 },
  { m: 33, n: 33, k: 33 },
  { m: 32, n: 64, k: 8 },
  { m: 61, n: 67, k: 53 },
  { m: 257, n: 3, k: 5 },
  { m: 2, n: 259, k: 7 },
  { m: 3, n: 2, k: 1031 },
  { m: 1, n: 66, k: 65 },
];

/** Around tiles of 64 rows, with short batches. */
const batches: readonly Dimensions[] = [
  { m: 1, n: 1, count: 1 },
  { m: 1, n: 7, count: 1 },
  { m: 5, n: 2, count: 3 },
  { m: 63, n: 10, count: 63 },
  { m: 64, n: 3, count: 64 },
  { m: 65, n: 4, count: 64 },
  { m: 65, n: 9, count: 65 },
  { m: 131, n: 5, count: 1 },
  { m: 200, n: 33, count: 150 },
];

/** Around 64 and 256 lanes of four columns. */
const reduced: readonly Dimensions[] = [
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
];

const gathered: readonly Dimensions[] = [
  { e: 1, c: 1, d: 1, m: 1, start: 0, count: 1 },
  { e: 7, c: 5, d: 3, m: 4, start: 2, count: 4 },
  { e: 64, c: 4, d: 9, m: 64, start: 0, count: 64 },
  { e: 61, c: 83, d: 1, m: 37, start: 31, count: 30 },
  { e: 10, c: 257, d: 2, m: 4, start: 8, count: 2 },
  { e: 5, c: 255, d: 301, m: 3, start: 4, count: 1 },
];

/** Up to twelve classes: the head's text depends on their number in quads. */
const heads: readonly Dimensions[] = [
  { m: 1, n: 1, k: 1, count: 1 },
  { m: 5, n: 2, k: 3, count: 3 },
  { m: 63, n: 10, k: 4, count: 63 },
  { m: 64, n: 3, k: 65, count: 64 },
  { m: 65, n: 9, k: 4, count: 64 },
  { m: 131, n: 4, k: 7, count: 1 },
  { m: 66, n: 12, k: 1031, count: 66 },
];
/** As many classes as it takes, and one less. */
const widest: readonly Dimensions[] = [
  { m: 66, n: 31, k: 33, count: 66 },
  { m: 9, n: 32, k: 5, count: 8 },
];

const SUMS = ['lossSums', 'correctSums'];
const ROWS = ['lossSums', 'losses', 'hits'];
const TRAINED = [...SUMS, 'dlogits'];
const kernel = (name: string): Kernel => {
  const found = KERNELS.find((each) => each.name === name);
  if (!found) throw new Error(`test: there is no kernel ${name}`);
  return found;
};
const [softmax, soft, head] = ['softmax-cross-entropy', 'soft-target-cross-entropy', 'head'].map(kernel);
const [gather, gatherLabelled, gatherTargets] = ['gather', 'gather-labelled', 'gather-targets'].map(kernel);
const bytes = { what: 'of bytes', bytes: ['data'] } as const;

export const KERNEL_CASES: readonly KernelCase[] = [
  ...['matmul-nn', 'matmul-nt', 'matmul-tn', 'matmul-tn-sums'].map((name) => ({
    kernel: kernel(name),
    shapes: products,
  })),
  ...['sum-rows', 'sum-cols', 'sum-all', 'l2-penalty'].map((name) => ({ kernel: kernel(name), shapes: reduced })),
  { kernel: kernel('tile-sums'), shapes: batches },
  { kernel: softmax, shapes: batches, wanted: TRAINED, draw: { labels, drow } },
  { kernel: softmax, what: 'without gradient', shapes: batches, wanted: SUMS, draw: { labels } },
  { kernel: softmax, what: 'row by row', shapes: batches, wanted: ROWS, draw: { labels } },
  { kernel: soft, shapes: batches, wanted: TRAINED, draw: { targets, drow } },
  { kernel: soft, what: 'without gradient', shapes: batches, wanted: SUMS, draw: { targets } },
  { kernel: soft, what: 'row by row', shapes: batches, wanted: ROWS, draw: { targets } },
  { kernel: head, shapes: [...heads, ...widest], wanted: ['lossSums', 'dlogits'], draw: { labels, drow } },
  { kernel: head, what: 'without gradient', shapes: heads, wanted: SUMS, draw: { labels } },
  { kernel: head, what: 'row by row', shapes: heads, wanted: ROWS, draw: { labels } },
  { kernel: head, what: 'with logits', shapes: heads, wanted: ['lossSums', 'logits'], draw: { labels } },
  { kernel: gather, shapes: gathered, draw: { order } },
  { kernel: gather, ...bytes, shapes: gathered, draw: { order, data: pixels } },
  { kernel: gatherLabelled, shapes: gathered, draw: { order, labels: pixels } },
  { kernel: gatherLabelled, ...bytes, shapes: gathered, draw: { order, data: pixels, labels: pixels } },
  { kernel: gatherTargets, shapes: gathered, draw: { order } },
  { kernel: gatherTargets, ...bytes, shapes: gathered, draw: { order, data: pixels } },
];
