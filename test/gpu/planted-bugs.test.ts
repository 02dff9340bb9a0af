import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GpuEngine } from '../../src/gpu/engine.js';
import type { Dimensions } from '../../src/kernels/kernel.js';
import { relu } from '../../src/nn/activations.js';
import { adam } from '../../src/nn/adam.js';
import { dropout } from '../../src/nn/dropout.js';
import { l2 } from '../../src/nn/l2.js';
import { softmaxCrossEntropy } from '../../src/nn/losses.js';
import { sgd } from '../../src/nn/sgd.js';
import { runKernel } from '../kernels/harness.js';
import { KERNEL_CASES } from '../kernels/kernel-cases.js';
import { layers, type Network } from '../steps/networks.js';
import { StepRun } from '../steps/step-run.js';
import type { Mutation } from './compile-mutant.js';
import { gpuEngine } from './stored.js';

let engine: GpuEngine;
beforeAll(async () => {
  engine = await gpuEngine();
});
afterAll(() => engine.dispose());

/** What is wrong, what the text says, what it says instead. */
type Bug = readonly [what: string, search: string | RegExp, replacement: string];

/** A mutation, and how many texts it has changed. */
function planted([, search, replacement]: Bug): { mutate: Mutation; changed: () => number } {
  let count = 0;
  const mutate: Mutation = (wgsl) => {
    const text = wgsl.replaceAll(typeof search === 'string' ? search : new RegExp(search, 'g'), replacement);
    if (text !== wgsl) count++;
    return text;
  };
  return { mutate, changed: () => count };
}

const NOTHING: Bug = ['nothing wrong', '', ''];

/** That a text was changed, or none, and that it was noticed, or not. */
function expectNoticed([what]: Bug, changed: number, complaints: readonly string[]): void {
  const wrong = what !== NOTHING[0];
  expect(changed > 0, `changed ${changed} texts`).toBe(wrong);
  expect(complaints.length > 0, complaints[0] ?? 'nothing was noticed').toBe(wrong);
}

interface BuggyKernel {
  readonly kernel: string;
  readonly variant: string;
  readonly sizes: Dimensions;
  readonly bugs: readonly Bug[];
}

const ragged = { m: 33, n: 34, k: 35 };
const rowsOfBatch = { m: 70, n: 5, k: 6, count: 66 };

const KERNELS: readonly BuggyKernel[] = [
  {
    kernel: 'matmul-nn',
    variant: 'direct',
    sizes: { m: 33, n: 34, k: 37 },
    bugs: [
      ['the last k left out', 'k < dims.k;', 'k + 4u < dims.k;'],
      ['rows of b past the last one', 'min(k + 1u, last)', '(k + 1u)'],
      ['the stride of the other operand', 'row * dims.a_stride', 'row * dims.b_stride'],
      ['the operands of another member', 'member * dims.b_member', '0u * dims.b_member'],
      ['an offset left out', 'dims.a_offset + ', ''],
      ['one row too many stored', 'min(ROWS, dims.m - row)', 'min(ROWS, dims.m + 1u - row)'],
    ],
  },
  {
    kernel: 'matmul-nt',
    variant: 'tiled',
    sizes: ragged,
    bugs: [
      ['a tile that is not transposed', 'b_tile[lane.x * 4u + j][line]', 'b_tile[line][lane.x * 4u + j]'],
      ['the wrong line of a tile', 'a_tile[l][lane.y * 4u + r]', 'a_tile[l][lane.y * 4u + (r ^ 1u)]'],
      ['one quad too many stored', 'if (quad >= quads)', 'if (quad > quads)'],
      ['the last k left out', 'min(TILE, dims.k - k)', 'min(TILE, dims.k - 1u - k)'],
      ['a barrier left out', /workgroupBarrier\(\);(?=\n {4}for)/, ''],
    ],
  },
  {
    kernel: 'matmul-tn-sums',
    variant: 'tiled',
    sizes: ragged,
    bugs: [
      [
        'sums without their place',
        'Place(member, 0u, quad, quads), column_sum',
        'Place(member, 0u, 0u, quads), column_sum',
      ],
    ],
  },
  {
    kernel: 'tile-sums',
    variant: 'direct',
    sizes: rowsOfBatch,
    bugs: [
      ['rows that do not count', 'min(dims.m, table[batch_words(member)])', 'dims.m'],
      ['half a tree', 'half > 0u', 'half > 1u'],
      ['the batch of another member', '4u + member * dims.words', '4u + 0u * member * dims.words'],
    ],
  },
  {
    kernel: 'softmax-cross-entropy',
    variant: 'direct',
    sizes: rowsOfBatch,
    bugs: [
      ['the wrong label', 'labels_index(member, row)', '(labels_index(member, row) + 1u)'],
      ['the label of another row', 'labels_index(member, row)', 'labels_index(member, row ^ 1u)'],
      ['a column left out of the sum', 'column < dims.n; column++', 'column + 1u < dims.n; column++'],
      ['pads that are not zeroed', /return select\(vec4f\(0\), value, .*\);/, 'return value;'],
      ['sums in the place of another tile', 'Place(member, tile.x, 0u, 1u)', 'Place(member, 0u, 0u, 1u)'],
    ],
  },
  {
    kernel: 'head',
    variant: 'direct',
    sizes: rowsOfBatch,
    bugs: [
      ['the bias twice', 'z[quad] += b_load(b_at + quad);', 'z[quad] += 2.0 * b_load(b_at + quad);'],
      ['pads in the sum', 'select(0.0, e[j], quad * 4u + j < dims.n)', 'e[j]'],
      ['the gradient of all rows', 'difference * drow', 'difference'],
    ],
  },
  {
    kernel: 'gather-labelled',
    variant: 'direct',
    sizes: { e: 61, c: 83, d: 1, m: 37, start: 31, count: 30 },
    bugs: [
      ['the order of the data', 'order_index(member, min(', '(min('],
      ['the start of the epoch', 'first + min(', 'min('],
      ['rows behind the valid ones', 'min(row, count - 1u)', 'row'],
      ['labels in another order', 'labels_index(member, example)', 'labels_index(member, row)'],
    ],
  },
];

