import { expect, test } from 'vitest';
import { commands } from 'vitest/browser';
import {
  adam,
  createEngine,
  createTrainer,
  dataset,
  dense,
  dropout,
  type Engine,
  l2,
  loadTrainer,
  relu,
  sequential,
  softmaxCrossEntropy,
  type Trainer,
} from '../../src/index.js';
import { complaint } from '../train/complaint.js';

const LOST =
  /^EngineError of kind lost: engine: the GPU device was lost \(unknown(: .*)?\); create a new engine and go on with loadTrainer\(engine, bytes\) from the last save$/;
const EXAMPLES = 200;
const data = dataset({
  x: Float32Array.from({ length: EXAMPLES * 5 }, (_, i) => Math.sin(i * i)),
  y: Uint32Array.from({ length: EXAMPLES }, (_, i) => i % 3),
  features: 5,
});
const EPOCHS = 4;
const batch = { x: new Float32Array(40), y: new Uint32Array(8) };

const create = (engine: Engine) =>
  createTrainer(engine, sequential([dense(16), relu(), dropout(0.5), dense(3)]), {
    input: [5],
    batchSize: 8,
    loss: softmaxCrossEntropy(),
    optimizer: adam({ learningRate: 0.01 }),
    regularizer: l2(0.01),
  });

async function finish(trainer: Trainer): Promise<Uint8Array> {
  const done = Math.floor(trainer.stepsTaken / (EXAMPLES / 8));
  if (done < EPOCHS) for await (const _ of trainer.fit(data, { epochs: EPOCHS - done }));
  return trainer.save();
}

/** Returns the error that is thrown, or says that none was within a minute. */
const soon = (run: () => unknown) =>
  Promise.race([complaint(run), new Promise<string>((resolve) => setTimeout(() => resolve('it hangs'), 60_000))]);

test('crashGpu loses the device for an unknown reason, and a new one can be had', async () => {
  for (let crash = 0; crash < 4; crash++) {
    const adapter = await navigator.gpu.requestAdapter();
    const device = await adapter?.requestDevice();
    await commands.crashGpu();
    expect((await device?.lost)?.reason).toBe('unknown');
  }
});

test('the GPU process crashes three times; training goes on from the last save, bit for bit', async () => {
  const first = await createEngine();
  const whole = await finish(await create(first));
  first.dispose();

  const second = await createEngine();
  let bytes = await (await create(second)).save();
  second.dispose();
  for (const crashAt of [20, 45, 70]) {
    const engine = await createEngine();
    const trainer = await loadTrainer(engine, bytes);
    let crash: Promise<void> | undefined;
    const run = async () => {
      // It trains on until the loss is noticed.
      for await (const report of trainer.fit(data, { epochs: 1e6, steps: true })) {
        if (report.kind !== 'step' || report.step < crashAt || crash) continue;
        bytes = await trainer.save();
        crash = commands.crashGpu();
      }
    };
    expect(await soon(run)).toMatch(LOST);
    await crash;
    const later = [() => trainer.step(batch), () => trainer.metrics(), () => trainer.save(), () => create(engine)];
    for (const call of later) expect(await soon(call)).toMatch(LOST);
    trainer.dispose();
    engine.dispose();
  }
  using last = await createEngine();
  const trainer = await loadTrainer(last, bytes);
  expect(trainer.stepsTaken).toBeGreaterThan(70);
  expect(await finish(trainer)).toEqual(whole);
});

test('whatever is pending when the GPU process crashes fails, and nothing hangs', async () => {
  const engine = await createEngine();
  const trainers = await Promise.all([0, 1, 2].map(() => create(engine)));
  const [a, b, c] = trainers;
  for (const each of trainers) for (let step = 0; step < 200; step++) each.step(batch);
  const crash = commands.crashGpu();
  const calls: (() => unknown)[] = [
    // Work until the loss is noticed, however soon a single call may be done.
    () => untilFailure(() => a.metrics()),
    () => untilFailure(() => a.evaluate(data)),
    () => untilFailure(() => b.predict(batch.x)),
    () => untilFailure(() => b.save()),
    () => untilFailure(() => c.weights()),
    () => untilFailure(() => create(engine)),
    () => untilFailure(async () => c.step(batch)),
  ];
  for (const found of await Promise.all(calls.map(soon))) expect(found).toMatch(LOST);
  await crash;
  for (const trainer of trainers) trainer.dispose();
  engine.dispose();
});

async function untilFailure(call: () => Promise<unknown>): Promise<never> {
  for (;;) {
    await call();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
