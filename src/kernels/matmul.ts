import { sumRows } from '../ops/index.js';
import { matmul } from '../ops/matmul.js';
import { type Dimensions, type Kernel, tiles, type Variant } from './kernel.js';

const flops = ({ m, n, k }: Dimensions) => 2 * m * n * k;

/**
 * Register tiles of `rows` rows by `quads` quads straight from the buffers, in workgroups of 4 by `lanes`: what software
 * adapters and mobile GPUs want (measured 2-4 times faster there than tiles in workgroup memory).
 */
const direct = (shader: string, tile: { rows: number; quads: number; lanes: number }, sums?: boolean): Variant => ({
  name: 'direct',
  shader,
  constants: () => ({ ...(sums !== undefined && { sums }) }),
  grid: ({ m, n }) => [tiles(n, 4 * tile.quads * 4), tiles(tiles(m, tile.rows) + (sums ? 1 : 0), tile.lanes)],
});

/** 32 x 32 tiles in workgroup memory, 4 x 4 a lane: the portable tile of tfjs, ONNX Runtime, TVM and llama.cpp. */
const tiled = (transposes: { transposeA: boolean; transposeB: boolean; sums: boolean }): Variant => ({
  name: 'tiled',
  shader: 'matmul-tiled',
  constants: () => transposes,
  grid: ({ m, n }) => [tiles(n, 32), tiles(m, 32)],
});

/** y = a · b: the forward product of a dense layer. */
export const matmulNn: Kernel = {
  name: 'matmul-nn',
  inputs: { a: { dims: 'mk', access: 'rows' }, b: { dims: 'kn', access: 'rows' } },
  outputs: { y: 'mn' },
  computes: ({ a, b }) => ({ y: matmul(a, b) }),
  variants: [
    direct('matmul-nn', { rows: 4, quads: 2, lanes: 8 }),
    tiled({ transposeA: false, transposeB: false, sums: false }),
  ],
  flops,
};

/** y = a · bᵀ: the gradient of a dense layer's input, dz · wᵀ. */
export const matmulNt: Kernel = {
  name: 'matmul-nt',
  inputs: { a: { dims: 'mk', access: 'rows' }, b: { dims: 'nk', access: 'rows' } },
  outputs: { y: 'mn' },
  computes: ({ a, b }) => ({ y: matmul(a, b, { transposeB: true }) }),
  variants: [
    direct('matmul-nt', { rows: 4, quads: 1, lanes: 8 }),
    tiled({ transposeA: false, transposeB: true, sums: false }),
  ],
  flops,
};

/** y = aᵀ · b and the column sums of b: the gradients of a dense layer's weights and bias, xᵀ · dz and Σ dz. */
export const matmulTnSums: Kernel = {
  name: 'matmul-tn-sums',
  inputs: { a: { dims: 'km', access: 'rows' }, b: { dims: 'kn', access: 'rows' } },
  outputs: { y: 'mn', sums: '1n' },
  computes: ({ a, b }) => ({ y: matmul(a, b, { transposeA: true }), sums: sumRows(b) }),
  variants: [
    direct('matmul-tn', { rows: 8, quads: 2, lanes: 4 }, true),
    { ...tiled({ transposeA: true, transposeB: false, sums: true }), grid: ({ m, n }) => [tiles(n, 32), tiles(m, 32)] },
  ],
  flops,
  compound: true,
  whole: true,
};

/** y = aᵀ · b: the gradient of weights without a bias. */
export const matmulTn: Kernel = {
  name: 'matmul-tn',
  inputs: { a: { dims: 'km', access: 'rows' }, b: { dims: 'kn', access: 'rows' } },
  outputs: { y: 'mn' },
  computes: ({ a, b }) => ({ y: matmul(a, b, { transposeA: true }) }),
  variants: [
    direct('matmul-tn', { rows: 8, quads: 2, lanes: 4 }, false),
    tiled({ transposeA: true, transposeB: false, sums: false }),
  ],
  flops,
};
