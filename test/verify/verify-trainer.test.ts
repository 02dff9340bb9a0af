import { describe, expect, test } from 'vitest';
import { GpuEngine } from '../../src/gpu/engine.js';
import { KERNELS } from '../../src/kernels/every-kernel.js';
import { relu, tanh as tanhLayer } from '../../src/nn/activations.js';
import { dense } from '../../src/nn/dense.js';
import { dropout } from '../../src/nn/dropout.js';
import { l2 } from '../../src/nn/l2.js';
import { sequential } from '../../src/nn/layer.js';
import { meanSquaredError, softmaxCrossEntropy } from '../../src/nn/losses.js';
import { adam, sgd } from '../../src/nn/optimizers.js';
import { tanhOp } from '../../src/ops/activations.js';
import { type ElementwiseOp, tanh } from '../../src/ops/index.js';
import { createTrainer } from '../../src/train/create-trainer.js';
import type { Trainer } from '../../src/train/trainer.js';
import type { TrainerOptions } from '../../src/train/trainer-options.js';
import type { Report } from '../../src/verify/report.js';
import { verify } from '../../src/verify/verify.js';
import { failureOf } from '../gpu/failure-of.js';
import { sharedEngine } from '../gpu/stored.js';
import { Random } from '../ops/random.js';
import { NETWORKS } from '../steps/networks.js';
import { countingDevice } from '../train/counting-device.js';

const engine = await sharedEngine();

const model = sequential([dense(17), relu(), dropout(0.5), dense(5)]);
const options: TrainerOptions = {
  input: [7],
  batchSize: 12,
  loss: softmaxCrossEntropy(),
  optimizer: adam(),
  regularizer: l2(1e-3),
  seed: 3,
};
const sections = ['gradients', 'steps'] as const;

/** A trainer, some steps into its training. */
async function trained(changes: Partial<TrainerOptions> = {}): Promise<Trainer> {
  const trainer = await createTrainer(engine, model, { ...options, ...changes });
  const random = new Random(1);
  for (let step = 0; step < 5; step++) {
    trainer.step({ x: random.floats(7 * 12), y: Uint32Array.from({ length: 12 }, (_, i) => i % 5) });
  }
  await trainer.metrics();
  return trainer;
}

