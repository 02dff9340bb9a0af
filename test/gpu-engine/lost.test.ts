import { expect, test } from 'vitest';
import { createEngine, type Engine, loadTrainer, type Trainer } from '../../src/index.js';
import { sharedEngine } from '../gpu/stored.js';
import { THOROUGH } from '../laws/law.js';
import { complaint } from '../train/complaint.js';
import { countingDevice } from '../train/counting-device.js';
import { all, BATCH, DATA, smallTwin } from '../train/small-population.js';

const LOST =
  /^EngineError of kind lost: engine: the GPU device was lost \(destroyed(: [^)]*)?\); create a new engine and go on with loadTrainer\(engine, bytes\) from the last save$/;
const create = (engine: Engine) => smallTwin(engine, {});

async function setUp() {
  const { device, uncaught } = await countingDevice();
  const engine = await createEngine({ device });
  return { device, engine, uncaught, trainer: await create(engine) };
}

/** Returns what is thrown, or that nothing was within a minute. */
function soon(run: () => unknown): Promise<string> {
  return Promise.race([
    complaint(run),
    new Promise<string>((resolve) => setTimeout(() => resolve('it hangs'), 60_000)),
  ]);
}

const CALLS: readonly [name: string, call: (trainer: Trainer, engine: Engine) => Promise<unknown>][] = [
  ['metrics', (trainer) => trainer.metrics()],
  ['weights', (trainer) => trainer.weights()],
  ['save', (trainer) => trainer.save()],
  ['evaluate', (trainer) => trainer.evaluate(DATA)],
  ['predict', (trainer) => trainer.predict(BATCH.x)],
  ['fit', (trainer) => all(trainer.fit(DATA, { epochs: 3, validation: DATA }))],
  ['createTrainer', (_, engine) => create(engine)],
];

/** Makes every call at once, each on a trainer of its own with work under way. */
async function callAll(engine: Engine): Promise<() => Promise<string>[]> {
  const trainers = await Promise.all(CALLS.map(() => create(engine)));
  for (const trainer of trainers) trainer.step(BATCH);
  return () => CALLS.map(([, call], i) => soon(() => call(trainers[i], engine)));
}

async function expectLost(found: readonly Promise<string>[]): Promise<void> {
  for (const [i, message] of (await Promise.all(found)).entries()) expect(message, CALLS[i][0]).toMatch(LOST);
}

test('every call fails when the device is lost before, while and after it is made', async () => {
  const { device, engine, uncaught } = await setUp();
  const [first, second] = [await callAll(engine), await callAll(engine)];
  const during = first();
  device.destroy();
  const next = second(); // in the same tick, when nobody has told yet
  await expectLost(during);
  await expectLost(next);
  await expectLost(first());
  expect(uncaught).toEqual([]);
});

test.each(THOROUGH ? [0, 1, 5] : [1])(
  'every call fails when the device is lost %i ms into it',
  async (milliseconds) => {
    const { device, engine } = await setUp();
    const during = (await callAll(engine))();
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    device.destroy();
    // Some may have been done before.
    for (const found of await Promise.all(during)) if (found !== 'nothing') expect(found).toMatch(LOST);
  },
);

test('steps that are started on a lost device are never reported as numbers; step, set, fit and a new engine fail', async () => {
  const { device, engine, trainer } = await setUp();
  const other = await create(engine);
  device.destroy();
  for (let step = 0; step < 300; step++) other.step(BATCH); // nobody has told yet
  expect(await soon(() => other.metrics())).toMatch(LOST);
  await device.lost;
  const calls = [
    () => trainer.step(BATCH),
    () => trainer.set({ dropout: 0 }),
    () => trainer.fit(DATA, { epochs: 1 }),
    () => engine.createExecutor(),
    () => createEngine({ device }),
  ];
  for (const call of calls) expect(await soon(call)).toMatch(LOST);
});

test('an engine that destroys its own device says that it was disposed', async () => {
  const engine = await createEngine();
  const trainer = await create(engine);
  trainer.step(BATCH);
  const pending = CALLS.map(([, call]) => soon(() => call(trainer, engine)));
  engine.dispose();
  for (const found of await Promise.all(pending)) {
    expect(found).toBe('EngineError of kind disposed: engine: it was disposed; create a new one');
  }
});

test('training goes on from a save on a new device, bit for bit', async () => {
  const another = await sharedEngine();
  using whole = await create(another);
  await all(whole.fit(DATA, { epochs: 3 }));
  const { device, trainer } = await setUp();
  let bytes: Uint8Array = new Uint8Array();
  const run = async () => {
    for await (const report of trainer.fit(DATA, { epochs: 3, steps: true })) {
      if (report.kind === 'step' && report.step === 4) bytes = await trainer.save();
      if (report.kind === 'step' && report.step === 6) device.destroy();
    }
  };
  expect(await soon(run)).toMatch(LOST);
  using loaded = await loadTrainer(another, bytes);
  const epochs = 3 - Math.floor(loaded.stepsTaken / 3);
  await all(loaded.fit(DATA, { epochs }));
  expect(await loaded.save()).toEqual(await whole.save());
});
