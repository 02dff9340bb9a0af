import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  adam,
  adamw,
  binaryCrossEntropy,
  createTrainer,
  type Dataset,
  type DatasetOptions,
  dataset,
  dense,
  hinge,
  type Loss,
  l2,
  leakyRelu,
  meanSquaredError,
  sequential,
  sgd,
  softmaxCrossEntropy,
  softTargetCrossEntropy,
  type Trainer,
} from '../../src/index.js';
import { logUniform, random, type SearchOptions, search, uniform } from '../../src/tune.js';
import { untouched } from '../errors/refusals.js';
import { small, smallModel } from '../tune/small-search.js';
import { complaint } from './complaint.js';
import { countedEngine } from './counting-device.js';
import { ENGINES } from './engines.js';

const { counting, engine } = await countedEngine();
const say = untouched(counting);

const x = Float32Array.of(0.1, 0.2, 0.3, 0.4);
const create = (loss: Loss) =>
  createTrainer(engine, sequential([dense(2)]), { input: [1], batchSize: 2, loss, optimizer: sgd() });

const searchOf = (loss: Loss, train: Dataset, validation: Dataset): SearchOptions => ({
  ...{ input: [1], batchSize: 2, loss, optimizer: sgd(), train, validation },
  ...{ space: { learningRate: uniform(0, 1) }, strategy: random(), population: 2, budget: { epochs: 1 } },
});

/** Targets of two columns, the last of which the loss has no meaning for, and what is said of it. */
const TARGETS: readonly [loss: Loss, bad: number, fault: string][] = [
  [binaryCrossEntropy(), 1.5, 'binaryCrossEntropy: targets must be numbers in [0, 1], got 1.5'],
  [hinge(), 0.5, 'hinge: targets must be integers in [0, 1], got 0.5'],
  [binaryCrossEntropy(), -0.25, 'binaryCrossEntropy: targets must be numbers in [0, 1], got -0.25'],
  [softTargetCrossEntropy(), -0.5, 'softTargetCrossEntropy: targets must be numbers >= 0, got -0.5'],
];

test.each(TARGETS)('targets that a loss has no meaning for are refused: %o, %d', async (loss, bad, fault) => {
  using trainer = await create(loss);
  const y = Float32Array.of(0, 1, 1, 0, 0, 1, 1, bad);
  const data = dataset({ x, y, features: 1, outputs: 2 });
  const good = dataset({ x: x.slice(0, 2), y: y.slice(0, 4), features: 1, outputs: 2 });
  const before = await trainer.save();
  const where = `${fault} at row`;
  const calls: readonly [name: string, run: () => unknown, message: string][] = [
    ['step', () => trainer.step({ x: x.slice(2), y: y.slice(4) }), `RangeError: step: y: ${where} 1, column 1`],
    ['fit', () => trainer.fit(data, { epochs: 1 }), `RangeError: fit: data: ${where} 3, column 1`],
    [
      'validation',
      () => trainer.fit(good, { epochs: 1, validation: data }),
      `RangeError: fit: validation: ${where} 3, column 1`,
    ],
    [
      'search',
      () => search(engine, sequential([dense(2)]), searchOf(loss, good, data)),
      `RangeError: search: validation: ${where} 3, column 1`,
    ],
    ['evaluate', () => trainer.evaluate(data), `RangeError: evaluate: data: ${where} 3, column 1`],
  ];
  for (const [name, run, message] of calls) expect([name, await say(run)]).toEqual([name, message]);
  expect(await trainer.save()).toEqual(before);
});

