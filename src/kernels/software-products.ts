import matmulBroadcast from '../../shaders/kernels/matmul-broadcast.wgsl?raw';
import matmulNn from '../../shaders/kernels/matmul-nn.wgsl?raw';
import matmulNt from '../../shaders/kernels/matmul-nt.wgsl?raw';
import matmulThin from '../../shaders/kernels/matmul-thin.wgsl?raw';
import matmulTn from '../../shaders/kernels/matmul-tn.wgsl?raw';
import matmulTnBroadcast from '../../shaders/kernels/matmul-tn-broadcast.wgsl?raw';
import tile from '../../shaders/lib/tile.wgsl?raw';
import { type DeviceTraits, tiles, type Variant } from './kernel.js';
import type { Form } from './matmul.js';

const TEXTS = {
  'matmul-nn': matmulNn,
  'matmul-nt': matmulNt,
  'matmul-tn': matmulTn,
  'matmul-broadcast': matmulBroadcast,
  'matmul-tn-broadcast': matmulTnBroadcast,
  'matmul-thin': matmulThin,
  tile,
};

/** The shaders of the direct form, with rows and quads of y a lane, and rows of lanes. */
const DIRECT = {
  nn: { shader: 'matmul-nn', rows: 4, quads: 2, lanes: 8 },
  nt: { shader: 'matmul-nt', rows: 4, quads: 1, lanes: 8 },
  tn: { shader: 'matmul-tn', rows: 8, quads: 2, lanes: 4 },
} as const;

/**
 * Register tiles straight from the buffers, in workgroups of 4 by `lanes`: needs nothing of the device, and is the form for few
 * columns on software adapters, since its lanes share the rows.
 */
const direct = ({ transposeA, transposeB, sums }: Form): Variant => {
  const { shader, rows, quads, lanes } = DIRECT[transposeA ? 'tn' : transposeB ? 'nt' : 'nn'];
  return {
    name: 'direct',
    shader,
    texts: TEXTS,
    libraries: ['tile'],
    constants: () => ({ ...(transposeA && { sums }) }),
    grid: ({ m, n }) => [tiles(n, 4 * quads * 4), tiles(tiles(m, rows) + (sums ? 1 : 0), lanes)],
  };
};

/** Lanes of a workgroup of the broadcasting form: a whole subgroup of most devices. */
const broadcastLanes = ({ subgroupMaxSize }: DeviceTraits) => Math.min(Math.max(subgroupMaxSize, 8), 64);

/**
 * Register tiles whose rows all lanes of a workgroup share: a subgroup loads the rows of a once, a part in each lane, and
 * hands them around. Measured 1.5 to 3 times as fast as the direct form on lavapipe, about as fast on SwiftShader; it runs
 * on any device with subgroups, but has not been measured on a hardware GPU, where `tiled` is chosen.
 */
const broadcast = ({ transposeA, transposeB, sums }: Form): Variant => ({
  name: 'broadcast',
  shader: transposeA ? 'matmul-tn-broadcast' : 'matmul-broadcast',
  texts: TEXTS,
  libraries: transposeA ? ['tile'] : ['accumulate', 'tile'],
  runs: ({ subgroupMinSize }) => subgroupMinSize >= 4,
  suits: (_, { software }) => (software ? 1 : -1),
  subgroups: true,
  constants: (_, device) => ({
    lanes: broadcastLanes(device),
    share: device.subgroupMinSize >= 8 ? 8 : 4,
    ...(transposeA ? { sums } : { transposeB }),
  }),
  grid: ({ m, n }, device) => [tiles(n, 4 * broadcastLanes(device)), tiles(m, 16)],
});

/** Rows below which the lanes of a wider tile would mostly repeat the last one. */
const FEW_ROWS = 4;

/** One quad of one row a lane: for few rows on software adapters. */
const thin = (form: Form): Variant => ({
  name: 'thin',
  shader: 'matmul-thin',
  texts: TEXTS,
  suits: ({ m }, { software }) => (m < FEW_ROWS && software ? 2 : -1),
  constants: () => ({ ...form }),
  grid: ({ m, n }) => [tiles((m + (form.sums ? 1 : 0)) * tiles(n, 4), 64), 1],
});

/** Returns the ways in which software adapters compute a product. */
export const softwareProducts = (form: Form): readonly Variant[] => [direct(form), broadcast(form), thin(form)];
