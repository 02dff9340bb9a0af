import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test, vi } from 'vitest';
import { GpuProgram } from '../../src/gpu/gpu-program.js';
import {
  adam,
  createEngine,
  createPopulation,
  createTrainer,
  dataset,
  dense,
  dropout,
  type Engine,
  EngineError,
  relu,
  sequential,
  softmaxCrossEntropy,
} from '../../src/index.js';
import { sessionOf } from '../../src/train/trainer.js';
import { autotune, logUniform, random, search } from '../../src/tune.js';
import { verify, verifyEngine } from '../../src/verify.js';
import { countedEngine } from '../train/counting-device.js';

const FEATURES = 5;
const numbers = (count: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(i * i));
const batch = { x: numbers(4 * FEATURES), y: Uint32Array.of(0, 1, 2, 1) };
const makeData = (examples: number) =>
  dataset({ x: numbers(examples * FEATURES), y: Uint32Array.from({ length: examples }, (_, i) => i % 3), features: 5 });
const data = makeData(40);
const model = sequential([dense(8), relu(), dropout(0.5), dense(3)]);
const options = { input: [FEATURES], batchSize: 4, loss: softmaxCrossEntropy(), optimizer: adam() };

const { counting } = await countedEngine();

/** Work on an engine that takes many turns, by name. */
const WORK: Readonly<Record<string, (engine: Engine) => Promise<unknown>>> = {
  'creating a trainer': (engine) => createTrainer(engine, model, options),
  'a fit': async (engine) => {
    const trainer = await createTrainer(engine, model, options);
    for await (const _ of trainer.fit(data, { epochs: 20, validation: data, earlyStopping: { patience: 9 } }));
  },
  'a population that is extended': async (engine) => {
    const population = await createPopulation(engine, model, { ...options, members: [{}, {}] });
    for (let i = 0; i < 3; i++) await population.extend([{ from: 0 }]);
    await population.evaluate(data);
  },
  'verifying a trainer': async (engine) => {
    const trainer = await createTrainer(engine, model, options);
    await verify(trainer, { quick: true, sections: ['gradients', 'steps', 'randomness'] });
  },
  'verifying the engine': (engine) => verifyEngine(engine, { quick: true, sections: ['kernels'] }),
  autotuning: (engine) => autotune(engine, model, options),
  'a search': (engine) =>
    (async () => {
      const space = { learningRate: logUniform(0.01, 0.2) };
      const more = { space, strategy: random(), population: 3, budget: { epochs: 3 }, seed: 1 };
      for await (const _ of search(engine, model, { ...options, ...more, train: data, validation: data }));
    })(),
};

describe.each(Object.entries(WORK))('on a device of the caller, disposed during %s,', (_, work) => {
  // Buffers after whose making the engine is disposed of, which is in the middle of something.
  test.each([1, 20, 50])('after buffer %i, the engine leaves no buffer', async (count) => {
    const before = counting.live.size;
    const engine = await createEngine({ device: counting.device });
    const made = counting.counts.buffers;
    const working = work(engine).catch((error: unknown) => error);
    let done = false;
    void working.then(() => {
      done = true;
    });
    while (!done && counting.counts.buffers < made + count) await new Promise((resolve) => setTimeout(resolve));
    const ended = done;
    engine.dispose();
    const error = await working;
    if (!ended) expect(error).toMatchObject({ kind: 'disposed', message: 'engine: it was disposed; create a new one' });
    else if (error instanceof EngineError) throw error;
    // What ran beside it frees its buffers in the turns that follow.
    for (let turn = 0; turn < 1000 && counting.live.size > before; turn++)
      await new Promise((next) => setTimeout(next));
    expect(counting.live.size).toBe(before);
  });
});

test('the engine frees trainers that nobody disposed of, and disposing of them afterwards is harmless', async () => {
  const before = counting.live.size;
  const engine = await createEngine({ device: counting.device });
  const trainers = [await createTrainer(engine, model, options), await createTrainer(engine, model, options)];
  for (const trainer of trainers) {
    trainer.step(batch);
    await trainer.evaluate(data);
  }
  expect(counting.live.size).toBeGreaterThan(before);
  engine.dispose();
  expect(counting.live.size).toBe(before);
  for (const trainer of trainers) trainer.dispose();
  engine.dispose();
});

test('data sets that have left the cache leave no program behind', async () => {
  const programs: WeakRef<GpuProgram>[] = [];
  const create = vi.spyOn(GpuProgram, 'create');
  using engine = await createEngine({ device: counting.device });
  const trainer = await createTrainer(engine, model, options);
  const tensors: number[] = [];
  for (let i = 0; i < 12; i++) {
    for await (const _ of trainer.fit(makeData(8), { epochs: 1 }));
    tensors.push(sessionOf(trainer).model.trace.tensors.length);
  }
  expect(new Set(tensors.slice(5)).size).toBe(1);
  for (const { value } of create.mock.settledResults)
    if (value instanceof GpuProgram) programs.push(new WeakRef(value));
  create.mockRestore();
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  await new Promise((resolve) => setTimeout(resolve)); // a WeakRef holds its object to the end of the turn
  collect();
  const held = programs.filter((each) => each.deref());
  // Of 13 programs: the step, and those of the four data sets that stay.
  expect([programs.length, held.length]).toEqual([13, 5]);
});
