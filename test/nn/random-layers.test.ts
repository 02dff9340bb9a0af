import { describe, expect, test } from 'vitest';
import {
  adam,
  alphaDropout,
  concreteDropout,
  createTrainer,
  dense,
  dropConnect,
  dropout,
  dropoutMask,
  gaussianDropout,
  gaussianNoise,
  type Layer,
  linearDecay,
  meanSquaredError,
  predictSamples,
  readDropoutMask,
  sequential,
  sgd,
  standout,
} from '../../src/index.js';
import { testRefusals } from '../errors/refusals.js';
import { Random } from '../ops/random.js';
import { words } from '../random/plain-reader.js';
import { ENGINES } from '../train/engines.js';

const SEED = 77;
const COLS = 32;
const ROWS = 256;
const SAMPLES = 4;
const FRESH = { loss: meanSquaredError(), optimizer: sgd(), seed: SEED };

/** Inputs of mean 0 and variance 1. */
const X = new Random(5).floats(ROWS * COLS, -Math.sqrt(3), Math.sqrt(3));

/** Expects a mean and a variance of numbers to be within six standard errors, the fourth moment being that of the sample. */
function expectMoments(values: readonly number[], mean: number, variance: number) {
  const average = (each: (value: number) => number) => values.reduce((sum, x) => sum + each(x), 0) / values.length;
  const found = average((x) => (x - mean) ** 2);
  const fourth = average((x) => (x - mean) ** 4);
  expect(Math.abs(average((x) => x) - mean)).toBeLessThan(6 * Math.sqrt(variance / values.length));
  expect(Math.abs(found - variance)).toBeLessThan(6 * Math.sqrt((fourth - found ** 2) / values.length));
}

