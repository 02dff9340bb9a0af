import { show, suggestion } from '../errors/arguments.js';
import { KERNELS } from '../kernels/every-kernel.js';
import { type Dimensions, type Kernel, map, type Operand, ownKernels } from '../kernels/index.js';
import { OPS } from '../ops/every-op.js';
import { add, constant, type ElementwiseOp, expand, multiply, type Tensor, tileSums } from '../ops/index.js';
import type { Random } from '../random/random.js';
import { referenceOf } from '../reference/references.js';

/** Sizes at which a kernel is checked: letters, and `count` valid rows and `start` of the batch where it asks for them. */
interface Shapes {
  readonly shapes: readonly Dimensions[];
  /** Draws another shape. */
  fresh(random: Random): Dimensions;
}

/** Returns the sizes in a text such as `m n k`, `1 1 1, 4 8 4`: letters, then rows of numbers. */
function table(letters: string, rows: string): Dimensions[] {
  const names = letters.split(' ');
  return rows.split(/,\s+/).map((row) => Object.fromEntries(row.split(' ').map((size, i) => [names[i], Number(size)])));
}

const integer = (random: Random, from: number, to: number) => Math.floor(random.uniform(from, to + 1));

/** One, a tile less one, a tile, a tile and one (tiles of 16 to 128 rows and columns), primes, tall, flat, deep. */
const products: Shapes = {
  shapes: table(
    'm n k',
    `1 1 1, 4 8 4, 7 5 3, 31 31 31, 32 32 32, 33 33 33, 32 64 8, 61 67 53, 65 129 17, 257 3 5, 2 259 7, 3 2 263,
     1 66 65`,
  ),
  fresh: (r) => ({ m: integer(r, 1, 99), n: integer(r, 1, 99), k: integer(r, 1, 199) }),
};

/** Around tiles of 64 rows, with short batches. */
const batches: Shapes = {
  shapes: table('m n count', '1 1 1, 1 7 1, 5 2 3, 63 10 63, 64 3 64, 65 4 64, 65 9 65, 131 5 1, 200 33 150'),
  fresh: (r) => {
    const m = integer(r, 1, 299);
    return { m, n: integer(r, 1, 40), count: integer(r, 1, m) };
  },
};

/** Around 64 and 256 lanes of four columns. */
const reduced: Shapes = {
  shapes: table('m n', '1 1, 1 3, 3 1, 31 4, 65 64, 2 255, 2 256, 3 257, 257 2, 7 1031'),
  fresh: (r) => ({ m: integer(r, 1, 299), n: integer(r, 1, 599) }),
};

