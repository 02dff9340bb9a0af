import { expect, test } from 'vitest';
import { loadTrainer } from '../../src/index.js';
import { testRefusals, untouched } from '../errors/refusals.js';
import { json } from './checkpoint-file.js';
import { countedEngine } from './counting-device.js';

const { counting, engine } = await countedEngine();

const load = (config: object, memory?: number) => loadTrainer(engine, json('config', config), { memory });
const tooLarge = (rows: number, bytes: number, allowed: number) =>
  `loadTrainer: a batch of ${rows} rows needs ${bytes} bytes, and a file of this size may ask for ${allowed}; if it is right, set memory higher`;

testRefusals(
  {
    "loadTrainer: layers[0].initializer: kind must be one of 'he', 'glorot', 'lecun', 'zeros', or be given as parts.orthogonal, got \"orthogonal\"":
      () => load({ layers: [{ kind: 'dense', units: 2, initializer: { kind: 'orthogonal' } }] }),
    "loadTrainer: layers[0].initializer: kind must be one of 'he', 'glorot', 'lecun', 'zeros', or be given as parts.zeroes, got \"zeroes\", did you mean 'zeros'?":
      () => load({ layers: [{ kind: 'dense', units: 2, initializer: { kind: 'zeroes' } }] }),
    'loadTrainer: loss must be an object such as { "kind": "meanSquaredError" }, got null': () => load({ loss: null }),
    "loadTrainer: layers[0].initializer: kind must be one of 'he', 'glorot', 'lecun', 'zeros', or be given as parts.constructor, got \"constructor\"":
      () => load({ layers: [{ kind: 'dense', units: 2, initializer: { kind: 'constructor' } }] }),
    "loadTrainer: layers[0].initializer: kind must be one of 'he', 'glorot', 'lecun', 'zeros', got \"a b\"": () =>
      load({ layers: [{ kind: 'dense', units: 2, initializer: { kind: 'a b' } }] }),
    'loadTrainer: layers must hold at least one layer': () => load({ layers: [] }),
    'loadTrainer: layers[0]: dense: units must be a positive integer, got 0': () =>
      load({ layers: [{ kind: 'dense', units: 0, initializer: { kind: 'he' } }] }),
    "loadTrainer: optimizer: sgd: unknown option 'speed'; known: learningRate, momentum, nesterov, weightDecay": () =>
      load({ optimizer: { kind: 'sgd', learningRate: 1, speed: 2 } }),
    'loadTrainer: batchSize must be a positive integer, got null': () => load({ batchSize: null }),
    [tooLarge(1e9, 68e9, 2 ** 30)]: () => load({ batchSize: 1e9 }),
    [tooLarge(1e15, 68e15, 2 ** 30)]: () => load({ batchSize: 1e15 }),
    [tooLarge(1000, 68_000, 67_999)]: () => load({ batchSize: 1000 }, 67_999),
    'loadTrainer: input[0] must be a positive integer, got a Object': () => load({ input: [{ size: 2 }] }),
    "loadTrainer: 'dense0.w' must have the shape [3, 4], got [2, 4]": () => load({ input: [3] }),
  },
  { prefix: 'EngineError of kind format: ', say: untouched(counting) },
);

test('a batch that needs more memory than a file of its size may ask for is loaded when told so', async () => {
  using trainer = await load({ batchSize: 1000 }, 68_000);
  expect(trainer.stepsTaken).toBe(0);
  await expect(load({}, 0)).rejects.toThrow(new RangeError('loadTrainer: memory must be a number >= 1, got 0'));
});
