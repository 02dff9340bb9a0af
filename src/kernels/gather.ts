import { gatherRows } from '../ops/index.js';
import { type Dimensions, type Kernel, tiles } from './kernel.js';

const order = { dims: 'e1', access: 'index' } as const;
const start = { dims: '12', access: 'words' } as const;
const data = { dims: 'ec', access: 'rows' } as const;
/** One lane a quad of the examples; targets, narrower or wider, take as many lanes as they need. */
const grid = ({ m, c, d = 1 }: Dimensions) => [tiles(tiles(Math.max(c, d), 4), 64), m] as const;

/** Rows of a data set and their class indices, in the order of the epoch's permutation. */
export const gatherLabelled: Kernel = {
  name: 'gather-labelled',
  inputs: { data, labels: { dims: 'e1', access: 'index' }, order, start },
  outputs: { x: 'mc', t: 'm1' },
  computes: ({ data, labels, order, start }, { m }) => ({
    x: gatherRows(data, order, start, m),
    t: gatherRows(labels, order, start, m),
  }),
  variants: [{ name: 'direct', shader: 'gather', constants: () => ({ labels: true, targets: false }), grid }],
  flops: () => 0,
  compound: true,
  whole: true,
};

/** Rows of a data set and their targets, in the order of the epoch's permutation. */
export const gatherTargets: Kernel = {
  name: 'gather-targets',
  inputs: { data, targets: { dims: 'ed', access: 'rows' }, order, start },
  outputs: { x: 'mc', t: 'md' },
  computes: ({ data, targets, order, start }, { m }) => ({
    x: gatherRows(data, order, start, m),
    t: gatherRows(targets, order, start, m),
  }),
  variants: [{ name: 'direct', shader: 'gather', constants: () => ({ labels: false, targets: true }), grid }],
  flops: () => 0,
  compound: true,
  whole: true,
};

/** Rows of a data set in the order of the epoch's permutation. */
export const gather: Kernel = {
  name: 'gather',
  inputs: { data, order, start },
  outputs: { x: 'mc' },
  computes: ({ data, order, start }, { m }) => ({ x: gatherRows(data, order, start, m) }),
  variants: [{ name: 'direct', shader: 'gather', constants: () => ({ labels: false, targets: false }), grid }],
  flops: () => 0,
};
