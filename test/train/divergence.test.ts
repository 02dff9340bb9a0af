import { describe, expect, test } from 'vitest';
import { adam, EngineError, loadTrainer, type Optimizer, sgd, type Trainer } from '../../src/index.js';
import { divide, multiply, sqrt, subtract, sumRows } from '../../src/ops.js';
import { complaint } from './complaint.js';
import { batch, create, message, OVERFLOW, ROWS, steep } from './diverging.js';
import { ENGINES } from './engines.js';

/** Takes steps, each read, until an error. */
async function stepUntilError(trainer: Trainer): Promise<EngineError> {
  for (let step = 0; step < 100; step++) {
    trainer.step(batch(step));
    const error = await trainer.metrics().catch((caught) => caught);
    if (error instanceof EngineError) return error;
  }
  throw new Error('test: nothing diverged');
}

describe.each(ENGINES)('on %s', (_, engine) => {
  test('the message names tensor and step, the state is the last good one, and training goes on from it', async () => {
    const trainer = await create(engine);
    for (let step = 0; step < 16; step++) trainer.step(batch(step));
    const good = await trainer.save();
    for (let step = 16; step < 36; step++) trainer.step(batch(step));
    await trainer.metrics();
    trainer.set({ learningRate: OVERFLOW });
    trainer.step(steep);
    trainer.step(batch(37));
    expect(await complaint(() => trainer.metrics())).toBe(message('dense0.w', 36, 16));
    expect(trainer.stepsTaken).toBe(16);
    const loaded = await loadTrainer(engine, good);
    expect(await trainer.weights()).toEqual(await loaded.weights());
    for (const each of [trainer, loaded])
      expect([each.set({ learningRate: 0.1 }), each.step(batch(16))]).toEqual([16, 16]);
    expect(await trainer.metrics()).toEqual(await loaded.metrics());
    expect(await trainer.save()).toEqual(await loaded.save());
  });

  test.each<[string, Optimizer, number]>([
    ['sgd', sgd({ learningRate: 1000 }), 1],
    ['momentum', sgd({ learningRate: 1000, momentum: 0.9 }), 2],
    ['adam', adam({ learningRate: 1000 }), 5],
  ])('a learning rate of 1000 diverges with %s', async (_, optimizer, layers) => {
    const trainer = await create(engine, optimizer, layers);
    const error = await stepUntilError(trainer);
    const found = /^training: (\S+) is not finite after step (\d+); the trainer is back at step (\d+), /.exec(
      error.message,
    );
    expect(error.kind).toBe('diverged');
    const [, tensor, step, back] = found ?? [];
    expect(tensor).toMatch(/^(loss|dense\d\.[wb](\.\w+)?)$/);
    expect(Number(step)).toBeLessThan(32); // no window was followed by a good one
    expect(back).toBe('0');
    expect(trainer.stepsTaken).toBe(0);
    expect(await trainer.save()).toEqual(await (await create(engine, optimizer, layers)).save());
  });

  test('an update that divides by a row of its own is finite, whatever the pads of its rows hold', async () => {
    // Every column of the new weights has the length 1; the pads of the row of lengths are 0.
    const ofUnitLength: Optimizer = {
      kind: 'ofUnitLength',
      options: {},
      update: (gradients) =>
        gradients.map(({ parameter: { tensor }, gradient }) => {
          const value = subtract(tensor, gradient);
          return { state: tensor, value: divide(value, sqrt(sumRows(multiply(value, value)))) };
        }),
    };
    const trainer = await create(engine, ofUnitLength, 2);
    for (let step = 0; step < 3; step++) trainer.step(batch(step));
    expect((await trainer.metrics()).steps).toHaveLength(3);
    const [{ data }] = await trainer.weights();
    for (const column of [0, 1, 2, 3])
      expect(Math.hypot(...[0, 1, 2].map((row) => data[4 * row + column]))).toBeCloseTo(1, 5);
  });

  test('huge inputs leave nothing behind, not even in the rows of a short batch', async () => {
    // Hidden units overflow, and 0 · Infinity in a product over the rows would be NaN.
    const [trainer, fresh] = [await create(engine, undefined, 2), await create(engine, undefined, 2)];
    trainer.step(batch(0, 3e38));
    expect(await complaint(() => trainer.metrics())).toBe(message('loss', 0, 0));
    for (const each of [trainer, fresh]) expect(each.step(batch(1, 1, 1))).toBe(0);
    expect(await trainer.metrics()).toEqual(await fresh.metrics());
    expect(await trainer.weights()).toEqual(await fresh.weights());
  });

  test('reads under way at the same time fail alike, and none keeps what followed', async () => {
    const [trainer, fresh] = [await create(engine), await create(engine)];
    trainer.step(batch(0));
    await trainer.metrics();
    // Only the loss overflows: with a rate of 0 the weights stay, and the steps after it are clean.
    trainer.set({ learningRate: 0 });
    trainer.step({ ...batch(1), y: new Float32Array(ROWS).fill(1e30) });
    const first = trainer.metrics();
    trainer.set({ learningRate: 0.1 });
    trainer.step(batch(2));
    const reads = await Promise.all([first, trainer.metrics()].map((each) => complaint(() => each)));
    expect(reads).toEqual([message('loss', 1, 0), message('loss', 1, 0)]);
    for (const each of [trainer, fresh]) expect(each.step(batch(3))).toBe(0);
    expect((await trainer.metrics()).steps.map(({ step }) => step)).toEqual([0]);
    expect(await trainer.weights()).toEqual(await fresh.weights());
  });

  test('save refuses what is not finite', async () => {
    const trainer = await create(engine);
    const before = await trainer.save();
    trainer.set({ learningRate: OVERFLOW });
    trainer.step(steep);
    expect(await complaint(() => trainer.save())).toBe(message('dense0.w', 0, 0));
    trainer.set({ learningRate: 0.1 });
    expect(await trainer.save()).toEqual(before);
  });
});
