import { expect, test } from 'vitest';
import { KERNELS } from '../../src/kernels/every-kernel.js';
import { chooseVariant } from '../../src/kernels/kernel.js';
import { type Chip, chipOf, productCycles, TILES } from '../../src/kernels/product-cost.js';

/** Three chips by their makers' sheets: an H200, a Radeon RX 7900 XTX, an M1 of eight cores. */
const CHIPS: Readonly<Record<string, Chip>> = {
  h200: { cores: 132, schedulers: 4, wave: 32, cycles: 1, sums: 64 },
  navi31: { cores: 96, schedulers: 2, wave: 64, cycles: 2, sums: 64 },
  m1: { cores: 8, schedulers: 4, wave: 32, cycles: 1, sums: 64 },
};

/** m, n, k of products in training, small to large. */
const SHAPES = [
  [1, 128, 784],
  [64, 10, 128],
  [64, 128, 784],
  [784, 128, 64],
  [256, 512, 784],
  [512, 512, 512],
  [1024, 2048, 64],
  [1024, 1024, 1024],
  [4096, 4096, 4096],
] as const;

const NAMES = Object.keys(TILES) as (keyof typeof TILES)[];

test('the model chooses small tiles until all cores have work, then those with most sums a lane', () => {
  const rows = SHAPES.map(([m, n, k]) => {
    const cells = Object.entries(CHIPS).map(([chip, of]) => {
      const cycles = NAMES.map((name) => productCycles(name, { m, n, k }, of));
      const least = Math.min(...cycles);
      return `${chip} ${NAMES[cycles.indexOf(least)]} ${Math.round(least / 1000)}k`;
    });
    return `${m} x ${n} x ${k}: ${cells.join(', ')}`;
  });
  expect(rows).toEqual([
    '1 x 128 x 784: h200 tiled-16 9k, navi31 tiled-16 17k, m1 tiled-16 9k',
    '64 x 10 x 128: h200 tiled-16 2k, navi31 tiled-16 3k, m1 tiled-16 2k',
    '64 x 128 x 784: h200 tiled-16 9k, navi31 tiled-16 17k, m1 tiled-16 17k',
    '784 x 128 x 64: h200 tiled-16 2k, navi31 tiled 4k, m1 tiled-128 12k',
    '256 x 512 x 784: h200 tiled-16 17k, navi31 tiled 41k, m1 tiled-128 121k',
    '512 x 512 x 512: h200 tiled 20k, navi31 tiled-64 45k, m1 tiled-128 159k',
    '1024 x 2048 x 64: h200 tiled-128 12k, navi31 tiled-64 37k, m1 tiled-128 177k',
    '1024 x 1024 x 1024: h200 tiled-64 89k, navi31 tiled-64 265k, m1 tiled-128 1259k',
    '4096 x 4096 x 4096: h200 tiled-128 5004k, navi31 tiled-128 13760k, m1 tiled-128 80056k',
  ]);
});

test('a GPU gets what the model chooses for its vendor, and Intel no more sums than fit its registers', () => {
  const matmulNn = KERNELS.filter(({ name }) => name === 'matmul-nn')[0];
  const choice = (vendor: string, [m, n, k]: readonly [number, number, number]) =>
    chooseVariant(matmulNn, { m, n, k }, { software: false, vendor, subgroupMinSize: 32, subgroupMaxSize: 32 }).name;
  const choices = ['nvidia', 'amd', 'apple', 'qualcomm', 'intel', ''].map((vendor) =>
    [vendor, ...SHAPES.map((shape) => choice(vendor, shape))].join(' '),
  );
  expect(choices).toEqual([
    'nvidia tiled-16 tiled-16 tiled-16 tiled tiled tiled-64 tiled-128 tiled-128 tiled-128',
    'amd tiled-16 tiled-16 tiled-16 tiled tiled-64 tiled tiled-64 tiled-64 tiled-128',
    'apple tiled-16 tiled-16 tiled-16 tiled tiled-128 tiled-64 tiled-128 tiled-128 tiled-128',
    'qualcomm tiled-16 tiled-16 tiled tiled-64 tiled-128 tiled-128 tiled-128 tiled-128 tiled-128',
    'intel tiled-16 tiled-16 tiled-16 tiled tiled tiled tiled tiled tiled',
    ' tiled-16 tiled-16 tiled-16 tiled-64 tiled-64 tiled-128 tiled-128 tiled-128 tiled-128',
  ]);
  expect(chipOf('of tomorrow')).toEqual(chipOf(''));
});
