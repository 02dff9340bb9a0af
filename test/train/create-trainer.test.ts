import { expect, test } from 'vitest';
import {
  adam,
  createEngine,
  createTrainer,
  dense,
  dropout,
  type Engine,
  l2,
  loadTrainer,
  type Model,
  meanSquaredError,
  relu,
  sequential,
} from '../../src/index.js';
import { testRefusals, untouched } from '../errors/refusals.js';
import { countedEngine } from './counting-device.js';
import { MODEL, OPTIONS } from './small-classifier.js';

const { counting, engine } = await countedEngine();

const MADE = 'must be made by a function such as';
const create = (changes: object, model: Model = MODEL, on: unknown = engine) =>
  createTrainer(on as Engine, model, { ...OPTIONS, ...changes });
const SEED = 'must be an integer in [0, 2^53) or a bigint in [0, 2^64), got';

testRefusals(
  {
    "TypeError: createTrainer: unknown option 'regulariser', did you mean 'regularizer'?; known: input, batchSize, loss, optimizer, regularizer, constraint, augmentation, seed, shuffleSeed, progress":
      () => create({ regulariser: l2(1) }),
    'TypeError: createTrainer: engine must be made by createEngine or createReferenceEngine, got a Object': () =>
      create({}, MODEL, {}),
    'TypeError: createTrainer: engine must be made by createEngine or createReferenceEngine, got a Promise': () =>
      create({}, MODEL, createEngine({ device: counting.device })),
    [`TypeError: createTrainer: model ${MADE} sequential([dense(10)]), got [a Object]`]: () =>
      create({}, [dense(2)] as never),
    'RangeError: createTrainer: the model has nothing to train; it needs a layer such as dense(10)': () =>
      create({ loss: meanSquaredError() }, sequential([relu(), dropout(0.5)])),
    'TypeError: createTrainer: input must be the shape of one example such as [784], got 784': () =>
      create({ input: 784 }),
    'TypeError: createTrainer: input must be the shape of one example such as [784], got []': () =>
      create({ input: [] }),
    'RangeError: createTrainer: input[1] must be a positive integer, got 0': () => create({ input: [28, 0] }),
    'RangeError: createTrainer: batchSize must be a positive integer, got 0': () => create({ batchSize: 0 }),
    'TypeError: createTrainer: batchSize must be a positive integer, got undefined': () =>
      create({ batchSize: undefined }),
    [`TypeError: createTrainer: loss ${MADE} softmaxCrossEntropy(), got "mse"`]: () => create({ loss: 'mse' }),
    [`TypeError: createTrainer: optimizer ${MADE} adam(), got a function`]: () => create({ optimizer: adam }),
    [`TypeError: createTrainer: regularizer ${MADE} l2(1e-4), got 0.1`]: () => create({ regularizer: 0.1 }),
    [`RangeError: createTrainer: seed ${SEED} -1`]: () => create({ seed: -1 }),
    [`RangeError: createTrainer: seed ${SEED} 9007199254740992`]: () => create({ seed: 2 ** 53 }),
    'TypeError: createTrainer: progress must be a function, got true': () => create({ progress: true }),
    'TypeError: loadTrainer: progress must be a function, got 1': () =>
      loadTrainer(engine, new Uint8Array(8), { progress: 1 as never }),
    [`TypeError: createTrainer: shuffleSeed ${SEED} "7"`]: () => create({ shuffleSeed: '7' }),
    'TypeError: loadTrainer: bytes must be a Uint8Array, got [1]': () => loadTrainer(engine, [1] as never),
  },
  { say: untouched(counting) },
);

test('progress tells of every kernel: those of the step before training, those of a prediction at the first one', async () => {
  const told: { compiled: number; all: number }[] = [];
  const progress = (kernels: { compiled: number; all: number }) => told.push(kernels);
  const trainer = await create({ progress });
  const made = told.length;
  const [first, last] = [told[0], told[made - 1]];
  expect(first).toEqual({ compiled: 0, all: expect.any(Number) });
  expect(last.compiled).toBe(last.all);
  expect(last.all).toBe(trainer.dispatchesPerStep);
  expect(told.every(({ compiled }, i) => i === 0 || compiled >= told[i - 1].compiled)).toBe(true);
  await trainer.predict(new Float32Array(2));
  expect(told.length).toBeGreaterThan(made);
  const bytes = await trainer.save();
  trainer.dispose();
  told.length = 0;
  (await loadTrainer(engine, bytes, { progress })).dispose();
  expect(told.slice(0, made)).toHaveLength(made);
  expect(told.at(-1)).toEqual(last);
});
