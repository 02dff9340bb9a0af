import { beforeAll, describe, expect, test } from 'vitest';
import {
  adam,
  type Batch,
  createTrainer,
  dataset,
  dense,
  type Engine,
  EngineError,
  loadTrainer,
  meanSquaredError,
  type Optimizer,
  sequential,
  sgd,
  type Trainer,
} from '../../src/index.js';
import { permutation } from '../../src/random/permutation.js';
import { seedKey } from '../../src/random/seed.js';
import { complaint } from './complaint.js';
import { ENGINES } from './engines.js';

const ROWS = 4;
const batch = (seed: number, scale = 1, rows = ROWS) => ({
  x: Float32Array.from({ length: rows * 3 }, (_, i) => scale * Math.sin(seed + i * i)),
  y: Float32Array.from({ length: rows }, (_, i) => Math.cos(seed + i)),
});
/** A gradient in the hundreds, and a rate with which its update overflows at once. */
const steep = { ...batch(3), y: new Float32Array(ROWS).fill(100) };
const OVERFLOW = 3e38;

const message = (what: string, step: number, back: number) =>
  `EngineError of kind diverged: training: ${what} is not finite after step ${step}; the trainer is back at step ${back}, lower the learning rate and go on`;

/** Takes steps, each read, until an error. */
async function stepUntilError(trainer: Trainer): Promise<EngineError> {
  for (let step = 0; step < 100; step++) {
    trainer.step(batch(step));
    const error = await trainer.metrics().catch((caught) => caught);
    if (error instanceof EngineError) return error;
  }
  throw new Error('test: nothing diverged');
}

