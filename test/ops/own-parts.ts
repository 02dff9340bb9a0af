import { expect } from 'vitest';
import { dense } from '../../src/nn/dense.js';
import { type Layer, sequential } from '../../src/nn/layer.js';
import { meanSquaredError } from '../../src/nn/losses.js';
import { sgd } from '../../src/nn/optimizers.js';
import type { OpDefinition } from '../../src/ops/define-op.js';
import { abs, add, constant, divide, multiply } from '../../src/ops.js';
import { createReferenceEngine } from '../../src/reference/reference-engine.js';
import { createTrainer } from '../../src/train/create-trainer.js';
import { verify } from '../../src/verify/verify.js';
import { sharedEngine } from '../gpu/stored.js';

/** x / (1 + |x|), an op that is not the library's. */
export const SOFTSIGN: OpDefinition = {
  name: 'softsign',
  wgsl: 'fn softsign(x: vec4f) -> vec4f { return x / (1.0 + abs(x)); }',
  value: (x) => x / (1 + Math.abs(x)),
  gradient(dy, _y, [x]) {
    const d = add(abs(x), constant(x.trace, 1));
    return [divide(dy, multiply(d, d))];
  },
  ulps: 5,
};

/** Options of the trainer of `modelWith`. */
export const OPTIONS = { input: [5], batchSize: 8, loss: meanSquaredError(), optimizer: sgd(), seed: 4 };

/** Returns a small model with a layer between its dense ones. */
export const modelWith = (layer: Layer) => sequential([dense(9), layer, dense(2)]);

/** Expects that a model with the layer trains on the GPU as on the reference for five steps, and that `verify` holds. */
export async function expectTrainsAlike(layer: Layer): Promise<void> {
  const batch = {
    x: Float32Array.from({ length: 40 }, (_, i) => Math.sin(i)),
    y: Float32Array.from({ length: 16 }, (_, i) => Math.cos(i)),
  };
  using trainer = await createTrainer(await sharedEngine(), modelWith(layer), OPTIONS);
  using reference = await createTrainer(createReferenceEngine(), modelWith(layer), OPTIONS);
  for (const each of [trainer, reference]) for (let i = 0; i < 5; i++) each.step(batch);
  const [gpu, cpu] = [await trainer.metrics(), await reference.metrics()];
  expect(gpu.steps).toHaveLength(5);
  for (const [i, { loss }] of gpu.steps.entries()) expect(loss).toBeCloseTo(cpu.steps[i].loss, 5);
  const report = await verify(trainer, { sections: ['gradients', 'steps'], seed: 1 });
  expect(report.verdict).toMatch(/^holds: /);
}
