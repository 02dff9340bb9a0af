import { describe, expect, test } from 'vitest';
import { readSafetensors, writeSafetensors } from '../../src/data/safetensors.js';
import {
  adam,
  adamw,
  binaryCrossEntropy,
  cosineDecay,
  createPopulation,
  createTrainer,
  dataset,
  dense,
  dropout,
  exponentialDecay,
  gelu,
  glorot,
  l2,
  leakyRelu,
  lecun,
  loadTrainer,
  type Optimizer,
  relu,
  type Seed,
  sequential,
  sgd,
  sigmoid,
  softmaxCrossEntropy,
  softplus,
  stepDecay,
  type Trainer,
  tanh,
  warmup,
} from '../../src/index.js';
import { ENGINES } from './engines.js';

const EXAMPLES = 14;
const data = dataset({
  x: Float32Array.from({ length: EXAMPLES * 5 }, (_, i) => Math.sin(i * i)),
  y: Uint32Array.from({ length: EXAMPLES }, (_, i) => (i * i) % 3),
  features: 5,
});

const MODEL = sequential([dense(7), relu(), dropout(0.4), dense(3)]);
const OPTIONS = {
  input: [5],
  batchSize: 4,
  loss: softmaxCrossEntropy(),
  regularizer: l2(0.01),
  shuffleSeed: 5,
};
const OPTIMIZERS: readonly [name: string, optimizer: Optimizer][] = [
  ['sgd', sgd({ learningRate: stepDecay(0.1, { every: 3 }) })],
  ['momentum', sgd({ learningRate: 0.1, momentum: 0.9 })],
  ['Nesterov', sgd({ learningRate: exponentialDecay(0.1, { gamma: 0.9 }), momentum: 0.9, nesterov: true })],
  ['SGDW', sgd({ learningRate: 0.1, momentum: 0.9, weightDecay: 0.1 })],
  ['adam', adam({ learningRate: warmup(cosineDecay(0.1, { steps: 20, floor: 0.1 }), { steps: 6 }) })],
  ['adamw', adamw({ learningRate: warmup(0.1, { steps: 9 }), beta1: 0.8, weightDecay: 0.1 })],
];

/** Trains to the end of epoch `epochs`, or until step `stop` is reported. */
async function train(trainer: Trainer, epochs: number, stop = Infinity): Promise<void> {
  for await (const report of trainer.fit(data, { epochs, steps: true })) {
    if (report.kind === 'step' && report.step === stop) return;
  }
}