describe.each(KERNELS.map((each) => [`${each.kernel} ${each.variant}`, each] as const))('%s', (_, buggy) => {
  const { kernel, variant, sizes, bugs } = buggy;
  test.each([NOTHING, ...bugs])('with %s', async (...bug) => {
    const of = KERNEL_CASES.find((each) => each.kernel.name === kernel);
    if (!of) throw new Error(`test: there is no case of ${kernel}`);
    const { mutate, changed } = planted(bug);
    const { complaints } = await runKernel(engine, of, { sizes, variant, arrangement: 'two members', mutate });
    expectNoticed(bug, changed(), complaints);
  });
});

const network: Network = {
  layers: layers([9, 5], relu, () => dropout(0.5)),
  loss: softmaxCrossEntropy(),
  optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }),
  regularizer: l2(0.1),
  rows: 7,
  cols: 6,
  count: 5,
};

const STEPS: readonly (readonly [optimizer: string, network: Network, bugs: readonly Bug[]])[] = [
  [
    'momentum',
    network,
    [
      ['a mask off by a quad', 'at.row * at.quads + at.quad', 'at.row * at.quads + at.quad + 1u'],
      [
        'words of the counter exchanged',
        'table[source + 2u], table[source + 3u]',
        'table[source + 3u], table[source + 2u]',
      ],
      ['the seed of another half', 'vec2u(table[source], table[source + 1u])', 'table[source] * vec2u(1u)'],
      ['dropped and kept exchanged', 'select(scaled, vec4f(0), random', 'select(vec4f(0), scaled, random'],
      ['kept values that are not scaled', 'x * bitcast<f32>(table[source + 6u])', 'x'],
      ['a gradient that is not scaled', 'dy * bitcast<f32>(table[source + 6u])', 'dy'],
      [
        'a gate that is inverted',
        'bitcast<f32>(table[source + 6u]), y > vec4f(0)',
        'bitcast<f32>(table[source + 6u]), y <= vec4f(0)',
      ],
      ['a penalty that is dropped', /add\(t\d+, value\)/, 'value'],
      ['a bias that is added twice', 'return x + b;', 'return x + b + b;'],
      ['a velocity that is forgotten', 'return momentum * v + g;', 'return g;'],
      ['a step uphill', 'return theta - rate * d;', 'return theta + rate * d;'],
      ['the mean over rows that do not count', 'at.row < table[source]', 'at.row < 1000u'],
      ['the scalars of another member', 'member * dims.words', '0u * member * dims.words'],
      ['the state of another member', 'member * dims.velocity_v_member', '0u * dims.velocity_v_member'],
      ['a step that is not stored', /velocity_v\[velocity_v_row\(at.member, at.row\) \+ at.quad\] = .*;/, ''],
    ],
  ],
  [
    'Adam',
    { ...network, optimizer: adam({ learningRate: 0.01 }) },
    [
      ['epsilon under the root', 'sqrt(v) * root_correction + epsilon', 'sqrt(v + epsilon) * root_correction'],
      ['no bias correction', 'sqrt(v) * root_correction', 'sqrt(v)'],
      ['a gradient that is not squared', '(g * g)', 'g'],
      [
        'the decay of the other moment',
        /t\d+(?=, t\d+\);\n {2}let t\d+ = vec4f\(bitcast<f32>\(table\[words_at\(at.member, dims.adam)/,
        'vec4f(0.9)',
      ],
    ],
  ],
];

describe.each(STEPS)('a training step with %s', (_, network, bugs) => {
  test.each([NOTHING, ...bugs])('with %s', async (...bug) => {
    const { mutate, changed } = planted(bug);
    const members = [{ seed: [1, 2] }, { seed: [3, 4], hyper: { learningRate: 0.02, 'dropout.0': 0.3 } }] as const;
    const run = await StepRun.create(engine, network, { members, mutate });
    const complaints: string[] = [];
    for (let step = 0; step < 3; step++) complaints.push(...(await run.checkedStep()));
    run.dispose();
    expectNoticed(bug, changed(), complaints);
  });
});
