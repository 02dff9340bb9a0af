import { beforeAll, expect, test } from 'vitest';
import type { GpuEngine } from '../../src/gpu/engine.js';
import type { ArithmeticProbe } from '../../src/gpu/probe.js';
import type { Dimensions } from '../../src/kernels/kernel.js';
import type { Values } from '../../src/ops/tensor.js';
import { caseName, KERNEL_CASES } from '../../src/verify/kernel-cases.js';
import { runKernel } from '../../src/verify/kernels.js';
import { differences } from '../gpu/comparison.js';
import { sharedEngine } from '../gpu/stored.js';

let engine: GpuEngine;
let probe: ArithmeticProbe;
beforeAll(async () => {
  engine = await sharedEngine();
  probe = await engine.probe();
});

const { fround } = Math;
const add = (a: number, b: number) => fround(a + b);

/** Halves are added until one is left. */
function tree(values: readonly number[]): number {
  const sums = [...values];
  for (let half = sums.length / 2; half >= 1; half /= 2) {
    for (let lane = 0; lane < half; lane++) sums[lane] = add(sums[lane], sums[lane + half]);
  }
  return sums[0];
}

/** The sum of quads from `first` on, every `stride`th, in four accumulators that are added in the end. */
function strided(quads: readonly (readonly number[])[], first: number, stride: number): number {
  const sum = [0, 0, 0, 0];
  for (let i = first; i < quads.length; i += stride) for (let j = 0; j < 4; j++) sum[j] = add(sum[j], quads[i][j]);
  return sum.reduce(add);
}

/** The quads of a row, with pads of 0, each element as `value` makes it. */
function quadsOf({ cols, data }: Values, row: number, value = (x: number) => x): number[][] {
  const at = (col: number) => (col < cols ? value(data[row * cols + col]) : 0);
  return Array.from({ length: Math.ceil(cols / 4) }, (_, quad) => [0, 1, 2, 3].map((j) => at(quad * 4 + j)));
}

const lanes = (count: number, of: (lane: number) => number) => Array.from({ length: count }, (_, lane) => of(lane));
const rowsOf = ({ rows }: Values) => Array.from({ length: rows }, (_, row) => row);

type Operands = Readonly<Record<string, Values>>;

/** The order of every sum, as the heads of the kernels have it. */
const TREES: Readonly<Record<string, readonly [sizes: Dimensions, sums: (of: Operands) => number[]]>> = {
  'sum-cols': [
    { m: 3, n: 1031 },
    ({ x }) =>
      rowsOf(x).map((row) => {
        const quads = quadsOf(x, row);
        return tree(lanes(64, (lane) => strided(quads, lane, 64)));
      }),
  ],
  'sum-all': [
    { m: 67, n: 131 },
    ({ x }) => {
      const quads = rowsOf(x).flatMap((row) => quadsOf(x, row));
      return [tree(lanes(256, (lane) => strided(quads, lane, 256)))];
    },
  ],
  'l2-penalty': [
    { m: 67, n: 131 },
    ({ x, lambda }) => {
      const quads = rowsOf(x).flatMap((row) => quadsOf(x, row, (value) => fround(value * value)));
      return [fround(fround(0.5 * lambda.data[0]) * tree(lanes(256, (lane) => strided(quads, lane, 256))))];
    },
  ],
  'tile-sums': [
    { m: 200, n: 33, count: 150 },
    ({ x, batch }) =>
      [0, 64, 128, 192].map((first) =>
        tree(
          lanes(64, (lane) => {
            const row = first + lane;
            return row < batch.data[0] && row < x.rows ? strided(quadsOf(x, row), 0, 1) : 0;
          }),
        ),
      ),
  ],
};

test.for(Object.entries(TREES))('%s has the bits of its tree', async ([name, [sizes, sums]], { skip }) => {
  skip(probe.fusesMultiplyAdd || !probe.roundsToNearest, 'this device rounds as it likes');
  const of = KERNEL_CASES.find((each) => caseName(each) === name);
  if (!of) throw new Error(`test: there is no case ${name}`);
  const { stored, operands } = await runKernel(engine, of, { sizes, variant: 'direct', arrangement: 'alone' });
  const wanted = Float32Array.from(sums(operands[0]));
  expect(differences('y', stored[0].y.words, new Uint32Array(wanted.buffer))).toEqual([]);
});
