import { sumRows } from '../ops/index.js';
import { matmul } from '../ops/matmul.js';
import { type DeviceTraits, type Dimensions, type Kernel, tiles, type Variant } from './kernel.js';

const flops = ({ m, n, k }: Dimensions) => 2 * m * n * k;

/** How the operands of a product lie. */
interface Form {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly sums: boolean;
}

const NN: Form = { transposeA: false, transposeB: false, sums: false };
const NT: Form = { transposeA: false, transposeB: true, sums: false };
const TN: Form = { transposeA: true, transposeB: false, sums: false };

/**
 * Register tiles of `rows` rows by `quads` quads straight from the buffers, in workgroups of 4 by `lanes`: needs nothing of
 * the device, and is the form for few columns on software adapters, since its lanes share the rows.
 */
const direct = (shader: string, tile: { rows: number; quads: number; lanes: number }, sums?: boolean): Variant => ({
  name: 'direct',
  shader,
  constants: () => ({ ...(sums !== undefined && { sums }) }),
  grid: ({ m, n }) => [tiles(n, 4 * tile.quads * 4), tiles(tiles(m, tile.rows) + (sums ? 1 : 0), tile.lanes)],
});

/** Lanes of a workgroup of the broadcasting form: a whole subgroup of most devices. */
const broadcastLanes = ({ subgroupMaxSize }: DeviceTraits) => Math.min(Math.max(subgroupMaxSize, 8), 64);
/** Rows that a subgroup of the broadcasting form loads at once. */
const broadcastShare = ({ subgroupMinSize }: DeviceTraits) => (subgroupMinSize >= 8 ? 8 : 4);

/**
 * Register tiles whose rows all lanes of a workgroup share: a subgroup loads the rows of a once, a part in each lane, and
 * hands them around. Measured 1.5 to 3 times as fast as the direct form on lavapipe, about as fast on SwiftShader; it runs
 * on any device with subgroups, but has not been measured on a hardware GPU, where `tiled` is chosen.
 */
const broadcast = (shader: string, rows: (device: DeviceTraits) => number, sums?: boolean): Variant => ({
  name: 'broadcast',
  shader,
  runs: ({ subgroupMinSize }) => subgroupMinSize >= 4,
  suits: (_, { software }) => (software ? 1 : -1),
  subgroups: true,
  constants: (_, device) => ({
    lanes: broadcastLanes(device),
    share: broadcastShare(device),
    ...(sums !== undefined && { sums }),
  }),
  grid: ({ m, n }, device) => [tiles(n, 4 * broadcastLanes(device)), tiles(m, rows(device))],
});

/** 32 x 32 tiles in workgroup memory, 4 x 4 a lane: the portable tile of tfjs, ONNX Runtime, TVM and llama.cpp. */
const tiled = (form: Form): Variant => ({
  name: 'tiled',
  shader: 'matmul-tiled',
  suits: (_, { software }) => (software ? -2 : 1),
  constants: () => ({ ...form }),
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
    broadcast('matmul-nn-broadcast', (device) => 2 * broadcastShare(device)),
    tiled(NN),
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
    broadcast('matmul-nt-broadcast', (device) => 2 * broadcastShare(device)),
    tiled(NT),
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
    broadcast('matmul-tn-broadcast', () => 16, true),
    tiled({ ...TN, sums: true }),
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
    broadcast('matmul-tn-broadcast', () => 16, false),
    tiled(TN),
  ],
  flops,
};
