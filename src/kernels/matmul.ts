import { matmul, sumRows } from '../ops/index.js';
import { type DeviceTraits, type Dimensions, type Kernel, tiles, type Variant } from './kernel.js';
import { chipOf, productCycles, TILES } from './product-cost.js';

const flops = ({ m, n, k }: Dimensions) => 2 * m * n * k;

/** The orientation of a product's operands. */
interface Form {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly sums: boolean;
}

const NN: Form = { transposeA: false, transposeB: false, sums: false };
const NT: Form = { transposeA: false, transposeB: true, sums: false };
const TN: Form = { transposeA: true, transposeB: false, sums: false };
const TN_SUMS: Form = { ...TN, sums: true };

/**
 * Register tiles of `rows` rows by `quads` quads straight from the buffers, in workgroups of 4 by `lanes`: needs nothing of
 * the device, and is the form for few columns on software adapters, since its lanes share the rows.
 */
const direct = (shader: string, tile: { rows: number; quads: number; lanes: number }, sums?: boolean): Variant => ({
  name: 'direct',
  shader,
  libraries: ['tile'],
  constants: () => ({ ...(sums !== undefined && { sums }) }),
  grid: ({ m, n }) => [tiles(n, 4 * tile.quads * 4), tiles(tiles(m, tile.rows) + (sums ? 1 : 0), tile.lanes)],
});

/** Lanes of a workgroup of the broadcasting form: a whole subgroup of most devices. */
const broadcastLanes = ({ subgroupMaxSize }: DeviceTraits) => Math.min(Math.max(subgroupMaxSize, 8), 64);

/**
 * Register tiles whose rows all lanes of a workgroup share: a subgroup loads the rows of a once, a part in each lane, and
 * hands them around. Measured 1.5 to 3 times as fast as the direct form on lavapipe, about as fast on SwiftShader; it runs
 * on any device with subgroups, but has not been measured on a hardware GPU, where `tiled` is chosen.
 */
const broadcast = (shader: string, libraries: readonly string[], flags: Partial<Form>): Variant => ({
  name: 'broadcast',
  shader,
  libraries,
  runs: ({ subgroupMinSize }) => subgroupMinSize >= 4,
  suits: (_, { software }) => (software ? 1 : -1),
  subgroups: true,
  constants: (_, device) => ({ lanes: broadcastLanes(device), share: device.subgroupMinSize >= 8 ? 8 : 4, ...flags }),
  grid: ({ m, n }, device) => [tiles(n, 4 * broadcastLanes(device)), tiles(m, 16)],
});

/**
 * Tiles of a product in workgroup memory, the form of all GPUs; the model of `product-cost.ts` says which tile. Not measured on
 * a hardware GPU.
 */
const tiled = (name: keyof typeof TILES, form: Form): Variant => {
  const { share: _, ...shape } = TILES[name];
  return {
    name,
    shader: 'matmul-tiled',
    suits: (sizes, { software, vendor }) => (software ? -2 : 1e12 / productCycles(name, sizes, chipOf(vendor))),
    constants: () => ({ ...form, ...shape }),
    grid: ({ m, n }) => [tiles(n, shape.tile), tiles(m, shape.tile) + (form.sums ? 1 : 0)],
  };
};

/** Rows below which the lanes of a wider tile would mostly repeat the last one. */
const FEW_ROWS = 4;

/** One quad of one row a lane: for few rows on software adapters. */
const thin = (form: Form): Variant => ({
  name: 'thin',
  shader: 'matmul-thin',
  suits: ({ m }, { software }) => (m < FEW_ROWS && software ? 2 : -1),
  constants: () => ({ ...form }),
  grid: ({ m, n }) => [tiles((m + (form.sums ? 1 : 0)) * tiles(n, 4), 64), 1],
});

/** The forms for GPUs. */
const forGpus = (form: Form) => (Object.keys(TILES) as (keyof typeof TILES)[]).map((name) => tiled(name, form));

/** y = a · b: the forward product of a dense layer. */
export const matmulNn: Kernel = {
  name: 'matmul-nn',
  inputs: { a: { dims: 'mk', access: 'rows' }, b: { dims: 'kn', access: 'rows' } },
  outputs: { y: 'mn' },
  computes: ({ a, b }) => ({ y: matmul(a, b) }),
  variants: [
    direct('matmul-nn', { rows: 4, quads: 2, lanes: 8 }),
    broadcast('matmul-broadcast', ['accumulate', 'tile'], { transposeB: false }),
    ...forGpus(NN),
    thin(NN),
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
    broadcast('matmul-broadcast', ['accumulate', 'tile'], { transposeB: true }),
    ...forGpus(NT),
    thin(NT),
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
    broadcast('matmul-tn-broadcast', ['tile'], { sums: true }),
    ...forGpus(TN_SUMS),
    thin(TN_SUMS),
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
    broadcast('matmul-tn-broadcast', ['tile'], { sums: false }),
    ...forGpus(TN),
    thin(TN),
  ],
  flops,
};
