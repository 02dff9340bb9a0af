import { describe, expect, test } from 'vitest';
import {
  adamw,
  binaryCrossEntropy,
  createTrainer,
  dense,
  dropout,
  gelu,
  l2,
  leakyRelu,
  loadModel,
  meanSquaredError,
  predictSamples,
  relu,
  sequential,
  softmaxCrossEntropy,
  softTargetCrossEntropy,
  tanh,
} from '../../src/index.js';
import { ENGINES } from './engines.js';

const numbers = (count: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(i * i));

describe.each(ENGINES)('on %s', (name, engine) => {
  const LAYERS = [
    dense(37),
    relu(),
    dropout(0.3),
    dense(19, { bias: false }),
    leakyRelu(0.2),
    dense(5),
    gelu(),
    tanh(),
  ];
  const LOSSES = [meanSquaredError(), softmaxCrossEntropy(), softTargetCrossEntropy(), binaryCrossEntropy()];
  test.each(LOSSES.map((loss) => [loss.kind, loss] as const))(
    '%s: predict gives the bits of the trainer',
    async (_, loss) => {
      const model = sequential([...LAYERS, dense(3)]);
      const options = { input: [2, 3], loss, optimizer: adamw(), regularizer: l2(0.01), seed: 2n ** 60n };
      using trainer = await createTrainer(engine, model, { ...options, batchSize: 5 });
      const classes = loss.targets === 'classes';
      trainer.step({
        x: numbers(30),
        y: classes
          ? Uint32Array.of(0, 1, 2, 1, 0)
          : Float32Array.from({ length: 15 }, (_, i) => [0.5, 0.25, 0.25][i % 3]),
      });
      trainer.set({ slope: 0.4, dropout: 0.6 });
      for (const weightsOnly of [false, true]) {
        using loaded = await loadModel(engine, await trainer.save({ weightsOnly }));
        for (const rows of [1, 8, name === 'the GPU' ? 600 : 19]) {
          const x = numbers(rows * 6);
          expect(await loaded.predict(x)).toEqual(await trainer.predict(x));
        }
        const x = numbers(12);
        expect(await loaded.predictSamples(x, { samples: 3 })).toEqual(
          await predictSamples(trainer, x, { samples: 3 }),
        );
        expect(await loaded.weights()).toEqual(await trainer.weights());
      }
    },
  );
});