test.each([
  [[0, 1, 0.5, 0.6], '1.1', 1],
  [[0, 0, 0.5, 0.5], '0', 0],
  [[50, 50, 0, 100], '100', 0],
])('shares that do not sum to 1 are refused: %j', async (shares, sum, row) => {
  using trainer = await create(softTargetCrossEntropy());
  const y = Float32Array.from(shares);
  const fault = `softTargetCrossEntropy: the targets of a row must sum to 1 ± 0.01, got ${sum}`;
  const data = dataset({ x: x.slice(0, 2), y, features: 1, outputs: 2 });
  const say = async (run: () => unknown) => (await complaint(run)).replace(/1\.1\d+/, '1.1');
  expect(await say(() => trainer.fit(data, { epochs: 1 }))).toBe(`RangeError: fit: data: ${fault} at row ${row}`);
  expect(await say(() => trainer.step({ x: x.slice(0, 2), y }))).toBe(`RangeError: step: y: ${fault} at row ${row}`);
});

test('targets at the ends of what a loss accepts are trained on', async () => {
  for (const [loss, values] of [
    [binaryCrossEntropy(), [0, 1, 0.5, 1]],
    [softTargetCrossEntropy(), [0, 1, 0.33, 0.67]],
    [meanSquaredError(), [-1e6, 1e6, 0, -0.5]],
  ] as const) {
    using trainer = await create(loss);
    trainer.step({ x: x.slice(0, 2), y: Float32Array.from(values) });
    const { steps } = await trainer.metrics();
    expect(steps).toHaveLength(1);
  }
});

/** Class indices that are none, and what is said of them. */
const LABELS: readonly [options: Partial<DatasetOptions>, message: string][] = [
  [
    { y: [0, 1, 2, 3], classes: 3 },
    'RangeError: dataset: y must hold integers in [0, 2], got 3 at row 3; labels takes any codes or names',
  ],
  [
    { y: [0, -1, 2, 3], classes: 4 },
    'RangeError: dataset: y must hold integers in [0, 3], got -1 at row 1; labels takes any codes or names',
  ],
  [
    { y: [0, 1, 0.5, 3], classes: 4 },
    'RangeError: dataset: y must hold integers in [0, 3], got 0.5 at row 2; labels takes any codes or names',
  ],
  [{ y: [0, 1, Number.NaN, 3], classes: 4 }, 'EngineError of kind data: dataset: y holds NaN at row 2, column 0'],
  [
    { y: Float32Array.of(0, 1e10, 1, 1), classes: 4 },
    'RangeError: dataset: y must hold integers in [0, 3], got 10000000000 at row 1; labels takes any codes or names',
  ],
];

test.each(LABELS)('class indices that are none are refused: %o', async (options, message) => {
  expect(await complaint(() => dataset({ x, features: 1, y: [], ...options }))).toBe(message);
});

/** Numbers that float32 cannot hold, wherever they are given. */
const HOLDS = 'that float32 holds (0, or 1.2e-38 to 3.4e38 in size)';
const NUMBERS: readonly [what: string, run: () => unknown, message: string][] = [
  ...[1e39, 1e-39, 1e-46].flatMap((value): [string, () => unknown, string][] => [
    ['a rate', () => sgd({ learningRate: value }), `sgd: learningRate must be a number >= 0 ${HOLDS}, got ${value}`],
    ['λ', () => l2(value), `l2: strength must be a number >= 0 ${HOLDS}, got ${value}`],
    ['ε', () => adam({ epsilon: value }), `adam: epsilon must be a number > 0 ${HOLDS}, got ${value}`],
    ['a decay', () => adamw({ weightDecay: value }), `adamw: weightDecay must be a number >= 0 ${HOLDS}, got ${value}`],
  ]),
  [
    'a momentum that rounds to 1',
    () => sgd({ momentum: 1 - 2 ** -26 }),
    `sgd: momentum must be a number in [0, 1) ${HOLDS}, got ${1 - 2 ** -26}`,
  ],
  ['β', () => adam({ beta2: 1e-46 }), `adam: beta2 must be a number in [0, 1) ${HOLDS}, got 1e-46`],
  ['a slope', () => leakyRelu(1e-46), `leakyRelu: slope must be a number in (0, 1] ${HOLDS}, got 1e-46`],
  ...(['scale', 'offset'] as const).flatMap((name) =>
    [1e39, -1e39, 1e-46].map((value): [string, () => unknown, string] => [
      name,
      () => dataset({ x: new Uint8Array(4), y: [1, 2, 3, 4], features: 1, [name]: value }),
      `dataset: ${name} must be a finite number ${HOLDS}, got ${value}`,
    ]),
  ),
  [
    'a scale of which 255 are too many',
    () => dataset({ x: new Uint8Array(4), y: [1, 2, 3, 4], features: 1, scale: 1e38, offset: 1 }),
    'dataset: 255 * scale + offset must stay in float32, got scale 1e+38 and offset 1',
  ],
  [
    'a space',
    () => search(engine, smallModel(), small({ space: { l2: logUniform(1e-50, 1) } })),
    `search: space.l2 must be a number >= 0 ${HOLDS}, but logUniform(1e-50, 1) reaches 1e-50`,
  ],
  [
    'a wide space',
    () => search(engine, smallModel(), small({ space: { learningRate: uniform(0, 1e40) } })),
    `search: space.learningRate must be a number >= 0 ${HOLDS}, but uniform(0, 1e+40) reaches 1e+40`,
  ],
];

