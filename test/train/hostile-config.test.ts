import { afterAll, beforeAll, test } from 'vitest';
import { createEngine, type Engine, loadTrainer } from '../../src/index.js';
import { json } from './checkpoint-file.js';
import { type CountingDevice, countingDevice } from './counting-device.js';
import { expectRefused, type Refusal } from './refusals.js';

let counting: CountingDevice;
let engine: Engine;
beforeAll(async () => {
  counting = await countingDevice();
  engine = await createEngine({ device: counting.device });
});
afterAll(() => counting.device.destroy());

const config = (values: object) => json('config', values);

const FILES: readonly [what: string, bytes: () => Uint8Array, message: string][] = [
  [
    'a layer of another library',
    () => config({ layers: [{ kind: 'conv' }] }),
    `loadTrainer: layers[0]: kind must be one of 'dense', 'dropout', 'gelu', 'leakyRelu', 'relu', 'sigmoid', 'softplus', 'tanh', got "conv"`,
  ],
  [
    'a misspelt optimiser',
    () => config({ optimizer: { kind: 'adamm' } }),
    `loadTrainer: optimizer: kind must be one of 'sgd', 'adam', 'adamw', got "adamm", did you mean 'adam'?`,
  ],
  [
    'no loss',
    () => config({ loss: null }),
    'loadTrainer: loss must be an object such as { "kind": "meanSquaredError" }, got null',
  ],
  [
    'a method for a kind',
    () => config({ loss: { kind: 'constructor' } }),
    `loadTrainer: loss: kind must be one of 'meanSquaredError', 'softmaxCrossEntropy', 'softTargetCrossEntropy', 'binaryCrossEntropy', got "constructor"`,
  ],
  ['no layers', () => config({ layers: [] }), 'loadTrainer: layers must hold at least one layer'],
  [
    '0 units',
    () => config({ layers: [{ kind: 'dense', units: 0, initializer: { kind: 'he' } }] }),
    'loadTrainer: layers[0]: dense: units must be a positive integer, got 0',
  ],
  [
    'an option too many',
    () => config({ optimizer: { kind: 'sgd', learningRate: 1, speed: 2 } }),
    "loadTrainer: optimizer: sgd: unknown option 'speed'; known: learningRate, momentum, nesterov, weightDecay",
  ],
  ['no batch size', () => config({ batchSize: null }), 'loadTrainer: batchSize must be a positive integer, got null'],
  [
    'an input that is none',
    () => config({ input: [{ size: 2 }] }),
    'loadTrainer: input[0] must be a positive integer, got a Object',
  ],
  [
    'other units than weights',
    () => config({ input: [3] }),
    "loadTrainer: 'dense0.w' must have the shape [3, 4], got [2, 4]",
  ],
];

test.each(FILES)('%s is refused before anything is allocated', async (what, bytes, message) => {
  const refusal: Refusal = [what, () => loadTrainer(engine, bytes()), `EngineError of kind format: ${message}`];
  await expectRefused(counting, refusal);
});
