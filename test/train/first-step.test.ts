import { expect, test } from 'vitest';
import {
  createEngine,
  createTrainer,
  dataset,
  dense,
  l2,
  relu,
  sequential,
  sgd,
  softmaxCrossEntropy,
  type Trainer,
} from '../../src/index.js';
import { sessionOf } from '../../src/train/trainer.js';

const ROWS = 8;
const x = Float32Array.from({ length: 64 * 6 }, (_, i) => Math.sin(i));
const y = Uint32Array.from({ length: 64 }, (_, i) => i % 3);
const batch = { x: x.subarray(0, ROWS * 6), y: y.subarray(0, ROWS) };
/** Kernels that a trainer needs, but not its first step. */
const LATER = ['judge', 'keep', 'l2-penalty'];

/** A trainer on a new device, and the kernels that were compiled, asynchronously and at once. */
async function watched(): Promise<{ trainer: Trainer; compiled: string[]; atOnce: string[] }> {
  const device = await (await navigator.gpu.requestAdapter())?.requestDevice();
  if (!device) throw new Error('test: there is no device');
  const [compiled, atOnce]: string[][] = [[], []];
  const note = (into: string[], { label = '' }: GPUComputePipelineDescriptor) => into.push(label.split(' ')[1]);
  const [async, sync] = [device.createComputePipelineAsync.bind(device), device.createComputePipeline.bind(device)];
  device.createComputePipelineAsync = (descriptor) => {
    note(compiled, descriptor);
    return async(descriptor);
  };
  device.createComputePipeline = (descriptor) => {
    note(atOnce, descriptor);
    return sync(descriptor);
  };
  const trainer = await createTrainer(await createEngine({ device }), sequential([dense(5), relu(), dense(3)]), {
    input: [6],
    batchSize: ROWS,
    loss: softmaxCrossEntropy(),
    regularizer: l2(1e-2),
    optimizer: sgd({ learningRate: 0.1 }),
  });
  return { trainer, compiled, atOnce };
}

const end = (trainer: Trainer) => {
  const { device } = trainer.engine;
  trainer.dispose();
  device?.destroy();
};

test('createTrainer compiles what the first step needs; fit compiles the rest meanwhile, nothing at once', async () => {
  const { trainer, compiled, atOnce } = await watched();
  expect(compiled.filter((name) => LATER.includes(name))).toEqual([]);
  const ofStep = compiled.length;
  await trainer.fit(dataset({ x, y, features: 6, classes: 3 }), { epochs: 3 });
  expect(compiled.slice(ofStep).sort()).toEqual(['gather-labelled', ...LATER].sort());
  expect(atOnce).toEqual([]);
  end(trainer);
});

test('steps and metrics that do not wait for it make it at once, and measure the same', async () => {
  const [patient, hasty] = [await watched(), await watched()];
  patient.trainer.step(batch);
  const [first] = (await patient.trainer.metrics()).steps;
  await sessionOf(patient.trainer).executor.allCompiled();
  for (let step = 1; step < 40; step++) patient.trainer.step(batch);
  const { steps, penalty } = await patient.trainer.metrics();
  for (let step = 0; step < 40; step++) hasty.trainer.step(batch);
  expect(await hasty.trainer.metrics()).toEqual({ steps: [first, ...steps], penalty });
  expect([...new Set(hasty.atOnce)].sort()).toEqual(LATER);
  const good = [patient, hasty].map(({ trainer }) => sessionOf(trainer).executor.good.steps);
  expect(good).toEqual([16, 16]);
  for (const { trainer } of [patient, hasty]) end(trainer);
});
