import { describe, expect, test } from 'vitest';
import {
  createTrainer,
  dataset,
  dense,
  dropout,
  l2,
  meanSquaredError,
  relu,
  sequential,
  sgd,
  softmaxCrossEntropy,
} from '../../src/index.js';
import {
  accuracyByHand,
  crossEntropyByHand,
  meanByHand,
  outputsByHand,
  type Parameter,
  penaltyByHand,
  squaredErrorByHand,
} from './by-hand.js';
import { ENGINES } from './engines.js';

const FEATURES = 5;
const STRENGTH = 0.3;
const RATE = 0.5;
const numbers = (count: number, seed: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(seed + i * i));
const labelsOf = (count: number) => Uint32Array.from({ length: count }, (_, i) => (i * i) % 3);

/** Sums of a few dozen float32 products: their rounding stays far below this. */
const CLOSE = 5;

describe.each(ENGINES)('on %s', (_, engine) => {
  const classifier = (changes: object = {}) =>
    createTrainer(engine, sequential([dense(7), relu(), dropout(0), dense(3)]), {
      input: [FEATURES],
      batchSize: 4,
      loss: softmaxCrossEntropy(),
      optimizer: sgd({ learningRate: RATE }),
      regularizer: l2(STRENGTH),
      seed: 3,
      ...changes,
    });

  test.each([1, 3, 4])(
    'a step on %d rows measures loss, accuracy and penalty apart, and follows their gradient',
    async (rows) => {
      using trainer = await classifier();
      const [x, y] = [numbers(rows * FEATURES, rows), labelsOf(rows)];
      trainer.step({ x: numbers(4 * FEATURES, 9), y: labelsOf(4) }); // leaves other rows behind
      const before = await trainer.weights();
      expect(trainer.step({ x, y })).toBe(1);
      const { steps, penalty } = await trainer.metrics();
      const after = await trainer.weights();

      const outputs = outputsByHand(before, x, FEATURES);
      expect(steps.map(({ step }) => step)).toEqual([0, 1]);
      expect(steps[1].loss).toBeCloseTo(meanByHand(crossEntropyByHand(outputs, y)), CLOSE);
      expect(steps[1].accuracy).toBeCloseTo(accuracyByHand(outputs, y), CLOSE);
      expect(penalty).toBeCloseTo(penaltyByHand(after, STRENGTH), CLOSE);
      expect(await trainer.metrics()).toEqual({ steps: [], penalty });
      const objective = (weights: readonly Parameter[]) =>
        meanByHand(crossEntropyByHand(outputsByHand(weights, x, FEATURES), y)) + penaltyByHand(weights, STRENGTH);
      for (const [i, { data }] of after.entries()) {
        for (const [j, value] of data.entries()) {
          const gradient = slope(objective, before, i, j);
          expect(value).toBeCloseTo(before[i].data[j] - RATE * gradient, CLOSE);
        }
      }
    },
  );

  test('evaluate is the mean over all examples, predict the outputs of all rows, both without dropout', async () => {
    using trainer = await createTrainer(engine, sequential([dense(6), relu(), dropout(0.9), dense(2)]), {
      input: [FEATURES],
      batchSize: 4,
      loss: meanSquaredError(),
      optimizer: sgd(),
      regularizer: l2(STRENGTH),
    });
    const weights = await trainer.weights();
    // Fewer rows than a batch, a batch, several, several and a rest.
    for (const rows of [1, 4, 8, 11]) {
      const [x, y] = [numbers(rows * FEATURES, rows), numbers(rows * 2, 5)];
      const outputs = outputsByHand(weights, x, FEATURES);
      const { loss, penalty, objective, accuracy } = await trainer.evaluate(
        dataset({ x, y, features: FEATURES, outputs: 2 }),
      );
      expect(loss).toBeCloseTo(meanByHand(squaredErrorByHand(outputs, y)), CLOSE);
      expect(penalty).toBeCloseTo(penaltyByHand(weights, STRENGTH), CLOSE);
      expect(objective).toBe(loss + penalty);
      expect(accuracy).toBeUndefined();
      const predicted = await trainer.predict(x);
      expect(predicted).toHaveLength(rows * 2);
      for (const [i, value] of outputs.flat().entries()) expect(predicted[i]).toBeCloseTo(value, CLOSE);
      expect(await trainer.predict(outputRows(x))).toEqual(predicted);
    }
    expect(await trainer.weights()).toEqual(weights);
    expect(trainer.stepsTaken).toBe(0);
  });

  test('the same seeds give the same weights, others give others', async () => {
    const data = dataset({ x: numbers(9 * FEATURES, 1), y: labelsOf(9), features: FEATURES });
    const train = async (changes: object) => {
      using trainer = await classifier(changes);
      const initial = await trainer.weights();
      for await (const _ of trainer.fit(data, { epochs: 2 }));
      return { initial, weights: await trainer.weights() };
    };
    const first = await train({ seed: 3 });
    expect(await train({ seed: 3n })).toEqual(first);
    expect(await train({ seed: 3, shuffleSeed: 3 })).toEqual(first);
    expect((await train({ seed: 4 })).initial).not.toEqual(first.initial);
    const shuffled = await train({ shuffleSeed: 4 });
    expect(shuffled.initial).toEqual(first.initial);
    expect(shuffled.weights).not.toEqual(first.weights);
  });
});

/** The derivative of `objective` by one weight, by central differences. */
function slope(
  objective: (weights: readonly Parameter[]) => number,
  weights: readonly Parameter[],
  i: number,
  j: number,
) {
  const at = (h: number) => objective(weights.map((each, k) => (k === i ? moved(each, j, h) : each)));
  return (at(1e-5) - at(-1e-5)) / 2e-5;
}

/** Weights in float64 with one of them moved. */
function moved({ name, shape, data }: Parameter, j: number, h: number): Parameter {
  return { name, shape, data: Float64Array.from(data, (w, k) => w + (k === j ? h : 0)) };
}

const outputRows = (x: Float32Array) =>
  Array.from({ length: x.length / FEATURES }, (_, row) => [...x.subarray(row * FEATURES, (row + 1) * FEATURES)]);
