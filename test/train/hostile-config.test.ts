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
    'loadTrainer: unknown layer "conv"; known: dense, dropout, relu, leakyRelu, tanh, sigmoid, gelu, softplus',
  ],
  [
    'a misspelt optimiser',
    () => config({ optimizer: { kind: 'adamm' } }),
    `loadTrainer: unknown optimizer "adamm", did you mean 'adam'?; known: sgd, adam, adamw`,
  ],
  [
    'no loss',
    () => config({ loss: null }),
    'loadTrainer: unknown loss undefined; known: meanSquaredError, softmaxCrossEntropy, softTargetCrossEntropy, binaryCrossEntropy',
  ],
  [
    'a method for a kind',
    () => config({ loss: { kind: 'constructor' } }),
    'loadTrainer: unknown loss "constructor"; known: meanSquaredError, softmaxCrossEntropy, softTargetCrossEntropy, binaryCrossEntropy',
  ],
  [
    'no layers',
    () => config({ layers: [] }),
    'loadTrainer: in the config: sequential: layers must hold at least one layer',
  ],
  [
    '0 units',
    () => config({ layers: [{ kind: 'dense', units: 0, initializer: { kind: 'he' } }] }),
    'loadTrainer: in the config: dense: units must be a positive integer, got 0',
  ],
  [
    'an option too many',
    () => config({ optimizer: { kind: 'sgd', learningRate: 1, speed: 2 } }),
    "loadTrainer: in the config: sgd: unknown option 'speed'; known: learningRate, momentum, nesterov, weightDecay",
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