describe("a trainer's own model", () => {
  test('holds, and the trainer is as before', async () => {
    const trainer = await trained();
    const before = await trainer.save();
    const report = await verify(trainer, { sections, seed: 1 });
    expect(report.verdict).toMatch(/^holds: 7 checks/);
    expect(report.checks.map(({ section, name }) => `${section} ${name}`)).toEqual([
      'gradients dense0.w',
      'gradients dense0.b',
      'gradients dense1.w',
      'gradients dense1.b',
      'steps step 0 (12 of 12 rows)',
      expect.stringMatching(/^steps step 1 \(\d+ of 12 rows\)$/),
      'steps step 2 (12 of 12 rows)',
    ]);
    for (const check of report.checks.slice(4))
      expect(check.notes[0]).toMatch(/^float64 that runs on freely is off by /);
    expect(await trainer.save()).toEqual(before);
    const twin = await trained();
    for (const each of [trainer, twin]) {
      each.step({ x: new Float32Array(7 * 12).fill(0.5), y: new Uint32Array(12) });
      await each.metrics();
    }
    expect(await trainer.weights()).toEqual(await twin.weights());
    trainer.dispose();
    twin.dispose();
  });

  test('can be checked on rows of the caller', async () => {
    const trainer = await trained();
    const batch = { x: new Random(9).floats(7 * 4), y: Uint32Array.of(0, 1, 2, 4) };
    const report = await verify(trainer, { sections: ['steps'], steps: 1, batch, members: 1 });
    expect(report.checks.map(({ name, passed }) => [name, passed])).toEqual([['step 0 (4 of 12 rows)', true]]);
    await expect(verify(trainer, { batch: { ...batch, y: Uint32Array.of(0, 1, 2, 5) } })).rejects.toThrow(
      'verify: y must hold integers in [0, 4], got 5 at row 3',
    );
    for (const [wrong, message] of [
      [null, 'verify: batch: options must be an object, got null'],
      [{ ...batch, rows: 1 }, "verify: batch: unknown option 'rows'; known: x, y"],
    ] as const) {
      await expect(verify(trainer, { batch: wrong as never })).rejects.toThrow(message);
    }
    trainer.dispose();
  });

  test('what there is no time for is told, and is no success', async () => {
    const trainer = await trained();
    const report = await verify(trainer, { sections, steps: 2000, seconds: 1 });
    expect(report.checks.length + report.omitted.length).toBe(4 + 2000);
    expect(report.omitted.length).toBeGreaterThan(0);
    expect(report.verdict).toMatch(/; not checked: (gradient of |step \d+ )/);
    trainer.dispose();
  });

  test('takes no memory of the device for good', async () => {
    const { device, live } = await countingDevice();
    const counted = new GpuEngine(device, false, { kernels: KERNELS });
    const trainer = await createTrainer(counted, sequential([dense(3)]), options);
    await verify(trainer, { sections, quick: true });
    const before = live.size;
    await verify(trainer, { sections, quick: true });
    const controller = new AbortController();
    const onProgress = ({ section }: { section: string }) => section === 'gradients' && controller.abort();
    await failureOf(() => verify(trainer, { sections, signal: controller.signal, onProgress }));
    expect(live.size).toBe(before);
    trainer.dispose();
    device.destroy();
  });

  test('a training that overflows is no wrong GPU', async () => {
    const trainer = await createTrainer(engine, model, { ...options, optimizer: sgd({ learningRate: 1e38 }) });
    const batch = { x: new Random(2).floats(7 * 12, 1e4, 2e4), y: new Uint32Array(12) };
    const report = await verify(trainer, { sections: ['steps'], steps: 1, batch });
    expect(report.checks.map(({ passed }) => passed)).toEqual([true]);
    expect(report.checks[0].notes.join()).toMatch(/elements may overflow float32 and are not checked/);
    trainer.dispose();
  });

  test.each([
    'gelu and dropout, AdamW',
    'leaky relu and dropout, SGDW, penalised biases',
    'dropout of the input and of linear layers, no biases, soft targets',
    'binary cross-entropy, warm-up and decay',
  ])('holds for %s', async (name) => {
    const { layers, loss, optimizer, regularizer, rows, cols } = NETWORKS[name];
    const trainer = await createTrainer(engine, sequential(layers), {
      input: [cols],
      batchSize: rows,
      loss,
      optimizer,
      ...(regularizer && { regularizer }),
    });
    const report = await verify(trainer, { sections, quick: true, seed: 2 });
    expect(report.checks.flatMap(({ problems }) => problems)).toEqual([]);
    expect(report.passed).toBe(true);
    trainer.dispose();
  });

  test('is not checked where it has diverged', async () => {
    const hot = await createTrainer(engine, model, { ...options, optimizer: sgd({ learningRate: 1e38 }) });
    for (let step = 0; step < 3; step++) {
      hot.step({ x: new Random(1).floats(7 * 12), y: Uint32Array.from({ length: 12 }, (_, i) => i % 5) });
    }
    const { kind, message } = await failureOf(() => verify(hot, { sections }));
    expect(kind).toBe('diverged');
    expect(message).toMatch(/^verify: dense\d\.[wb] is not finite; read metrics\(\) first$/);
    hot.dispose();
  });

  test('is refused after its end', async () => {
    const trainer = await trained();
    trainer.dispose();
    expect((await failureOf(() => verify(trainer))).kind).toBe('disposed');
  });
});

/** Trains and verifies a network with tanh in it while the op has another gradient rule. */
async function verifyWith(gradient: ElementwiseOp['gradient']): Promise<Report> {
  const own = tanhOp.gradient;
  Object.assign(tanhOp, { gradient });
  try {
    const trainer = await createTrainer(engine, sequential([dense(6), tanhLayer(), dense(2)]), {
      input: [4],
      batchSize: 9,
      loss: meanSquaredError(),
      optimizer: sgd({ learningRate: 0.1 }),
    });
    const report = await verify(trainer, { sections, seed: 4 });
    trainer.dispose();
    return report;
  } finally {
    Object.assign(tanhOp, { gradient: own });
  }
}

test.each([
  ['right', tanhOp.gradient, true],
  ['wrong', (dy: Parameters<NonNullable<typeof tanhOp.gradient>>[0]) => [tanh(dy)], false],
] as const)('a gradient rule that is %s: central differences tell', async (_, gradient, right) => {
  const report = await verifyWith(gradient);
  const failed = report.checks.filter(({ passed }) => !passed);
  expect(failed.map(({ section, name }) => `${section} ${name}`)).toEqual(
    right ? [] : ['gradients dense0.w', 'gradients dense0.b'],
  );
  if (!right)
    expect(failed[0].problems[0]).toMatch(/^slope of dense0\.w along direction 0, by central differences\[0, 0\] is /);
});
