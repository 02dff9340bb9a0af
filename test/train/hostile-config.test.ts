import { afterAll } from 'vitest';
import { createEngine, loadTrainer } from '../../src/index.js';
import { testRefusals, untouched } from '../errors/refusals.js';
import { json } from './checkpoint-file.js';
import { countingDevice } from './counting-device.js';

const counting = await countingDevice();
const engine = await createEngine({ device: counting.device });
afterAll(() => counting.device.destroy());

const load = (config: object) => loadTrainer(engine, json('config', config));

testRefusals(
  {
    "loadTrainer: layers[0]: kind must be one of 'dense', 'dropout', 'gelu', 'leakyRelu', 'relu', 'sigmoid', 'softplus', 'tanh', got \"conv\"":
      () => load({ layers: [{ kind: 'conv' }] }),
    "loadTrainer: optimizer: kind must be one of 'sgd', 'adam', 'adamw', got \"adamm\", did you mean 'adam'?": () =>
      load({ optimizer: { kind: 'adamm' } }),
    'loadTrainer: loss must be an object such as { "kind": "meanSquaredError" }, got null': () => load({ loss: null }),
    "loadTrainer: loss: kind must be one of 'meanSquaredError', 'softmaxCrossEntropy', 'softTargetCrossEntropy', 'binaryCrossEntropy', got \"constructor\"":
      () => load({ loss: { kind: 'constructor' } }),
    'loadTrainer: layers must hold at least one layer': () => load({ layers: [] }),
    'loadTrainer: layers[0]: dense: units must be a positive integer, got 0': () =>
      load({ layers: [{ kind: 'dense', units: 0, initializer: { kind: 'he' } }] }),
    "loadTrainer: optimizer: sgd: unknown option 'speed'; known: learningRate, momentum, nesterov, weightDecay": () =>
      load({ optimizer: { kind: 'sgd', learningRate: 1, speed: 2 } }),
    'loadTrainer: batchSize must be a positive integer, got null': () => load({ batchSize: null }),
    'loadTrainer: input[0] must be a positive integer, got a Object': () => load({ input: [{ size: 2 }] }),
    "loadTrainer: 'dense0.w' must have the shape [3, 4], got [2, 4]": () => load({ input: [3] }),
  },
  { prefix: 'EngineError of kind format: ', say: untouched(counting) },
);