describe.each(ENGINES)('on %s', (_, engine) => {
  const create = (optimizer: Optimizer, seed: Seed = 3) =>
    createTrainer(engine, MODEL, { ...OPTIONS, optimizer, seed });

  // In the middle of an epoch (of four steps), at its end, before anything.
  test.each(OPTIMIZERS)('%s goes on bit for bit from wherever it was saved', async (_, optimizer) => {
    const whole = await create(optimizer);
    await train(whole, 3);
    const final = await whole.save();
    for (const stop of [5, 7, -1]) {
      const first = await create(optimizer);
      if (stop >= 0) await train(first, 2, stop);
      const bytes = await first.save();
      first.dispose();
      const second = await loadTrainer(engine, bytes);
      expect(second.stepsTaken).toBeGreaterThanOrEqual(stop + 1);
      await train(second, stop < 0 ? 3 : 3 - Math.floor(second.stepsTaken / 4));
      expect(second.stepsTaken).toBe(12);
      expect(await second.save()).toEqual(final);
      second.dispose();
    }
  });

  test.each([
    ['steps', { step: String(2 ** 32 - 2) }],
    ['epochs', { position: JSON.stringify({ epoch: 2 ** 32 - 2, row: 0 }) }],
  ])('%s end where random numbers have no more words for them', async (what, metadata) => {
    using fresh = await create(adam());
    const file = readSafetensors(await fresh.save());
    const tensors = Array.from(file.tensors, ([name, tensor]) => ({ name, ...tensor }));
    using trainer = await loadTrainer(engine, writeSafetensors(tensors, { ...file.metadata, ...metadata }));
    const batch = { x: data.x.slice(0, 20) as Float32Array, y: data.y.slice(0, 4) };
    const go = () => (what === 'steps' ? trainer.step(batch) : train(trainer, 1));
    await go();
    const { stepsTaken } = trainer;
    const saved = await trainer.save();
    const message = `there can be 4294967295 ${what}, and 4294967295 are done`;
    await expect(async () => await go()).rejects.toThrow(message);
    expect(trainer.stepsTaken).toBe(stepsTaken);
    expect(await trainer.save()).toEqual(saved);
    using again = await loadTrainer(engine, saved);
    expect(await again.weights()).toEqual(await trainer.weights());
  });

  test.each([
    ['without weights', undefined],
    ['with weights', Float32Array.from({ length: EXAMPLES }, (_, i) => 1 + (i % 3) / 7)],
  ])('an epoch that was saved in its middle is reported as if it had not been, %s', async (_, weights) => {
    const epoch = async (trainer: Trainer) => {
      for await (const { seconds: _, stepMilliseconds: __, ...report } of trainer.fit(data, { epochs: 1, weights })) {
        return report;
      }
      throw new Error('test: there was no report');
    };
    using whole = await create(adam());
    const wanted = [await epoch(whole), await epoch(whole)];
    const files: Promise<Uint8Array>[] = [];
    using first = await create(adam());
    for await (const _ of first.fit(data, { epochs: 1, maxSteps: 2, weights }));
    files.push(first.save());
    await files[0];
    using second = await create(adam());
    // Some steps of the epoch are under way, and have not been read.
    for await (const { kind } of second.fit(data, { epochs: 1, weights, steps: true }))
      if (kind === 'step') files.push(second.save());
    for (const file of files) {
      using loaded = await loadTrainer(engine, await file);
      const next = loaded.stepsTaken < 4 ? wanted : wanted.slice(1);
      for (const report of next) expect(await epoch(loaded)).toEqual(report);
    }
    expect(files).toHaveLength(5);
  });

  test('a member that was saved in the middle of an epoch is reported as in its population', async () => {
    const members = [{}, { learningRate: 0.5 }, { learningRate: 0.02 }];
    using population = await createPopulation(engine, MODEL, { ...OPTIONS, optimizer: adam(), members });
    for await (const _ of population.fit(data, { epochs: 1, maxSteps: 3 }));
    const files = [await population.save(1), await population.save(2)];
    for await (const report of population.fit(data, { epochs: 1 })) {
      for (const [i, bytes] of files.entries()) {
        using loaded = await loadTrainer(engine, bytes);
        for await (const { steps, trainLoss, trainAccuracy } of loaded.fit(data, { epochs: 1 })) {
          expect([steps, trainLoss, trainAccuracy]).toEqual([
            4,
            report.trainLoss[i + 1],
            report.trainAccuracy?.[i + 1],
          ]);
        }
      }
    }
  });

  test('changed hyper-parameters are saved, and so is what they do', async () => {
    const whole = await create(sgd({ learningRate: warmup(0.1, { steps: 9 }), momentum: 0.9 }));
    await train(whole, 1);
    const changes = { l2: [0.3, 0], dropout: 0.1, learningRate: 0.02, momentum: 0.5 };
    expect(whole.set(changes)).toBe(4);
    const loaded = await loadTrainer(engine, await whole.save());
    expect(loaded.hyperParameters).toEqual(whole.hyperParameters);
    expect(loaded.hyperParameters).toMatchObject({
      'dense0.l2': 0.3,
      'dropout0.dropout': 0.1,
      learningRate: 0.02,
      momentum: 0.5,
    });
    await train(whole, 1);
    await train(loaded, 1);
    expect(await loaded.save()).toEqual(await whole.save());
  });

  test.each([0, 2 ** 53 - 1, 2n ** 53n, 2n ** 64n - 1n])('seed %s survives', async (seed) => {
    const trainer = await create(adam(), seed);
    const loaded = await loadTrainer(engine, await trainer.save());
    const batch = { x: Float32Array.from(data.x.subarray(0, 20)), y: data.y.slice(0, 4) as Uint32Array };
    for (const each of [trainer, loaded]) each.step(batch); // its mask comes from the seed
    expect(await loaded.save()).toEqual(await trainer.save());
  });

  test('a save waits for nothing that starts after it', async () => {
    const trainer = await create(adam());
    const before = await trainer.save();
    const saving = trainer.save();
    trainer.step({ x: Float32Array.from(data.x.subarray(0, 20)), y: data.y.slice(0, 4) as Uint32Array });
    expect(await saving).toEqual(before);
    expect((await loadTrainer(engine, await trainer.save())).stepsTaken).toBe(1);
  });

  test('every kind of layer, initialiser, penalty and option comes back', async () => {
    const own = {
      initializer: glorot({ distribution: 'normal' }),
      regularizer: l2(0.1, { convention: 'sum', biases: true }),
    };
    const layers = [
      dense(4, own),
      leakyRelu(0.2),
      dense(4, { bias: false, initializer: lecun() }),
      tanh(),
      dropout(0.1),
    ];
    const model = sequential([...layers, sigmoid(), dense(3), gelu(), softplus(), dropout(0), dense(2)]);
    const trainer = await createTrainer(engine, model, {
      input: [2, 3],
      batchSize: 3,
      loss: binaryCrossEntropy(),
      optimizer: adamw(),
      regularizer: l2(0.2, { convention: 'mean', examples: 50 }),
    });
    const batch = { x: Float32Array.from({ length: 18 }, (_, i) => Math.cos(i)), y: Float32Array.of(0, 1, 1, 0, 1, 1) };
    trainer.step(batch);
    const loaded = await loadTrainer(engine, await trainer.save());
    for (const each of [trainer, loaded]) each.step(batch);
    const [a, b] = [await trainer.save(), await loaded.save()];
    expect(new TextDecoder().decode(b)).toBe(new TextDecoder().decode(a));
    expect(b).toEqual(a);
    expect((await loaded.metrics()).penalty).toBe((await trainer.metrics()).penalty);
  });
});
