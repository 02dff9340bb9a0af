import { describe, expect, test } from 'vitest';
import {
  createTrainer,
  dense,
  dropout,
  dropoutMask,
  meanSquaredError,
  predictSamples,
  relu,
  sequential,
  sgd,
  type Trainer,
} from '../../src/index.js';
import { testRefusals } from '../errors/refusals.js';
import { complaint } from './complaint.js';
import { ENGINES } from './engines.js';

const SEED = 12345678901;
const ROWS = 11;
/** Inputs without a 0, so that masks of the inputs show. */
const X = Float32Array.from({ length: ROWS * 5 }, (_, i) => 1 + (i % 7) / 8);
const FRESH = { input: [5], loss: meanSquaredError(), optimizer: sgd(), seed: SEED };

/** The outputs of sample `sample` by the definition, in float64: dropout, dense, ReLU, dropout, dense. */
async function sampleByHand(trainer: Trainer, step: number, sample: number, rates: readonly number[]) {
  const [w0, b0, w1, b1] = (await trainer.weights()).map(({ data, shape }) => ({ data, cols: shape[1] }));
  const drop = (y: number[], cols: number, layer: number) => {
    const rate = rates[layer];
    const kept = dropoutMask({ seed: SEED, step, layer, rows: ROWS, cols, rate, sample });
    return y.map((value, i) => (kept[i] ? value / (1 - rate) : 0));
  };
  const product = (x: number[], { data: w, cols }: typeof w0, { data: b }: typeof w0) => {
    const features = x.length / ROWS;
    return Array.from({ length: ROWS * cols }, (_, i) => {
      const [row, col] = [Math.floor(i / cols), i % cols];
      let sum = b[col];
      for (let k = 0; k < features; k++) sum += x[row * features + k] * w[k * cols + col];
      return sum;
    });
  };
  const hidden = product(drop([...X], 5, 0), w0, b0).map((z) => Math.max(z, 0));
  return product(drop(hidden, w0.cols, 1), w1, b1);
}

describe.each(ENGINES)('on %s', (_, engine) => {
  const network = (batchSize: number, rates = [0.3, 0.5]) =>
    createTrainer(engine, sequential([dropout(rates[0]), dense(7), relu(), dropout(rates[1]), dense(2)]), {
      ...FRESH,
      batchSize,
    });

  test('a sample is the network with the masks of the contract, whose rows count in all of x', async () => {
    using trainer = await network(4);
    const samples = await predictSamples(trainer, X, { samples: 3, step: 6 });
    expect(samples.map((each) => each.length)).toEqual([ROWS * 2, ROWS * 2, ROWS * 2]);
    for (const [i, outputs] of samples.entries()) {
      const wanted = await sampleByHand(trainer, 6, i + 1, [0.3, 0.5]);
      for (const [j, y] of outputs.entries()) expect(y).toBeCloseTo(wanted[j], 4);
    }
  });

  test('the masks are bit for bit those of dropoutMask', async () => {
    // The outputs are what dropout leaves of them: 0 where it is dropped, and nowhere else.
    const model = sequential([dense(7), dropout(0.3)]);
    using trainer = await createTrainer(engine, model, { ...FRESH, batchSize: 3 });
    const undropped = await trainer.predict(X);
    expect(undropped).not.toContain(0);
    const samples = await predictSamples(trainer, X, { samples: 2, step: 0xffffffff });
    const masks = samples.map((outputs) => Uint8Array.from(outputs, (y) => (y === 0 ? 0 : 1)));
    const which = { seed: SEED, step: 0xffffffff, layer: 0, rows: ROWS, cols: 7, rate: 0.3 };
    expect(masks).toEqual([1, 2].map((sample) => dropoutMask({ ...which, sample })));
  });

  test('batches of another size make the same samples, to the bit; so does a second call', async () => {
    const all = await Promise.all(
      [2, 4, 11, 64].map(async (batchSize) => {
        using trainer = await network(batchSize);
        const first = await predictSamples(trainer, X, { samples: 3 });
        expect(await predictSamples(trainer, X, { samples: 3 })).toEqual(first);
        return first;
      }),
    );
    for (const samples of all) expect(samples).toEqual(all[0]);
    expect(new Set(all[0].map(String)).size).toBe(3);
  });

  test('without a rate every sample is what predict says', async () => {
    using trainer = await network(4, [0, 0]);
    const outputs = await trainer.predict(X);
    expect(await predictSamples(trainer, X, { samples: 2 })).toEqual([outputs, outputs]);
  });

  test('the steps taken are the step, the rate is that of now, and training goes on as if nothing had been asked', async () => {
    const run = async (asked: boolean) => {
      using trainer = await network(4);
      trainer.step({ x: X.subarray(0, 20), y: new Float32Array(8) });
      if (asked) {
        const now = await predictSamples(trainer, X, { samples: 1 });
        expect(now).toEqual(await predictSamples(trainer, X, { samples: 1, step: 1 }));
        expect(now).not.toEqual(await predictSamples(trainer, X, { samples: 1, step: 0 }));
        trainer.set({ dropout: 0 });
        expect(await predictSamples(trainer, X, { samples: 1 })).toEqual([await trainer.predict(X)]);
        trainer.set({ dropout: [0.3, 0.5] });
      }
      trainer.step({ x: X.subarray(0, 20), y: new Float32Array(8) });
      return (await trainer.weights()).map(({ data }) => data);
    };
    expect(await run(true)).toEqual(await run(false));
  });

  test('more samples than the step table has rows', async () => {
    using trainer = await network(11);
    const few = await predictSamples(trainer, X, { samples: 2 });
    const many = await predictSamples(trainer, X, { samples: 300 });
    expect(many).toHaveLength(300);
    expect(many.slice(0, 2)).toEqual(few);
    expect(new Set(many.map(String)).size).toBe(300);
  });

  const ask = async (options: unknown) => {
    using trainer = await network(4);
    return await Reflect.apply(predictSamples, undefined, [trainer, X, options]);
  };
  testRefusals({
    'TypeError: predictSamples: options must be an object, got undefined': () => ask(undefined),
    'TypeError: predictSamples: samples must be an integer in [1, 4294967295], got undefined': () => ask({}),
    'RangeError: predictSamples: samples must be an integer in [1, 4294967295], got 0': () => ask({ samples: 0 }),
    'RangeError: predictSamples: samples must be an integer in [1, 4294967295], got 1.5': () => ask({ samples: 1.5 }),
    'RangeError: predictSamples: step must be an integer in [0, 4294967295], got -1': () =>
      ask({ samples: 1, step: -1 }),
    "TypeError: predictSamples: unknown option 'steps', did you mean 'step'?; known: samples, step": () =>
      ask({ samples: 1, steps: 1 }),
  });

  test('a model without dropout, an x that does not fit and a trainer that is gone are refused', async () => {
    using plain = await createTrainer(engine, sequential([dense(2)]), { ...FRESH, batchSize: 4 });
    expect(await complaint(() => predictSamples(plain, X, { samples: 1 }))).toBe(
      'RangeError: predictSamples: the model has no random layer, such as dropout',
    );
    using trainer = await network(4);
    expect(await complaint(() => predictSamples(trainer, new Float32Array(7), { samples: 1 }))).toBe(
      'RangeError: predictSamples: the length of x must be a multiple of features = 5, got 7',
    );
    trainer.dispose();
    expect(await complaint(() => predictSamples(trainer, X, { samples: 1 }))).toBe(
      'EngineError of kind disposed: trainer: it was disposed; create a new one',
    );
  });
});