describe.each(ENGINES)('on %s', (_, engine) => {
  /** Returns samples of a layer's outputs for X, one after another. */
  async function outputsOf(layer: Layer): Promise<number[]> {
    const model = sequential([dense(COLS, { bias: false }), layer]);
    using trainer = await createTrainer(engine, model, { ...FRESH, input: [COLS], batchSize: 64 });
    const identity = Float32Array.from({ length: COLS ** 2 }, (_, i) => (i % (COLS + 1) === 0 ? 1 : 0));
    await trainer.setWeights([{ name: 'dense0.w', shape: [COLS, COLS], data: identity }]);
    expect(await trainer.predict(X)).toEqual(X);
    return (await predictSamples(trainer, X, { samples: SAMPLES })).flatMap((outputs) => [...outputs]);
  }

  test.each([0.1, 0.5, 0.8])('gaussianDropout(%d) has factors of mean 1 and variance p / (1 - p)', async (p) => {
    const outputs = await outputsOf(gaussianDropout(p));
    expectMoments(
      outputs.map((y, i) => y / X[i % X.length]),
      1,
      p / (1 - p),
    );
  });

  test('gaussianNoise adds numbers of mean 0 and its deviation', async () => {
    const outputs = await outputsOf(gaussianNoise(0.3));
    expectMoments(
      outputs.map((y, i) => y - X[i % X.length]),
      0,
      0.09,
    );
  });

  test.each([0.1, 0.5])('alphaDropout(%d) keeps mean 0 and variance 1, with the masks of the contract', async (p) => {
    const outputs = await outputsOf(alphaDropout(p));
    expectMoments(outputs, 0, 1);
    const floor = -1.7580993408473766;
    const a = ((1 - p) * (1 + p * floor ** 2)) ** -0.5;
    const mask = (sample: number) =>
      dropoutMask({ seed: SEED, step: 0, layer: 0, rows: ROWS, cols: COLS, rate: p, sample });
    const kept = Array.from({ length: SAMPLES }, (_, i) => [...mask(i + 1)]).flat();
    for (const [i, y] of outputs.entries()) {
      expect(y).toBeCloseTo(a * (kept[i] ? X[i % X.length] : floor) - a * p * floor, 5);
    }
  });

  test('standout keeps an element with the probability that it has, and evaluates with it', async () => {
    const [scale, shift] = [1.5, -0.3];
    const model = sequential([dense(COLS, { bias: false }), standout({ scale, shift })]);
    using trainer = await createTrainer(engine, model, { ...FRESH, input: [COLS], batchSize: 64 });
    const data = Float32Array.from({ length: COLS ** 2 }, (_, i) => (i % (COLS + 1) === 0 ? 1 : 0));
    await trainer.setWeights([{ name: 'dense0.w', shape: [COLS, COLS], data }]);
    const kept = Float64Array.from(X, (x) => 1 / (1 + Math.exp(-(scale * x + shift))));
    for (const [i, y] of (await trainer.predict(X)).entries()) expect(y).toBeCloseTo(X[i] * kept[i], 5);
    for (const [sample, outputs] of (await predictSamples(trainer, X, { samples: 2 })).entries()) {
      const wrong = outputs.filter((y, i) => {
        const u = (words(SEED, [Math.floor(i / 4), 0, 5 * 2 ** 24, sample + 1])[i % 4] >>> 8) * 2 ** -24;
        // Within rounding of u, either is right.
        return Math.abs(kept[i] - u) > 1e-6 && y !== (u < kept[i] ? X[i] : 0);
      });
      expect(wrong).toHaveLength(0);
    }
  });

  test('dropConnect drops the weights that the contract names, for all rows of the input', async () => {
    const [features, units, rows] = [5, 7, 11];
    const model = sequential([dropConnect(dense(units), 0.3)]);
    using trainer = await createTrainer(engine, model, { ...FRESH, input: [features], batchSize: 4 });
    const x = X.subarray(0, rows * features);
    const [w, b] = await trainer.weights();
    for (const [i, outputs] of (await predictSamples(trainer, x, { samples: 2, step: 3 })).entries()) {
      const which = { seed: SEED, step: 3, layer: 0, rows: features, cols: units, rate: 0.3, sample: i + 1 };
      const kept = dropoutMask(which);
      for (const [at, y] of outputs.entries()) {
        const [row, unit] = [Math.floor(at / units), at % units];
        let sum = b.data[unit];
        for (let k = 0; k < features; k++) {
          sum += (x[row * features + k] * w.data[k * units + unit] * kept[k * units + unit]) / 0.7;
        }
        expect(y).toBeCloseTo(sum, 5);
      }
    }
    const drawn = await readDropoutMask(trainer, { layer: 0, step: 2 });
    const wanted = { seed: SEED, step: 2, layer: 0, rows: features, cols: units, rate: 0.3 };
    expect(drawn).toEqual({ layer: 0, step: 2, rows: features, cols: units, rate: 0.3, kept: dropoutMask(wanted) });
  });

  test('a scheduled rate has the masks of its step', async () => {
    const model = sequential([dropout(linearDecay(0.8, { steps: 4 })), dense(1)]);
    using trainer = await createTrainer(engine, model, { ...FRESH, input: [COLS], batchSize: 8 });
    const rates = [0.8, 0.6, 0.4, 0.2, 0, 0];
    for (const [step, p] of rates.entries()) {
      const { rate, kept } = await readDropoutMask(trainer, { layer: 0, step });
      expect(rate).toBeCloseTo(p, 12);
      expect(kept).toEqual(dropoutMask({ seed: SEED, step, layer: 0, rows: 8, cols: COLS, rate }));
    }
    trainer.set({ dropout: 0.4, decaySteps: 2 });
    expect((await readDropoutMask(trainer, { layer: 0, step: 1 })).rate).toBeCloseTo(0.2, 12);
  });
});

