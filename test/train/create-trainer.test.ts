import { afterAll, beforeAll, expect, test } from 'vitest';
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
import { type CountingDevice, countingDevice } from './counting-device.js';
import { expectRefused, MODEL, OPTIONS, type Refusal } from './refusals.js';

let counting: CountingDevice;
let engine: Engine;
beforeAll(async () => {
  counting = await countingDevice();
  engine = await createEngine({ device: counting.device });
});
afterAll(() => {
  expect(counting.uncaught).toEqual([]);
  counting.device.destroy();
});

const MADE = 'must be made by a function such as';
const create = (changes: object, model: Model = MODEL, on: unknown = engine) =>
  createTrainer(on as Engine, model, { ...OPTIONS, ...changes });
const SEED = 'must be an integer in [0, 2^53) or a bigint in [0, 2^64), got';

test.each<Refusal>([
  [
    'a misspelt option',
    () => create({ regulariser: l2(1) }),
    "TypeError: createTrainer: unknown option 'regulariser', did you mean 'regularizer'?; known: input, batchSize, loss, optimizer, regularizer, seed, shuffleSeed",
  ],
  [
    'no engine',
    () => create({}, MODEL, {}),
    'TypeError: createTrainer: engine must be made by createEngine or createReferenceEngine, got a Object',
  ],
  [
    'an engine that is still a promise',
    () => create({}, MODEL, createEngine({ device: counting.device })),
    'TypeError: createTrainer: engine must be made by createEngine or createReferenceEngine, got a Promise',
  ],
  [
    'layers instead of a model',
    () => create({}, [dense(2)] as never),
    `TypeError: createTrainer: model ${MADE} sequential([dense(10)]), got [a Object]`,
  ],
  [
    'a model without parameters',
    () => create({ loss: meanSquaredError() }, sequential([relu(), dropout(0.5)])),
    'RangeError: createTrainer: the model has nothing to train; it needs a layer such as dense(10)',
  ],
  [
    'input as a number',
    () => create({ input: 784 }),
    'TypeError: createTrainer: input must be the shape of one example such as [784], got 784',
  ],
  [
    'no input',
    () => create({ input: [] }),
    'TypeError: createTrainer: input must be the shape of one example such as [784], got []',
  ],
  [
    'an extent of 0',
    () => create({ input: [28, 0] }),
    'RangeError: createTrainer: input[1] must be a positive integer, got 0',
  ],
  ['batch 0', () => create({ batchSize: 0 }), 'RangeError: createTrainer: batchSize must be a positive integer, got 0'],
  [
    'no batch size',
    () => create({ batchSize: undefined }),
    'TypeError: createTrainer: batchSize must be a positive integer, got undefined',
  ],
  [
    'a loss by name',
    () => create({ loss: 'mse' }),
    `TypeError: createTrainer: loss ${MADE} softmaxCrossEntropy(), got "mse"`,
  ],
  [
    'an optimiser that was not called',
    () => create({ optimizer: adam }),
    `TypeError: createTrainer: optimizer ${MADE} adam(), got a function`,
  ],
  [
    'λ as a number',
    () => create({ regularizer: 0.1 }),
    `TypeError: createTrainer: regularizer ${MADE} l2(1e-4), got 0.1`,
  ],
  ['a negative seed', () => create({ seed: -1 }), `RangeError: createTrainer: seed ${SEED} -1`],
  ['a seed of 2^53', () => create({ seed: 2 ** 53 }), `RangeError: createTrainer: seed ${SEED} 9007199254740992`],
  ['a seed of text', () => create({ shuffleSeed: '7' }), `TypeError: createTrainer: shuffleSeed ${SEED} "7"`],
  [
    'a file that is none',
    () => loadTrainer(engine, [1] as never),
    'TypeError: loadTrainer: bytes must be a Uint8Array, got [1]',
  ],
])('createTrainer refuses %s', async (...refusal) => {
  await expectRefused(counting, refusal);
});
