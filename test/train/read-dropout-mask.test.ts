import { describe, expect, test } from 'vitest';
import {
  adam,
  createEngine,
  createTrainer,
  dense,
  dropout,
  dropoutMask,
  gelu,
  type Layer,
  leakyRelu,
  meanSquaredError,
  readDropoutMask,
  relu,
  sequential,
  sgd,
  sigmoid,
  softmaxCrossEntropy,
  softplus,
  type Trainer,
  tanh,
} from '../../src/index.js';
import { subtract } from '../../src/ops/arithmetic.js';
import { testRefusals } from '../errors/refusals.js';
import { complaint } from './complaint.js';
import { countingDevice } from './counting-device.js';
import { ENGINES } from './engines.js';

const SEED = 2 ** 40 + 3;
const CLASSES = { input: [5], batchSize: 37, loss: softmaxCrossEntropy(), optimizer: adam(), seed: SEED };

/** Dropout behind, before and between everything that there is. */
const MODELS: readonly [what: string, layers: readonly Layer[]][] = [
  ['of the inputs, behind a ReLU, of a ragged width', [dropout(0.2), dense(61), relu(), dropout(0.5), dense(3)]],
  [
    'one behind the other, and of the outputs',
    [dense(6), dropout(0.5), dropout(0.1), relu(), dropout(0.9), dense(3), dropout(0.4)],
  ],
  [
    'behind layers without a bias',
    [dense(9, { bias: false }), dropout(0.5), dense(8, { bias: false }), tanh(), dropout(0.3), dense(3)],
  ],
  [
    'behind every activation',
    [
      dense(5),
      gelu(),
      dropout(0.5),
      sigmoid(),
      dropout(0.5),
      leakyRelu(),
      dropout(0.5),
      softplus(),
      dropout(0.5),
      tanh(),
      dropout(0.5),
      dense(3),
    ],
  ],
  ['of rates at the ends', [dense(17), relu(), dropout(0), dense(16), dropout(1 - 2 ** -20), dense(3)]],
];

describe.each(ENGINES)('on %s', (_, engine) => {
  test.each(MODELS)('the mask of the contract is read: %s', async (_, layers) => {
    using trainer = await createTrainer(engine, sequential(layers), CLASSES);
    const rates = layers.filter(({ kind }) => kind === 'dropout').map(({ options }) => Number(options.p));
    for (const [layer, rate] of rates.entries()) {
      for (const step of [0, 7, 0xffffffff]) {
        const { rows, cols, kept, ...which } = await readDropoutMask(trainer, { layer, step });
        expect(which).toEqual({ layer, step, rate });
        expect([rows, kept.length]).toEqual([37, 37 * cols]);
        expect(kept).toEqual(dropoutMask({ seed: SEED, step, layer, rows, cols, rate }));
      }
    }
  });

  const small = (): Promise<Trainer> =>
    createTrainer(engine, sequential([dense(6), relu(), dropout(0.5), dense(1)]), {
      input: [2],
      batchSize: 4,
      loss: meanSquaredError(),
      optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }),
      seed: SEED,
    });
  const batch = { x: Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1), y: Float32Array.of(0, 1, 1, 0) };

  test('by default it is that of the last step taken, at the rate of now', async () => {
    using trainer = await small();
    expect(await readDropoutMask(trainer, { layer: 0 })).toMatchObject({ step: 0, rate: 0.5 });
    for (let i = 0; i < 3; i++) trainer.step(batch);
    expect(await readDropoutMask(trainer, { layer: 0 })).toMatchObject({ step: 2, rate: 0.5 });
    trainer.set({ dropout: 0.25 });
    const { kept, ...which } = await readDropoutMask(trainer, { layer: 0 });
    expect(which).toEqual({ layer: 0, step: 2, rows: 4, cols: 6, rate: 0.25 });
    expect(kept).toEqual(dropoutMask({ seed: SEED, step: 2, layer: 0, rows: 4, cols: 6, rate: 0.25 }));
  });

  test('training is not touched', async () => {
    const run = async (read: boolean) => {
      using trainer = await small();
      for (let i = 0; i < 5; i++) {
        trainer.step(batch);
        if (read) await Promise.all([0, i].map((step) => readDropoutMask(trainer, { layer: 0, step })));
      }
      return [await trainer.metrics(), (await trainer.weights()).map(({ data }) => data)];
    };
    expect(await run(true)).toEqual(await run(false));
  });

  test('the mask is read whatever enters the layer', async () => {
    const zeros: Layer = { kind: 'zeros', options: {}, apply: (x) => subtract(x, x) };
    using trainer = await createTrainer(engine, sequential([dense(2), zeros, dropout(0.5), dense(3)]), CLASSES);
    const { kept } = await readDropoutMask(trainer, { layer: 0 });
    expect(kept).toEqual(dropoutMask({ seed: SEED, step: 0, layer: 0, rows: 37, cols: 2, rate: 0.5 }));
  });

  const ask = async (options: unknown) => {
    using trainer = await small();
    return await Reflect.apply(readDropoutMask, undefined, [trainer, options]);
  };
  testRefusals({
    'TypeError: readDropoutMask: options must be an object, got undefined': () => ask(undefined),
    'TypeError: readDropoutMask: layer must be an integer in [0, 0], got undefined': () => ask({}),
    'RangeError: readDropoutMask: layer must be an integer in [0, 0], got 1': () => ask({ layer: 1 }),
    'RangeError: readDropoutMask: step must be an integer in [0, 4294967295], got 0.5': () =>
      ask({ layer: 0, step: 0.5 }),
  });

  test('a model without dropout and a trainer that is gone are refused', async () => {
    using plain = await createTrainer(engine, sequential([dense(3)]), CLASSES);
    expect(await complaint(() => readDropoutMask(plain, { layer: 0 }))).toBe(
      'RangeError: readDropoutMask: the model has no dropout layer',
    );
    using trainer = await small();
    await readDropoutMask(trainer, { layer: 0 });
    trainer.dispose();
    const gone = 'EngineError of kind disposed: trainer: it was disposed; create a new one';
    expect(await complaint(() => readDropoutMask(trainer, { layer: 0 }))).toBe(gone);
  });
});

test('the first read of a layer compiles one kernel, later ones make nothing, and all is freed with the trainer', async () => {
  const counting = await countingDevice();
  const engine = await createEngine({ device: counting.device });
  const before = counting.live.size;
  const model = sequential([dropout(0.2), dense(64), relu(), dropout(0.5), dense(32), relu(), dropout(0.5), dense(3)]);
  const trainer = await createTrainer(engine, model, CLASSES);
  const trained = counting.live.size;
  const first = await counting.during(() => readDropoutMask(trainer, { layer: 0 }));
  expect(first.pipelines).toBe(1);
  await readDropoutMask(trainer, { layer: 1 });
  const held = counting.live.size;
  expect(held).toBeGreaterThan(trained);
  for (let step = 0; step < 3; step++) await readDropoutMask(trainer, { layer: 1, step });
  const later = await counting.during(() => readDropoutMask(trainer, { layer: 1, step: 3 }));
  expect(later).toEqual({ buffers: 2, bindGroups: 0, pipelines: 0, shaderModules: 0, maps: 1, submits: 2 }); // for reading back
  expect(counting.live.size).toBe(held);
  trainer.dispose();
  expect(counting.live.size).toBe(before);
  expect(counting.uncaught).toEqual([]);
  engine.dispose();
  counting.device.destroy();
});
