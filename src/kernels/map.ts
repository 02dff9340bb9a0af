import { type Kernel, tiles } from './kernel.js';

/** WebGPU's limit on workgroups along one dimension; what is past it continues in the next. */
const MAX_GROUPS = 65535;

/** Elementwise ops that ride nowhere: one lane a quad, the whole kernel is an epilogue without a sum before it. */
export const map: Kernel = {
  name: 'map',
  inputs: {},
  outputs: { y: 'mn' },
  computes: () => ({}),
  variants: [
    {
      name: 'direct',
      shader: 'map',
      constants: () => ({}),
      grid({ m, n }) {
        const groups = tiles(m * tiles(n, 4), 64);
        const across = Math.min(groups, MAX_GROUPS);
        return [across, tiles(groups, across)];
      },
    },
  ],
  flops: ({ m, n }) => m * n,
};
