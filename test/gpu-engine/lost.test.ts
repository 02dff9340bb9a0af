import { expect, test } from 'vitest';
import {
  adam,
  createEngine,
  createTrainer,
  dataset,
  dense,
  dropout,
  type Engine,
  loadTrainer,
  relu,
  sequential,
  softmaxCrossEntropy,
  type Trainer,
} from '../../src/index.js';
import { complaint } from '../train/complaint.js';
import { countingDevice } from '../train/counting-device.js';

const LOST =
  /^EngineError of kind lost: engine: the GPU device was lost \(destroyed(: [^)]*)?\); create a new engine and go on with loadTrainer\(engine, bytes\) from the last save$/;
const x = Float32Array.from({ length: 40 * 3 }, (_, i) => Math.sin(i * i));
const y = Uint32Array.from({ length: 40 }, (_, i) => i % 2);
const data = dataset({ x, y, features: 3 });
const batch = { x: x.slice(0, 12), y: y.slice(0, 4) };

const create = (engine: Engine) =>
  createTrainer(engine, sequential([dense(4), relu(), dropout(0.5), dense(2)]), {
    input: [3],
    batchSize: 4,
    loss: softmaxCrossEntropy(),
    optimizer: adam(),
  });

async function setUp() {
  const { device, uncaught } = await countingDevice();
  const engine = await createEngine({ device });
  return { device, engine, uncaught, trainer: await create(engine) };
}

/** Returns what is thrown, or that nothing was within five seconds. */
function soon(run: () => unknown): Promise<string> {
  return Promise.race([complaint(run), new Promise<string>((resolve) => setTimeout(() => resolve('it hangs'), 5000))]);
}

const all = async (iterable: AsyncIterable<unknown>) => {
  for await (const _ of iterable);
};
const CALLS: readonly [name: string, call: (trainer: Trainer, engine: Engine) => Promise<unknown>][] = [
  ['metrics', (trainer) => trainer.metrics()],
  ['weights', (trainer) => trainer.weights()],
  ['save', (trainer) => trainer.save()],
  ['evaluate', (trainer) => trainer.evaluate(data)],
  ['predict', (trainer) => trainer.predict(x)],
  ['fit', (trainer) => all(trainer.fit(data, { epochs: 3, validation: data }))],
  ['createTrainer', (_, engine) => create(engine)],
];

/** Makes every call at once, each on a trainer of its own with work under way. */
async function callAll(engine: Engine): Promise<() => Promise<string>[]> {
  const trainers = await Promise.all(CALLS.map(() => create(engine)));
  for (const trainer of trainers) trainer.step(batch);
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

test.each([0, 5])('every call fails when the device is lost %i ms into it', async (milliseconds) => {
  const { device, engine } = await setUp();
  const during = (await callAll(engine))();
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  device.destroy();
  // Some may have been done before.
  for (const found of await Promise.all(during)) if (found !== 'nothing') expect(found).toMatch(LOST);
});

test('step, set, fit and a new engine on the device fail too', async () => {
  const { device, engine, trainer } = await setUp();
  device.destroy();
  await device.lost;
  const calls = [
    () => trainer.step(batch),
    () => trainer.set({ dropout: 0 }),
    () => trainer.fit(data, { epochs: 1 }),
    () => engine.createExecutor(),
    () => createEngine({ device }),
  ];
  for (const call of calls) expect(await soon(call)).toMatch(LOST);
});

test('steps that are started on a lost device are never reported as numbers', async () => {
  const { device, trainer } = await setUp();
  device.destroy();
  for (let step = 0; step < 300; step++) trainer.step(batch); // nobody has told yet
  expect(await soon(() => trainer.metrics())).toMatch(LOST);
});

test('an engine that destroys its own device says that it was disposed', async () => {
  const engine = await createEngine();
  const trainer = await create(engine);
  trainer.step(batch);
  const pending = CALLS.map(([, call]) => soon(() => call(trainer, engine)));
  engine.dispose();
  for (const found of await Promise.all(pending)) {
    expect(found).toBe('EngineError of kind disposed: engine: it was disposed; create a new one');
  }
});

test('training goes on from a save on a new device, bit for bit', async () => {
  const whole = await setUp();
  await all(whole.trainer.fit(data, { epochs: 3 }));
  const { device, trainer } = await setUp();
  let bytes: Uint8Array = new Uint8Array();
  const run = async () => {
    for await (const report of trainer.fit(data, { epochs: 3, steps: true })) {
      if (report.kind === 'step' && report.step === 13) bytes = await trainer.save();
      if (report.kind === 'step' && report.step === 15) device.destroy();
    }
  };
  expect(await soon(run)).toMatch(LOST);
  using engine = await createEngine();
  const loaded = await loadTrainer(engine, bytes);
  const epochs = 3 - Math.floor(loaded.stepsTaken / 10);
  await all(loaded.fit(data, { epochs }));
  expect(await loaded.save()).toEqual(await whole.trainer.save());
  whole.device.destroy();
});