test.each(NUMBERS)('%s that float32 cannot hold is refused where it is given', async (_, run, message) => {
  expect(await say(run)).toBe(`RangeError: ${message}`);
});

test('a hyper-parameter that float32 cannot hold is refused by set, and nothing changes', async () => {
  using trainer = await create(meanSquaredError());
  const { hyperParameters } = trainer;
  const message = `RangeError: set: learningRate must be a number >= 0 ${HOLDS}, got 1e+39`;
  expect(await say(() => trainer.set({ learningRate: 1e39 }))).toBe(message);
  expect(trainer.hyperParameters).toEqual(hyperParameters);
});

describe.each(ENGINES)('weights of rows on %s', (_, engine) => {
  const data = dataset({ x, y: [1, 2, 3, 4], features: 1 });
  let trainer: Trainer;
  beforeAll(async () => {
    const training = { input: [1], batchSize: 2, loss: meanSquaredError(), optimizer: sgd() };
    trainer = await createTrainer(engine, sequential([dense(1)]), training);
  });
  afterAll(() => trainer.dispose());

  test.each([1e-40, 1e-31, 1.1e30, 3e38])('weights of %d are refused with their row', async (bad) => {
    const weights = Float32Array.of(1, 0, bad, 1);
    const range = 'must be 0 or in [1e-30, 1e+30], so that float32 can add up weighted losses';
    const got = `${range}, got ${Math.fround(bad)} at row 2`;
    expect(await complaint(() => trainer.fit(data, { epochs: 1, weights }))).toBe(`RangeError: fit: weights ${got}`);
    expect(await complaint(() => trainer.evaluate(data, { weights }))).toBe(`RangeError: evaluate: weights ${got}`);
  });

  test.each([1e-30, 1e30])('weights of %d measure what weights of 1 do', async (weight) => {
    const { loss } = await trainer.evaluate(data);
    const weighed = await trainer.evaluate(data, { weights: new Float32Array(4).fill(weight) });
    expect(weighed.loss / loss).toBeCloseTo(1, 5);
  });

  test('a batch whose rows all weigh 0 measures 0', async () => {
    const weights = Float32Array.of(0, 0, 0, 1);
    const losses: number[] = [];
    for await (const report of trainer.fit(data, { epochs: 1, shuffle: false, steps: true, weights })) {
      losses.push(report.kind === 'step' ? report.loss : report.trainLoss);
    }
    expect(losses).toEqual([0, expect.any(Number), expect.any(Number)]);
    expect(losses[1]).toBeGreaterThan(0);
    expect(losses[2]).toBeCloseTo(losses[1], 5);
  });
});

test('numbers that are not whole are refused by a loss of classes', async () => {
  using trainer = await create(softmaxCrossEntropy());
  const numbers = dataset({ x, y: Float32Array.of(0, 1, 0.5, 1), features: 1 });
  expect(await complaint(() => trainer.fit(numbers, { epochs: 1 }))).toMatch(/^RangeError: softmaxCrossEntropy: /);
});
