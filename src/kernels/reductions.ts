import { l2Penalty, sumAll, sumCols, sumRows, TILE_ROWS, tileSums } from '../ops/index.js';
import { type Dimensions, type Kernel, tiles, type Variant } from './kernel.js';

const x = { dims: 'mn', access: 'rows' } as const;
const flops = ({ m, n }: Dimensions) => m * n;

/** The only variant of a reduction whose workgroups of `lanes` lanes end with a fixed tree. */
const tree = (shader: string, lanes: number, grid: Variant['grid'], constants = {}): Variant[] => [
  { name: 'direct', shader, tree: { lanes, type: 'f32' }, constants: () => constants, grid },
];

/** Sums over rows, [m, n] -> [1, n]: one accumulator a column, rows ascending (the order of a sum over a batch). */
export const sumRowsKernel: Kernel = {
  name: 'sum-rows',
  inputs: { x },
  outputs: { y: '1n' },
  computes: ({ x }) => ({ y: sumRows(x) }),
  variants: [
    { name: 'direct', shader: 'sum-rows', constants: () => ({}), grid: ({ n }) => [tiles(tiles(n, 4), 64), 1] },
  ],
  flops,
};

/** Sums over columns, [m, n] -> [m, 1]: one workgroup a row, 64 strided sums and a fixed tree. */
export const sumColsKernel: Kernel = {
  name: 'sum-cols',
  inputs: { x },
  outputs: { y: 'm1' },
  computes: ({ x }) => ({ y: sumCols(x) }),
  variants: tree('sum-cols', 64, ({ m }) => [1, m]),
  flops,
};

/** The sum of all elements, [m, n] -> [1, 1]: one workgroup, 256 strided sums and a fixed tree. */
export const sumAllKernel: Kernel = {
  name: 'sum-all',
  inputs: { x },
  outputs: { y: '11' },
  computes: ({ x }) => ({ y: sumAll(x) }),
  variants: tree('sum-all', 256, () => [1, 1], { penalty: false }),
  flops,
};

/** The L2 penalty (λ/2)·Σθ², [m, n] -> [1, 1], in the order of `sum-all`. */
export const l2PenaltyKernel: Kernel = {
  name: 'l2-penalty',
  inputs: { x, lambda: { dims: '11', access: 'value' } },
  outputs: { y: '11' },
  computes: ({ x, lambda }) => ({ y: l2Penalty(x, lambda) }),
  variants: tree('sum-all', 256, () => [1, 1], { penalty: true }),
  flops: ({ m, n }) => 2 * m * n,
};

/** Sums of 64 rows each, valid rows only, [m, n] -> [ceil(m / 64), 1]: one row a lane, then a fixed tree. */
export const tileSumsKernel: Kernel = {
  name: 'tile-sums',
  inputs: { x, batch: { dims: '12', access: 'words' } },
  outputs: { y: 't1' },
  computes: ({ x, batch }) => ({ y: tileSums(x, batch) }),
  variants: tree('tile-sums', 64, ({ m }) => [tiles(m, TILE_ROWS), 1]),
  flops,
};
