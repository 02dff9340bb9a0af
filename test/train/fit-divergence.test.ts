import { describe, expect, test } from 'vitest';
import { type Batch, dataset, sgd } from '../../src/index.js';
import { permutation } from '../../src/random/permutation.js';
import { seedKey } from '../../src/random/seed.js';
import { complaint } from './complaint.js';
import { batch, create, message, ROWS } from './diverging.js';
import { ENGINES } from './engines.js';

describe.each(ENGINES)('on %s', (_, engine) => {
  test('fit stops, and stands where the steps before led', async () => {
    const all = batch(0, 1, 40);
    const data = dataset({ ...all, features: 3 });
    const trainer = await create(engine, sgd({ learningRate: 1000 }));
    const run = async () => {
      for await (const _ of trainer.fit(data, { epochs: 5 }));
    };
    expect(await complaint(run)).toMatch(/^EngineError of kind diverged: training: /);
    const steps = trainer.stepsTaken;
    expect(steps).toBeLessThan(20);
    const twin = await create(engine, sgd({ learningRate: 1000 }));
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

  test.each([
    ['x holds -1e+12 at row 2, column 1; standardise each column', { at: 7, to: -1e12 }, 1],
    ['y holds 1e+20 at row 3, column 0; standardise each column', { row: 3, to: 1e20 }, 1],
    ['the learning rate, which is 3e+30', {}, 3e30],
  ])(
    'the likely cause is told: %s',
    async (cause, { at, row, to = 0 }: { at?: number; row?: number; to?: number }, rate) => {
      const { x, y } = batch(0, 1, 40);
      if (at !== undefined) x[at] = to;
      if (row !== undefined) y[row] = to;
      using trainer = await create(engine, sgd({ learningRate: rate }));
      const said = await complaint(async () => trainer.fit(dataset({ x, y, features: 3 }), { epochs: 50 }));
      expect(said).toContain(`go on. The likely cause: ${cause}`);
    },
  );

  test('a loop that is left tells what its last steps did', async () => {
    const trainer = await create(engine);
    // The first batch is fine, all others overflow.
    const all = batch(0, 1, 40);
    const data = dataset({ x: all.x.map((x, i) => (i < ROWS * 3 ? x : 1e30)), y: all.y, features: 3 });
    const leave = async () => {
      for await (const report of trainer.fit(data, { epochs: 1, shuffle: false, steps: true })) {
        expect(report).toMatchObject({ step: 0, stepInEpoch: 1 });
        break;
      }
    };
    expect(await complaint(leave)).toBe(
      `${message('loss', 1, 0)}. The likely cause: x holds 1e+30 at row 4, column 0; standardise each column: subtract its mean, divide by its deviation`,
    );
    expect(trainer.stepsTaken).toBe(0);
    const next: Batch = batch(1);
    expect(trainer.step(next)).toBe(0);
    expect((await trainer.metrics()).steps).toHaveLength(1);
  });
});