describe.each(ENGINES)('on %s', (_, createEngine) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createEngine();
  });
  /** Layers without activation, so that a large rate grows without bound. */
  const create = (optimizer: Optimizer = sgd({ learningRate: 0.1 }), layers = 1) =>
    createTrainer(engine, sequential(Array.from({ length: layers }, (_, i) => dense(i === layers - 1 ? 1 : 4))), {
      input: [3],
      batchSize: ROWS,
      loss: meanSquaredError(),
      optimizer,
    });

  test('the message names tensor and step, the state is the last good one, and training goes on from it', async () => {
    const trainer = await create();
    for (let step = 0; step < 3; step++) trainer.step(batch(step));
    await trainer.metrics();
    const good = await trainer.save();
    trainer.set({ learningRate: OVERFLOW });
    trainer.step(steep);
    trainer.step(batch(4));
    expect(await complaint(() => trainer.metrics())).toBe(message('dense0.w', 3, 3));
    expect(trainer.stepsTaken).toBe(3);
    const loaded = await loadTrainer(engine, good);
    expect(await trainer.weights()).toEqual(await loaded.weights());
    for (const each of [trainer, loaded])
      expect([each.set({ learningRate: 0.1 }), each.step(batch(3))]).toEqual([3, 3]);
    expect(await trainer.metrics()).toEqual(await loaded.metrics());
    expect(await trainer.save()).toEqual(await loaded.save());
  });

  test.each<[string, Optimizer, number]>([
    ['sgd', sgd({ learningRate: 1000 }), 1],
    ['momentum', sgd({ learningRate: 1000, momentum: 0.9 }), 2],
    ['adam', adam({ learningRate: 1000 }), 5],
  ])('a learning rate of 1000 diverges with %s', async (_, optimizer, layers) => {
    const trainer = await create(optimizer, layers);
    const error = await stepUntilError(trainer);
    const found = /^training: (\S+) is not finite after step (\d+); the trainer is back at step (\d+), /.exec(
      error.message,
    );
    expect(error.kind).toBe('diverged');
    const [, tensor, step, back] = found ?? [];
    expect(tensor).toMatch(/^(loss|dense\d\.[wb](\.\w+)?)$/);
    expect(step).toBe(back); // every step was read
    expect(trainer.stepsTaken).toBe(Number(back));
    const twin = await create(optimizer, layers);
    for (let i = 0; i < Number(back); i++) twin.step(batch(i));
    expect(await trainer.save()).toEqual(await twin.save());
  });

  test('fit stops, and stands where the steps before led', async () => {
    const all = batch(0, 1, 40);
    const data = dataset({ ...all, features: 3 });
    const trainer = await create(sgd({ learningRate: 1000 }));
    const run = async () => {
      for await (const _ of trainer.fit(data, { epochs: 5 }));
    };
    expect(await complaint(run)).toMatch(/^EngineError of kind diverged: training: /);
    const steps = trainer.stepsTaken;
    expect(steps).toBeLessThan(20);
    const twin = await create(sgd({ learningRate: 1000 }));
    const key = seedKey('test', 'seed', 0);
    const order = [0, 1].flatMap((epoch) => [...permutation(40, key, epoch)]);
    for (let step = 0; step < steps; step++) {
      const rows = order.slice(step * ROWS, (step + 1) * ROWS);
      const x = Float32Array.from(rows.flatMap((row) => [...all.x.subarray(row * 3, row * 3 + 3)]));
      twin.step({ x, y: Float32Array.from(rows, (row) => all.y[row]) });
    }
    expect(await trainer.weights()).toEqual(await twin.weights());
    trainer.set({ learningRate: 0.01 });
    for await (const { epoch } of trainer.fit(data, { epochs: 1 })) expect(epoch).toBe(Math.floor(steps / 10) + 1);
    expect(trainer.stepsTaken).toBe(10 * (Math.floor(steps / 10) + 1));
  });

  test('huge inputs leave nothing behind, not even in the rows of a short batch', async () => {
    const [trainer, fresh] = [await create(), await create()];
    trainer.step(batch(0, 1e30));
    expect(await complaint(() => trainer.metrics())).toBe(message('loss', 0, 0));
    for (const each of [trainer, fresh]) expect(each.step(batch(1, 1, 1))).toBe(0);
    expect(await trainer.metrics()).toEqual(await fresh.metrics());
    expect(await trainer.weights()).toEqual(await fresh.weights());
  });

  test('reads under way at the same time fail alike, and none keeps what followed', async () => {
    const [trainer, twin] = [await create(), await create()];
    for (const each of [trainer, twin]) each.step(batch(0));
    await trainer.metrics();
    // Only the loss overflows: with a rate of 0 the weights stay, and the steps after it are clean.
    trainer.set({ learningRate: 0 });
    trainer.step({ ...batch(1), y: new Float32Array(ROWS).fill(1e30) });
    const first = trainer.metrics();
    trainer.set({ learningRate: 0.1 });
    trainer.step(batch(2));
    const reads = await Promise.all([first, trainer.metrics()].map((each) => complaint(() => each)));
    expect(reads).toEqual([message('loss', 1, 1), message('loss', 1, 1)]);
    for (const each of [trainer, twin]) expect(each.step(batch(3))).toBe(1);
    expect((await trainer.metrics()).steps.map(({ step }) => step)).toEqual([1]);
    expect(await trainer.weights()).toEqual(await twin.weights());
  });

  test('save refuses what is not finite, and a loop that is left tells what its last steps did', async () => {
    const trainer = await create();
    const before = await trainer.save();
    trainer.set({ learningRate: OVERFLOW });
    trainer.step(steep);
    expect(await complaint(() => trainer.save())).toBe(message('dense0.w', 0, 0));
    trainer.set({ learningRate: 0.1 });
    expect(await trainer.save()).toEqual(before);
    // The first batch is fine, all others overflow.
    const all = batch(0, 1, 40);
    const data = dataset({ x: all.x.map((x, i) => (i < ROWS * 3 ? x : 1e30)), y: all.y, features: 3 });
    const leave = async () => {
      for await (const report of trainer.fit(data, { epochs: 1, shuffle: false, steps: true })) {
        expect(report).toMatchObject({ step: 0, stepInEpoch: 1 });
        break;
      }
    };
    expect(await complaint(leave)).toBe(message('loss', 1, 1));
    expect(trainer.stepsTaken).toBe(1);
    const next: Batch = batch(1);
    expect(trainer.step(next)).toBe(1);
    expect((await trainer.metrics()).steps).toHaveLength(1);
  });
});
