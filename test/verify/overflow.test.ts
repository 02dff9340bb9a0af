import { beforeAll, expect, test } from 'vitest';
import type { GpuEngine } from '../../src/gpu/engine.js';
import { gelu, relu } from '../../src/nn/activations.js';
import { dense } from '../../src/nn/dense.js';
import { dropout } from '../../src/nn/dropout.js';
import { l2 } from '../../src/nn/l2.js';
import { sequential } from '../../src/nn/layer.js';
import { meanSquaredError, softmaxCrossEntropy } from '../../src/nn/losses.js';
import { adamw, sgd } from '../../src/nn/optimizers.js';
import { createTrainer } from '../../src/train/create-trainer.js';
import { sessionOf, type Trainer } from '../../src/train/trainer.js';
import type { Report } from '../../src/verify/report.js';
import { verify } from '../../src/verify/verify.js';
import { sharedEngine } from '../gpu/stored.js';
import { mutantEngine } from '../mutation/mutant-engine.js';
import { Random } from '../ops/random.js';

let engine: GpuEngine;
beforeAll(async () => {
  engine = await sharedEngine();
});

const MAGNITUDES = [1e10, 1e19, 1e25, 1e30, 3e38];
const ROWS = 6;
const FEATURES = 5;
const OUTPUTS = 4;

const NETWORKS = {
  classifier: (on: GpuEngine) =>
    createTrainer(on, sequential([dense(5), relu(), dropout(0.5), dense(OUTPUTS)]), {
      input: [FEATURES],
      batchSize: ROWS,
      loss: softmaxCrossEntropy(),
      optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }),
      regularizer: l2(1e-3),
    }),
  regressor: (on: GpuEngine) =>
    createTrainer(on, sequential([dense(5), gelu(), dense(OUTPUTS)]), {
      input: [FEATURES],
      batchSize: ROWS,
      loss: meanSquaredError(),
      optimizer: adamw({ weightDecay: 0.1 }),
      regularizer: l2(1e-3),
    }),
} as const;
type Network = keyof typeof NETWORKS;

/** The part of a step that gets huge numbers. */
type Huge = 'all weights' | 'one weight' | 'inputs' | 'targets' | 'λ';

/** Verifies a step in which something is of a magnitude, and all else is ordinary. */
function verifyAt(trainer: Trainer, network: Network, huge: Huge, magnitude: number): Promise<Report> {
  const { model, executor } = sessionOf(trainer);
  const random = new Random(5);
  for (const { tensor } of model.parameters) {
    const limit = huge === 'all weights' ? magnitude : 0.5;
    const values = random.floats(tensor.rows * tensor.cols, -limit, limit);
    if (huge === 'one weight') values[1] = magnitude;
    executor.write(tensor, values);
  }
  trainer.set({ l2: huge === 'λ' ? magnitude : 1e-3 });
  const x = random.floats(FEATURES * ROWS, -1, 1).map((each) => (huge === 'inputs' ? each * magnitude : each));
  const y =
    network === 'classifier'
      ? Uint32Array.from({ length: ROWS }, (_, row) => row % OUTPUTS)
      : random.floats(OUTPUTS * ROWS, 0, 1).map((each) => (huge === 'targets' ? each * magnitude : each));
  const sections = ['gradients', 'steps'] as const;
  return verify(trainer, { sections, batch: { x, y }, steps: 2, members: 1, quick: true, seed: 2 });
}

test.each([
  ['classifier', ['all weights', 'one weight', 'inputs', 'λ']],
  ['regressor', ['all weights', 'one weight', 'inputs', 'targets', 'λ']],
] as const)('a right device is never called wrong near overflow: %s', async (network, kinds) => {
  const trainer = await NETWORKS[network](engine);
  for (const huge of kinds) {
    for (const magnitude of MAGNITUDES) {
      const report = await verifyAt(trainer, network, huge, magnitude);
      const where = `${huge} of ${magnitude}`;
      expect(
        report.checks.flatMap(({ problems }) => problems),
        where,
      ).toEqual([]);
      expect(report.passed, where).toBe(true);
      const unchecked = report.checks.reduce((sum, check) => sum + check.unchecked, 0);
      if (unchecked > 0) expect(report.verdict, where).toContain('elements may overflow float32 and are not checked');
    }
  }
  trainer.dispose();
});

test('a report of which most could not be checked says so', async () => {
  const trainer = await NETWORKS.regressor(engine);
  const report = await verifyAt(trainer, 'regressor', 'all weights', 3e38);
  expect(report.verdict).toMatch(
    /^holds in part: \d+ checks, [\d,]+ elements compared, .*; [\d,]+ elements may overflow float32 and are not checked, most of those of gradients, dense0\.w and \d+ other checks; not checked: step 1 \(6 of 6 rows\) \(the step before it overflows float32\)$/,
  );
  expect(`${report}`).toMatch(/^ {2}-- +dense0\.w +0 +not checked$/m);
  expect(`${report}`).toMatch(/^ {10}\d+ of \d+ elements may overflow float32 and are not checked, first of /m);
  expect(`${report}`).toContain('float64 that runs on freely is not compared: the GPU overflows float32');
  const { checks } = JSON.parse(JSON.stringify(report));
  expect(checks.every((check: { unchecked: number }) => check.unchecked > 0)).toBe(true);
  trainer.dispose();
});

const FAULTS = [
  ['classifier', 'select(x, vec4f(0), x < vec4f(0))', 'select(x * 0.999, vec4f(0), x < vec4f(0))'],
  ['classifier', 'return x + b;', 'return x + 1.01 * b;'],
] as const;

test.each(FAULTS)('a fault is told beside what may overflow: %s, %s', async (network, search, replacement) => {
  const mutant = mutantEngine(engine, (wgsl) => wgsl.replaceAll(search, replacement));
  const trainer = await NETWORKS[network](mutant);
  for (const magnitude of MAGNITUDES) {
    const { verdict, checks } = await verifyAt(trainer, network, 'one weight', magnitude);
    expect(verdict, `one weight of ${magnitude}`).toMatch(/^FAILS: /);
    expect(checks.flatMap(({ problems }) => problems).join(), `one weight of ${magnitude}`).toMatch(/times the bound/);
  }
  trainer.dispose();
});
