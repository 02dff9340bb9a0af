import { beforeAll, describe, expect, test } from 'vitest';
import type { GpuEngine } from '../../src/gpu/engine.js';
import { type HostContext, live } from '../../src/graph/step.js';
import { relu } from '../../src/nn/activations.js';
import { dense } from '../../src/nn/dense.js';
import { dropout } from '../../src/nn/dropout.js';
import { softTargetCrossEntropy } from '../../src/nn/losses.js';
import { sgd } from '../../src/nn/optimizers.js';
import { floatFromBits } from '../../src/ops/index.js';
import type { Tensor } from '../../src/ops/tensor.js';
import { maskWord } from '../../src/random/source.js';
import { Random } from '../ops/random.js';
import { type TracedNetwork, traceNetwork } from '../steps/networks.js';
import { readStored, sharedEngine } from './stored.js';

let engine: GpuEngine;
beforeAll(async () => {
  engine = await sharedEngine();
});

/** After a ReLU the backward pass reads the mask off the stored output; elsewhere it draws the mask again. */
const network = {
  layers: [dropout(0.3), dense(61), relu(), dropout(0.5), dense(7), dropout(0.25), dense(3)],
  loss: softTargetCrossEntropy(),
  optimizer: sgd(),
  rows: 67,
  cols: 5,
};

/** Everything that a mask is applied to, forward and backward: the result, what it is made of, its random source. */
interface Masked {
  readonly result: Tensor;
  readonly of: Tensor;
  readonly source: Tensor;
  /** The result is 0 where this is. */
  readonly gate?: Tensor;
}

function maskedIn({ step }: TracedNetwork): Masked[] {
  const tensors = live(step.updates.map(({ value }) => value));
  return tensors.flatMap((result): Masked[] => {
    const [dy, gate] = result.inputs;
    if (result.op.name === 'reluGradient') return [{ result, of: dy.inputs[0], source: dy.inputs[1], gate }];
    const rides = tensors.some(({ op, inputs }) => op.name === 'reluGradient' && inputs[0] === result);
    return result.op.name === 'dropout' && !rides ? [{ result, of: dy, source: result.inputs[1] }] : [];
  });
}

type Fill = (tensor: Tensor) => Float32Array;
const random: Fill = ({ id, rows, cols }) => new Random(id).floats(rows * cols);

/** Runs a step with these parameters on the GPU; returns the elements of each tensor, one map per member. */
async function observe(contexts: readonly HostContext[], fill: Fill) {
  const traced = traceNetwork(network);
  const masked = maskedIn(traced);
  const taps = new Set(masked.flatMap(({ result, of, gate }) => (gate ? [result, of, gate] : [result, of])));
  const stored = [...taps].filter(({ op }) => op.kind !== 'leaf');
  const executor = engine.createExecutor({ members: contexts.length });
  try {
    const program = await executor.compile(traced.step, traced.model.scalars, { taps: stored });
    const inputs = [traced.x, traced.targets];
    for (const leaf of inputs) executor.write(leaf, random(leaf));
    for (const { tensor } of traced.model.parameters) {
      for (let member = 0; member < contexts.length; member++) executor.write(tensor, fill(tensor), member);
    }
    program.run([contexts]);
    const read = await readStored(executor, program.plan, [...stored, ...inputs]);
    const values = read.map((own) => new Map([...stored, ...inputs].map((tensor, i) => [tensor, own[i].values])));
    return { masked, values, scalars: traced.model.scalars };
  } finally {
    executor.dispose();
  }
}

const context: HostContext = {
  seed: [42, 0],
  step: 0,
  sample: 0,
  start: 0,
  count: network.rows,
  hyper: { 'dropout0.dropout': 0.3, 'dropout1.dropout': 0.5, 'dropout2.dropout': 0.25, learningRate: 0.1 },
};

describe('every mask is that of the contract', () => {
  test.each<[string, HostContext[]]>([
    ['at the first step', [context]],
    ['at the last step there is', [{ ...context, step: 0xffffffff }]],
    ['in a sample', [{ ...context, sample: 3 }]],
    [
      'where little is kept',
      [{ ...context, hyper: { ...context.hyper, 'dropout0.dropout': 0.999, 'dropout1.dropout': 1 - 2 ** -20 } }],
    ],
    ['where all is kept', [{ ...context, hyper: { ...context.hyper, 'dropout1.dropout': 0, 'dropout2.dropout': 0 } }]],
    ['of members', [{ ...context, seed: [1, 2] }, { ...context, seed: [2, 1], step: 5 }, context]],
  ])('%s', async (_, contexts) => {
    const { masked, values, scalars } = await observe(contexts, random);
    expect(masked.map(({ result }) => result.op.name)).toEqual([
      'dropout',
      'dropout',
      'dropout',
      'dropout',
      'reluGradient',
    ]);
    for (const [member, each] of contexts.entries()) {
      for (const { result, of, source, gate } of masked) {
        const words = scalars.get(source)?.(each) ?? [];
        const [threshold, scale] = [words[5], floatFromBits(words[6])];
        const [got, from] = [values[member].get(result) ?? [], values[member].get(of) ?? []];
        const wanted = Array.from(from, (x, i) => {
          const { cols } = result;
          const kept = maskWord(words, Math.floor(i / cols), i % cols, cols) >= threshold;
          const open = !gate || (values[member].get(gate)?.[i] ?? 0) > 0;
          return kept && open ? Math.fround(x * scale) : 0;
        });
        // One rounding of one product: nothing is left to the device but its direction, and zeros have no sign.
        const off = wanted.findIndex((x, i) => !(Math.abs(got[i] - x) <= Math.abs(x) * 2 ** -23));
        const place = `[${Math.floor(off / result.cols)}, ${off % result.cols}]`;
        if (off >= 0) expect.fail(`${result.op.name}${place} of member ${member} is ${got[off]}, not ${wanted[off]}`);
      }
    }
  });
});

/** The masks of the three layers as bits, from biases of 1 and weights of 0. */
async function masks(contexts: readonly HostContext[]): Promise<string[][]> {
  const ones: Fill = ({ rows, cols, attributes }) =>
    new Float32Array(rows * cols).fill(String(attributes.name).endsWith('.b') ? 1 : 0);
  const { masked, values } = await observe(contexts, ones);
  const forward = masked.slice(1, 3).map(({ result }) => result);
  return values.map((own) => forward.map((tensor) => Array.from(own.get(tensor) ?? [], (y) => (y ? 1 : 0)).join('')));
}

test('masks differ from layer to layer, step to step, seed to seed, sample to sample', async () => {
  const seen = await masks([
    context,
    { ...context, step: 1 },
    { ...context, seed: [43, 0] },
    { ...context, seed: [42, 1] },
    { ...context, sample: 1 },
  ]);
  const all = seen.flatMap(([wide, narrow]) => [wide.slice(0, narrow.length), narrow]);
  expect(new Set(all).size).toBe(all.length);
});

test('the share of kept elements is within six deviations', async () => {
  const contexts = Array.from({ length: 20 }, (_, step) => ({ ...context, step }));
  const [wide] = (await masks(contexts)).reduce((sums, each) => sums.map((sum, layer) => sum + each[layer]), ['', '']);
  const kept = Array.from(wide).filter((bit) => bit === '1').length;
  expect(wide).toHaveLength(20 * network.rows * 61);
  expect(Math.abs(kept - wide.length / 2)).toBeLessThan(6 * Math.sqrt(wide.length / 4));
});
