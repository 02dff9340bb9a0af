import matmulTiled from '../../shaders/kernels/matmul-tiled.wgsl?raw';
import { tiles, type Variant } from './kernel.js';
import type { Form } from './matmul.js';
import { chipOf, productCycles, TILES } from './product-cost.js';

/**
 * Tiles of a product in workgroup memory, the form of all GPUs; the model of `product-cost.ts` says which tile. Not measured on
 * a hardware GPU.
 */
const tiled = (name: keyof typeof TILES, form: Form): Variant => {
  const { share: _, ...shape } = TILES[name];
  return {
    name,
    shader: 'matmul-tiled',
    texts: { 'matmul-tiled': matmulTiled },
    suits: (sizes, { software, vendor }) => (software ? -2 : 1e12 / productCycles(name, sizes, chipOf(vendor))),
    constants: () => ({ ...form, ...shape }),
    grid: ({ m, n }) => [tiles(n, shape.tile), tiles(m, shape.tile) + (form.sums ? 1 : 0)],
  };
};

/** Returns the ways in which GPUs compute a product. */
export const gpuProducts = (form: Form) =>
  (Object.keys(TILES) as (keyof typeof TILES)[]).map((name) => tiled(name, form));