/**
 * One weight w, one input 1 and the target 1. With masks of 0 and 1 the objective is (w - 1)² + w²·p/(1 - p) + λ·w²/(1 - p) +
 * η·(p·ln p + (1 - p)·ln(1 - p)); its least value over w is (p + λ)/(1 + λ) + η·(...), and the best p has
 * logit p = -1/(η·(1 + λ)). A relaxed mask m has another E m and E m², so w and p are found here for them, by quadrature.
 */
function bestRate(weights: number, entropy: number, temperature: number): number {
  const objective = (p: number) => {
    let [first, second] = [0, 0];
    const points = 4000;
    for (let i = 0; i < points; i++) {
      const u = (i + 0.5) / points;
      const z = 1 / (1 + Math.exp(-(Math.log(p / (1 - p)) + Math.log(u / (1 - u))) / temperature));
      first += (1 - z) / (1 - p) / points;
      second += ((1 - z) / (1 - p)) ** 2 / points;
    }
    const least = 1 - first ** 2 / (second + weights / (1 - p));
    return least + entropy * (p * Math.log(p) + (1 - p) * Math.log(1 - p));
  };
  const rates = Array.from({ length: 199 }, (_, i) => (i + 1) / 400);
  return rates.reduce((best, p) => (objective(p) < objective(best) ? p : best));
}

test('concrete dropout learns the best rate of a problem whose best rate is known', async () => {
  const [weights, entropy, temperature] = [0.1, 0.5, 0.1];
  const exact = 1 / (1 + Math.exp(1 / (entropy * (1 + weights))));
  expect(bestRate(weights, entropy, 0.001)).toBeCloseTo(exact, 2);
  const best = bestRate(weights, entropy, temperature);
  const layer = concreteDropout(dense(1, { bias: false }), { start: 0.4, weights, entropy, temperature });
  const [, engine] = ENGINES[1]; // the GPU takes the same steps, more slowly here
  const batchSize = 1024;
  using trainer = await createTrainer(engine, sequential([layer]), {
    ...FRESH,
    input: [1],
    batchSize,
    optimizer: adam({ learningRate: linearDecay(0.05, { steps: 500 }) }),
  });
  const ones = new Float32Array(batchSize).fill(1);
  for (let step = 0; step < 500; step++) trainer.step({ x: ones, y: ones });
  const logit = (await trainer.weights()).find(({ name }) => name === 'concreteDropout0.logit');
  const found = 1 / (1 + Math.exp(-(logit?.data[0] ?? 0)));
  expect(Math.abs(found - best)).toBeLessThan(0.005);
  expect(Math.abs(found - exact)).toBeGreaterThan(0.005); // the test tells the relaxed problem from the other
});

const call =
  (make: unknown, ...args: unknown[]) =>
  () =>
    Reflect.apply(make as () => Layer, undefined, args);
testRefusals({
  'RangeError: gaussianDropout: p must be a number in [0, 1), got 1': call(gaussianDropout, 1),
  'RangeError: alphaDropout: p must be a number in [0, 1), got -0.1': call(alphaDropout, -0.1),
  'TypeError: dropConnect: p must be a number in [0, 1), got "0.5"': call(dropConnect, dense(1), '0.5'),
  'TypeError: dropConnect: layer must be made by a function such as dense(10), got 0.5': call(dropConnect, 0.5),
  'RangeError: gaussianNoise: deviation must be a number >= 0, got -1': call(gaussianNoise, -1),
  'RangeError: dropout: the base of p must be a number in [0, 1), got 2': call(dropout, linearDecay(2, { steps: 1 })),
  'RangeError: concreteDropout: start must be a number in (0, 1), got 0': call(concreteDropout, dense(1), { start: 0 }),
  'RangeError: concreteDropout: temperature must be a number > 0, got 0': call(concreteDropout, dense(1), {
    temperature: 0,
  }),
  "TypeError: concreteDropout: unknown option 'p'; known: start, weights, entropy, temperature": call(
    concreteDropout,
    dense(1),
    { p: 0.5 },
  ),
});
