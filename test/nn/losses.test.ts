import { expect, test } from 'vitest';
import {
  binaryCrossEntropy,
  createReferenceEngine,
  createTrainer,
  dataset,
  dense,
  focal,
  hinge,
  huber,
  type Loss,
  meanAbsoluteError,
  meanSquaredError,
  sequential,
  sgd,
  softmaxCrossEntropy,
  softTargetCrossEntropy,
} from '../../src/index.js';
import { complaint } from '../train/complaint.js';
import { ENGINES } from '../train/engines.js';

test.each<[Loss, number]>([
  [meanSquaredError(), 2],
  [binaryCrossEntropy(), 2],
  [meanAbsoluteError(), 2],
  [huber(), 2],
  [hinge(), 2],
  [softTargetCrossEntropy(), 2],
])('$kind wants as many target columns as outputs', async (loss, outputs) => {
  const { kind } = loss;
  expect(await complaint(() => loss.check(outputs, undefined, 3))).toBe(
    `RangeError: ${kind}: the model has 2 outputs, the targets have 3 columns`,
  );
  expect(await complaint(() => loss.check(outputs, 2, 1))).toBe(
    `RangeError: ${kind}: targets must be numbers, got class indices`,
  );
  expect(await complaint(() => loss.check(outputs, undefined, 2))).toBe('nothing');
});

/** Two outputs z of one row, a loss of them, and by hand: the loss, its slopes by z, and right answers. */
const BY_HAND: readonly [
  Loss,
  z: readonly number[],
  y: readonly number[],
  loss: number,
  slopes: readonly number[],
  right?: number,
][] = [
  [meanAbsoluteError(), [1, -2], [0.5, 1], (0.5 + 3) / 2, [0.5, -0.5]],
  [huber(), [1, -2], [0.5, 1], (0.5 ** 2 / 2 + (3 - 0.5)) / 2, [0.25, -0.5]],
  [huber(4), [1, -2], [0.5, 1], (0.5 ** 2 / 2 + 3 ** 2 / 2) / 2, [0.25, -1.5]],
  [hinge(), [0.25, 0.5], [1, 0], (0.75 + 1.5) / 2, [-0.5, 0.5], 0.5],
  [hinge(), [2, -1.5], [1, 0], 0, [0, 0], 1],
  [focal(), [0, Math.log(3)], [0], 0.75 ** 2 * Math.log(4), focalSlopes(2), 0],
  [focal(0.5), [0, Math.log(3)], [0], 0.75 ** 0.5 * Math.log(4), focalSlopes(0.5), 0],
  [focal(0), [0, Math.log(3)], [1], -Math.log(0.75), [0.25, -0.25], 1],
];

/** The slopes of the focal loss where p = 1/4, for its class and the other: appendix B of Lin et al. */
function focalSlopes(gamma: number): readonly number[] {
  const [p, q] = [0.25, 0.75];
  const own = q ** gamma * (gamma * p * Math.log(p) - q);
  return [own, -own];
}

test.each(BY_HAND)('$kind of %j for %j', async (loss, z, y, value, slopes, right) => {
  using trainer = await createTrainer(createReferenceEngine(), sequential([dense(2)]), {
    input: [2],
    batchSize: 1,
    loss,
    optimizer: sgd({ learningRate: 1 }),
  });
  // With x = (1, 0) the first row of w are the outputs, and a step of 1 takes the slopes from them.
  await trainer.setWeights([
    { name: 'dense0.w', shape: [2, 2], data: Float32Array.from([...z, 0, 0]) },
    { name: 'dense0.b', shape: [1, 2], data: new Float32Array(2) },
  ]);
  trainer.step({
    x: Float32Array.of(1, 0),
    y: loss.targets === 'classes' ? Uint32Array.from(y) : Float32Array.from(y),
  });
  const { steps } = await trainer.metrics();
  expect(steps[0].loss).toBeCloseTo(value, 6);
  expect(steps[0].accuracy).toBe(right);
  const [{ data }] = await trainer.weights();
  expect(data[0]).toBeCloseTo(z[0] - slopes[0], 6);
  expect(data[1]).toBeCloseTo(z[1] - slopes[1], 6);
});

test('label smoothing: ten steps as in float64, and evaluation without it', async () => {
  const [features, classes, smoothing] = [2, 3, 0.2];
  const x = Array.from({ length: 4 * features }, (_, i) => Math.sin(i * i));
  const y = [0, 2, 1, 2];
  for (const [, engine] of ENGINES) {
    using trainer = await createTrainer(engine, sequential([dense(classes, { bias: false })]), {
      input: [features],
      batchSize: 4,
      loss: softmaxCrossEntropy({ labelSmoothing: smoothing }),
      optimizer: sgd({ learningRate: 0.5 }),
    });
    const w = Array.from((await trainer.weights())[0].data);
    const softmaxOf = (row: number) => {
      const z = Array.from({ length: classes }, (_, j) => x[2 * row] * w[j] + x[2 * row + 1] * w[classes + j]);
      const sum = z.reduce((total, value) => total + Math.exp(value), 0);
      return z.map((value) => Math.exp(value) / sum);
    };
    for (let step = 0; step < 10; step++) {
      trainer.step({ x, y });
      const gradient = w.map(() => 0);
      y.forEach((label, row) => {
        softmaxOf(row).forEach((p, j) => {
          const slope = (p - (j === label ? 1 - smoothing : 0) - smoothing / classes) / y.length;
          for (let k = 0; k < features; k++) gradient[k * classes + j] += slope * x[2 * row + k];
        });
      });
      gradient.forEach((g, i) => {
        w[i] -= 0.5 * g;
      });
    }
    const found = (await trainer.weights())[0].data;
    for (const [i, value] of w.entries()) expect(found[i]).toBeCloseTo(value, 5);
    const { loss } = await trainer.evaluate(dataset({ x, y: Uint32Array.from(y), features, classes }));
    const plain = y.reduce((sum, label, row) => sum - Math.log(softmaxOf(row)[label]), 0) / y.length;
    expect(loss).toBeCloseTo(plain, 5);
    trainer.set({ labelSmoothing: 0 });
    trainer.step({ x, y });
    const { steps } = await trainer.metrics();
    expect(steps.at(-1)?.loss).toBeCloseTo(plain, 5);
  }
});