const gathered: Shapes = {
  shapes: table(
    'e c d m start count',
    '1 1 1 1 0 1, 7 5 3 4 2 4, 64 4 9 64 0 64, 61 83 1 37 31 30, 10 257 2 4 8 2, 5 255 301 3 4 1',
  ),
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
const heads: Shapes = {
  shapes: table('m n k count', '1 1 1 1, 5 2 3 3, 63 10 4 63, 64 3 65 64, 65 9 4 64, 131 4 7 1, 66 12 1031 66'),
  fresh: (r) => {
    const m = integer(r, 1, 199);
    return { m, n: integer(r, 1, 12), k: integer(r, 1, 99), count: integer(r, 1, m) };
  },
};

/** Three quads of classes: one text, since compilation takes most of the time. */
const threeQuads: Shapes = {
  shapes: table('m n k count', '1 10 1 1, 63 10 4 63, 65 9 4 64, 131 11 7 1, 66 12 1031 66'),
  fresh: (r) => ({ ...heads.fresh(r), n: integer(r, 9, 12) }),
};

/** As many classes as it takes, and one less. */
const widest: readonly Dimensions[] = table('m n k count', '66 31 33 66, 9 32 5 8');

/** One, a quad and less and more, one workgroup of 64 quads and more, tall, flat. */
const mapped: Shapes = {
  shapes: table('m n', '1 1, 3 4, 5 7, 16 16, 13 21, 517 1, 2 1031'),
  fresh: (r) => ({ m: integer(r, 1, 70), n: integer(r, 1, 70) }),
};

/** Draws the elements of an operand of `rows` by `cols`. */
type Draw = (random: Random, rows: number, cols: number, sizes: Dimensions) => number[];

/** A kernel with everything that is needed to run it alone. */
export interface KernelCase extends Shapes {
  readonly kernel: Kernel;
  /** Those of a quick verification, where every size costs a compilation. Default: the whole table, and others. */
  readonly quick?: readonly Dimensions[];
  /** Operands and what is computed of them, where the kernel itself says too little. */
  readonly inputs?: Readonly<Record<string, Operand>>;
  readonly computes?: Kernel['computes'];
  /** Outputs that are wanted at once; default all of them. */
  readonly wanted?: readonly string[];
  /** Distinguishes this case from the others of the kernel. */
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
/** Weights of folds, 0 or 1, and others. */
const weights: Draw = (random, rows) => Array.from({ length: rows }, () => random.pick([0, 1, 1, 2.5]));
const targets: Draw = (random, rows, cols) => Array.from({ length: rows * cols }, random.next);
/** Rows in which several columns are the largest: the first one wins. */
const tied: Draw = (random, rows, cols) => integers(random, rows * cols, 3);
const pixels: Draw = (random, rows, cols) => integers(random, rows * cols, 256);
const order: Draw = (random, rows) => {
  const places = Array.from({ length: rows }, (_, i) => ({ i, key: random.next() }));
  return places.sort((a, b) => a.key - b.key).map(({ i }) => i);
};

/** A case of the map kernel for an elementwise op of tensors of one shape; `bias` takes a row. */
export function mapCase(op: ElementwiseOp): KernelCase {
  const { draw, words } = referenceOf(op);
  const operands = draw.map((_, i): [string, Operand] => [
    `x${i}`,
    { dims: op.name === 'bias' && i === 1 ? '1n' : 'mn', access: 'rows' },
  ]);
  if (words) operands.push([words, { dims: words === 'source' ? '18' : '12', access: 'words' }]);
  return {
    ...mapped,
    kernel: map,
    what: op.name,
    inputs: Object.fromEntries(operands),
    computes: (inputs, { m, n }): Record<string, Tensor> => {
      const tensors = operands.map(([name]) => inputs[name]);
      return { y: tensors[0].trace.apply(op, tensors, draw.length === 0 ? { rows: m, cols: n } : {}) };
    },
    draw: Object.fromEntries(
      draw.map((element, i): [string, Draw] => [
        `x${i}`,
        (random, rows, cols) => Array.from({ length: rows * cols }, () => element(random)),
      ]),
    ),
  };
}

/** A row, a column, one element, a scalar of the table and a constant, over a tensor of bytes. */
const broadcast: KernelCase = {
  ...mapped,
  kernel: map,
  what: 'of rows, columns and single elements',
  inputs: {
    x: { dims: 'mn', access: 'rows' },
    row: { dims: '1n', access: 'rows' },
    column: { dims: 'm1', access: 'rows' },
    lambda: { dims: '11', access: 'value' },
  },
  bytes: ['x'],
  computes({ x, row, column, lambda }) {
    const scaled = multiply(add(row, column), lambda);
    return { y: add(multiply(x, constant(x.trace, -0.1)), add(scaled, expand(row, x))) };
  },
};

const SUMS = ['lossSums', 'correctSums'];
const ROWS = ['lossSums', 'losses', 'hits'];
const TRAINED = [...SUMS, 'dlogits'];
/** The kernels that ops bring. */
const OWN = OPS.flatMap((op) => (op.kind === 'structural' ? ownKernels(op) : []));
const kernel = (name: string): Kernel => {
  const found = [...KERNELS, ...OWN].find((each) => each.name === name);
  if (!found) throw new Error(`verify: there is no kernel ${name}`);
  return found;
};
const [softmax, smoothed, soft, head] = [
  'softmax-cross-entropy',
  'smoothed-cross-entropy',
  'soft-target-cross-entropy',
  'head',
].map(kernel);
const [weightedSoftmax, weightedSmoothed, weightedSoft, weightedHead] = [softmax, smoothed, soft, head].map(
  ({ name }) => kernel(`weighted-${name}`),
);
const [gather, gatherLabelled, gatherTargets] = ['gather', 'gather-labelled', 'gather-targets'].map(kernel);
const bytes = { what: 'of bytes', bytes: ['data'] } as const;

/** The words of the batch lie behind another scalar's. */
const scaled: KernelCase = {
  ...batches,
  kernel: kernel('tile-sums'),
  what: 'scaled',
  inputs: { lambda: { dims: '11', access: 'value' }, ...kernel('tile-sums').inputs },
  computes: ({ lambda, x, batch }) => ({ y: multiply(tileSums(x, batch), lambda) }),
};

export const KERNEL_CASES: readonly KernelCase[] = [
  ...['matmul-nn', 'matmul-nt', 'matmul-tn', 'matmul-tn-sums'].map((name) => ({ kernel: kernel(name), ...products })),
  ...['sum-rows', 'sum-cols', 'sum-all', 'l2-penalty'].map((name) => ({ kernel: kernel(name), ...reduced })),
  { kernel: kernel('tile-sums'), ...batches },
  scaled,
  { kernel: softmax, ...batches, wanted: TRAINED, draw: { labels, drow } },
  { kernel: softmax, what: 'without gradient', ...batches, wanted: SUMS, draw: { labels } },
  { kernel: softmax, what: 'row by row', ...batches, wanted: ROWS, draw: { labels } },
  { kernel: softmax, what: 'with ties', ...batches, wanted: ROWS, draw: { labels, logits: tied } },
  { kernel: smoothed, ...batches, wanted: TRAINED, draw: { labels, drow } },
  { kernel: smoothed, what: 'row by row', ...batches, wanted: ROWS, draw: { labels } },
  { kernel: soft, ...batches, wanted: TRAINED, draw: { targets, drow } },
  { kernel: soft, what: 'without gradient', ...batches, wanted: SUMS, draw: { targets } },
  { kernel: soft, what: 'row by row', ...batches, wanted: ROWS, draw: { targets } },
  { kernel: soft, what: 'with ties', ...batches, wanted: ROWS, draw: { logits: tied, targets: tied } },
  {
    kernel: head,
    ...heads,
    shapes: [...heads.shapes, ...widest],
    quick: threeQuads.shapes,
    wanted: ['lossSums', 'dlogits'],
    draw: { labels, drow },
  },
  { kernel: head, what: 'without gradient', ...threeQuads, wanted: SUMS, draw: { labels } },
  { kernel: head, what: 'row by row', ...threeQuads, wanted: ROWS, draw: { labels } },
  { kernel: head, what: 'with logits', ...threeQuads, wanted: ['lossSums', 'logits'], draw: { labels } },
  { kernel: weightedSoftmax, ...batches, wanted: TRAINED, draw: { labels, drow, weights } },
  { kernel: weightedSmoothed, ...batches, wanted: TRAINED, draw: { labels, drow, weights } },
  { kernel: weightedSoft, ...batches, wanted: TRAINED, draw: { targets, drow, weights } },
  { kernel: weightedHead, ...threeQuads, wanted: TRAINED, draw: { labels, drow, weights } },
  { kernel: gather, ...gathered, draw: { order } },
  { kernel: gather, ...bytes, ...gathered, draw: { order, data: pixels } },
  { kernel: gatherLabelled, ...gathered, draw: { order, labels: pixels } },
  { kernel: gatherLabelled, ...bytes, ...gathered, draw: { order, data: pixels, labels: pixels } },
  { kernel: gatherTargets, ...gathered, draw: { order } },
  { kernel: gatherTargets, ...bytes, ...gathered, draw: { order, data: pixels } },
  ...['roll-rows', 'roll-rows-back'].map((name) => ({ kernel: kernel(name), ...batches })),
  ...['roll-rows-labels', 'roll-rows-back-labels'].map((name) => ({
    kernel: kernel(name),
    ...batches,
    draw: { x: labels },
  })),
  ...['normalize-rows', 'normalize-rows-gradient'].map((name) => ({ kernel: kernel(name), ...reduced })),
  broadcast,
  ...OPS.filter((op) => op.kind === 'elementwise' && op.name !== 'expand').map((op) => mapCase(op as ElementwiseOp)),
];

/** Returns the name of a case: its kernel, and what distinguishes it. */
export function caseName({ kernel, what }: KernelCase): string {
  return what === undefined ? kernel.name : `${kernel.name} ${what}`;
}

/** The check of the flags of numbers that are not finite, and of the last good state. */
export const KEEPING = 'keep and flags';
/** The check of the shaders between a caller's rows and the memory. */
export const BETWEEN = 'rows of buffers';
/** The checks outside all plans. */
const OUTSIDE = [KEEPING, BETWEEN];

/** Returns the cases of a kernel or of all. @throws RangeError naming `where` and those there are */
export function casesOf(where: string, kernel: string | undefined): readonly KernelCase[] {
  if (kernel === undefined) return KERNEL_CASES;
  if (OUTSIDE.includes(kernel)) return [];
  const found = KERNEL_CASES.filter((each) => each.kernel.name === kernel || caseName(each) === kernel);
  if (found.length) return found;
  const names = [...new Set([...KERNEL_CASES.flatMap((each) => [each.kernel.name, caseName(each)]), ...OUTSIDE])];
  throw new RangeError(
    `${where}: kernel must be one of ${names.join(', ')}, got ${show(kernel)}${suggestion(kernel, names)}`,
  );
}

/** A shape for people and for the command line: 'm=33,n=34,k=35'. */
export function shapeText(sizes: Dimensions): string {
  return Object.entries(sizes)
    .map(([letter, size]) => `${letter}=${size}`)
    .join(',');
}
