import { describe, expect, test } from 'vitest';
import {
  adamw,
  cosineDecay,
  createPopulation,
  createTrainer,
  dataset,
  dense,
  dropout,
  type Engine,
  l2,
  leakyRelu,
  loadTrainer,
  type MemberOptions,
  type Population,
  type PopulationOptions,
  sequential,
  sgd,
  softmaxCrossEntropy,
  type Trainer,
  warmup,
} from '../../src/index.js';
import { complaint } from './complaint.js';
import { ENGINES } from './engines.js';
import { all } from './small-population.js';

const EXAMPLES = 50;
const x = Uint8Array.from({ length: EXAMPLES * 9 }, (_, i) => (i * i * 31) % 256);
const data = dataset({ x, y: Uint8Array.from({ length: EXAMPLES }, (_, i) => (i * i) % 3), features: 9 });

const model = () => sequential([dropout(0.2), dense(10), leakyRelu(), dropout(0.5), dense(3)]);
const rate = () => warmup(cosineDecay(0.1, { steps: 12 }), { steps: 3 });
const training = () => ({
  input: [9],
  batchSize: 16, // the last batch of an epoch has 2 examples
  loss: softmaxCrossEntropy(),
  regularizer: l2(1e-3),
  optimizer: sgd({ learningRate: rate(), momentum: 0.9, weightDecay: 0.01 }),
});
const MEMBERS: readonly MemberOptions[] = [
  { seed: 7 },
  { seed: 0, l2: [0, 1e-2], dropout: [0, 0.9] },
  { seed: 123456789n, learningRate: 0.02, momentum: 0.5, weightDecay: 0 },
  { seed: 7, slope: 0.3, warmupSteps: 7, decaySteps: 30, floor: 0.1 },
  { seed: 3, learningRate: 0 },
];
const open = (engine: Engine, options: Partial<PopulationOptions> = {}) =>
  createPopulation(engine, model(), { ...training(), members: MEMBERS, shuffleSeed: 5, ...options });

/** The network of a member, alone. */
async function twin(engine: Engine, { seed, shuffleSeed = 5, ...changes }: MemberOptions): Promise<Trainer> {
  const trainer = await createTrainer(engine, model(), { ...training(), seed, shuffleSeed });
  trainer.set(changes);
  return trainer;
}

/** The weights of all members but one. */
const everything = async (population: Population, but = -1) => {
  const members = Array.from({ length: population.size }, (_, i) => i).filter((i) => i !== but);
  return Promise.all(members.map((i) => population.weights(i)));
};

describe.each(ENGINES)('on %s', (_, engine) => {
  test.each([
    ['side by side', {}],
    ['with room for more', { capacity: 7 }],
    ['each with an order of its own', { order: 'own' }],
  ] as const)('member i is bit-equal to a trainer, %s', async (_, options: Record<string, unknown>) => {
    const own = 'order' in options;
    using population = await open(engine, {
      ...options,
      ...(own && { shuffleSeed: undefined, members: MEMBERS.map((each, i) => ({ ...each, shuffleSeed: i })) }),
    });
    const stop = await all(population.fit(data, { epochs: 2, validation: data, maxSteps: 5 })); // in the middle of an epoch
    expect([stop.length, population.stepsTaken]).toEqual([1, 5]);
    const reports = [...stop, ...(await all(population.fit(data, { epochs: 2, validation: data })))];
    expect(population.stepsTaken).toBe(12);
    expect(population.diverged).toEqual(MEMBERS.map(() => undefined));
    const evaluation = await population.evaluate(data);
    const outputs = await population.predict(Float32Array.from(x.subarray(0, 27)));
    for (const [i, member] of MEMBERS.entries()) {
      using trainer = await twin(engine, own ? { ...member, shuffleSeed: i } : member);
      const alone = await all(trainer.fit(data, { epochs: 3, validation: data }));
      expect(await population.weights(i)).toEqual(await trainer.weights());
      expect(population.hyperParameters(i)).toEqual(trainer.hyperParameters);
      for (const [epoch, report] of alone.entries()) {
        const { trainLoss, trainAccuracy, validationLoss, trainPenalty } = reports[epoch];
        const shown = [trainLoss[i], trainAccuracy?.[i], validationLoss?.[i], trainPenalty[i]];
        expect(shown).toEqual([report.trainLoss, report.trainAccuracy, report.validationLoss, report.trainPenalty]);
        expect([reports[epoch].epoch, reports[epoch].steps]).toEqual([report.epoch, report.steps]);
      }
      const { loss, accuracy, penalty } = await trainer.evaluate(data);
      expect([evaluation.loss[i], evaluation.accuracy?.[i], evaluation.penalty[i]]).toEqual([loss, accuracy, penalty]);
      expect(outputs[i]).toEqual(await trainer.predict(Float32Array.from(x.subarray(0, 27))));
      using loaded = await loadTrainer(engine, await population.save(i));
      await all(loaded.fit(data, { epochs: 1 }));
      await all(trainer.fit(data, { epochs: 1 }));
      expect(await loaded.weights()).toEqual(await trainer.weights());
    }
  });

  test('a batch at a time', async () => {
    using population = await open(engine);
    const batch = { x: Float32Array.from({ length: 18 }, (_, i) => i / 9), y: Uint32Array.of(1, 2) };
    expect([population.step(batch), population.step(batch)]).toEqual([0, 1]);
    const { steps, penalty } = await population.metrics();
    for (const [i, member] of MEMBERS.entries()) {
      using trainer = await twin(engine, member);
      trainer.step(batch);
      trainer.step(batch);
      const alone = await trainer.metrics();
      expect(steps.map(({ step, loss, accuracy }) => ({ step, loss: loss[i], accuracy: accuracy?.[i] }))).toEqual(
        alone.steps,
      );
      expect(penalty[i]).toBe(alone.penalty);
      expect(await population.weights(i)).toEqual(await trainer.weights());
    }
  });

  test('selected and copied members go on as if they were alone', async () => {
    using population = await open(engine);
    await all(population.fit(data, { epochs: 1, maxSteps: 3 })); // in the middle of an epoch
    await population.select([3, 1]);
    await population.extend([
      { from: 0, learningRate: 0.01, seed: 99 },
      { from: 1, dropout: 0.1 },
    ]);
    expect([population.size, population.stepsTaken]).toEqual([4, 3]);
    population.set(0, { l2: 0.05 });
    await all(population.fit(data, { epochs: 1 }));
    await population.replace([{ from: 3 }, { from: 0 }, { from: 3, momentum: 0 }]);
    const reports = await all(population.fit(data, { epochs: 1 }));
    expect(reports.map(({ epoch }) => epoch)).toEqual([2]);
    const first = [MEMBERS[1], MEMBERS[3], MEMBERS[1]];
    const changes = [
      [{ dropout: 0.1 }, {}],
      [{ l2: 0.05 }, {}],
      [{ dropout: 0.1 }, { momentum: 0 }],
    ];
    for (const [i, member] of first.entries()) {
      using trainer = await twin(engine, member);
      await all(trainer.fit(data, { epochs: 1, maxSteps: 3 }));
      trainer.set(changes[i][0]);
      await all(trainer.fit(data, { epochs: 1 }));
      trainer.set(changes[i][1]);
      const [report] = await all(trainer.fit(data, { epochs: 1 }));
      expect(await population.weights(i)).toEqual(await trainer.weights());
      expect(reports[0].trainLoss[i]).toBe(report.trainLoss);
    }
  });

  test('a copy with a seed of its own has other masks', async () => {
    using population = await open(engine, { members: [{ seed: 1, dropout: 0.5 }] });
    await population.extend([{ from: 0 }, { from: 0, seed: 2 }]);
    await all(population.fit(data, { epochs: 1 }));
    const [first, same, other] = await everything(population);
    expect(same).toEqual(first);
    expect(other).not.toEqual(first);
  });

  test('a schedule changes what set changes', async () => {
    using population = await open(engine);
    const momentum = (step: number, member: number) => (step < 4 ? 0.5 : 0.8) + member / 100;
    await all(population.fit(data, { epochs: 2, schedule: (step, member) => ({ momentum: momentum(step, member) }) }));
    using trainer = await twin(engine, MEMBERS[1]);
    for (const step of [0, 4]) {
      trainer.set({ momentum: momentum(step, 1) });
      await all(trainer.fit(data, { epochs: 1 }));
    }
    expect(await population.weights(1)).toEqual(await trainer.weights());
    expect(population.hyperParameters(1).momentum).toBe(0.9);
  });

  test('examples with weights: folds of members, each as a trainer with the same weights', async () => {
    const folds = [0, 1, 2].map((fold) => Float32Array.from({ length: EXAMPLES }, (_, i) => (i % 3 === fold ? 0 : 1)));
    folds[2] = folds[2].map((weight, i) => weight * (1 + (i % 4) / 3));
    const heldOut = folds.map((weights) => weights.map((weight) => (weight === 0 ? 1 : 0)));
    using population = await open(engine, { members: MEMBERS.slice(0, 3) });
    const options = { epochs: 2, validation: data };
    const reports = await all(population.fit(data, { ...options, weights: folds, validationWeights: heldOut }));
    const evaluation = await population.evaluate(data, { weights: heldOut });
    for (const [i, weights] of folds.entries()) {
      using trainer = await twin(engine, MEMBERS[i]);
      const alone = await all(trainer.fit(data, { ...options, weights, validationWeights: heldOut[i] }));
      expect(await population.weights(i)).toEqual(await trainer.weights());
      expect(reports.map((report) => [report.trainLoss[i], report.validationLoss?.[i]])).toEqual(
        alone.map((report) => [report.trainLoss, report.validationLoss]),
      );
      const found = await trainer.evaluate(data, { weights: heldOut[i] });
      expect([evaluation.loss[i], evaluation.accuracy?.[i]]).toEqual([found.loss, found.accuracy]);
    }
  });

  test('weights of 1 change no bit, weights of 0 or 1 leave rows out', async () => {
    const ones = new Float32Array(EXAMPLES).fill(1);
    using weighed = await twin(engine, {});
    using plain = await twin(engine, {});
    const options = { epochs: 2, validation: data };
    const a = await all(weighed.fit(data, { ...options, weights: ones }));
    const b = await all(plain.fit(data, options));
    expect(a.map(({ trainLoss }) => trainLoss)).toEqual(b.map(({ trainLoss }) => trainLoss));
    expect(await weighed.weights()).toEqual(await plain.weights());
    // Rows 16 to 49 count for nothing: without a shuffle three of four batches only decay the weights.
    using some = await twin(engine, { dropout: 0, weightDecay: 0, l2: 0, momentum: 0 });
    using few = await twin(engine, { dropout: 0, weightDecay: 0, l2: 0, momentum: 0 });
    const first = Float32Array.from({ length: EXAMPLES }, (_, i) => (i < 16 ? 1 : 0));
    await all(some.fit(data, { epochs: 1, shuffle: false, weights: first }));
    await all(few.fit(data, { epochs: 1, shuffle: false, maxSteps: 1 }));
    expect(await some.weights()).toEqual(await few.weights());
  });

  test('one member at learning rate 1e6 beside 63 good ones changes none of their bits', async () => {
    const good = Array.from({ length: 63 }, (_, i) => ({
      seed: i,
      learningRate: 0.01 * (i % 5),
      dropout: (i % 4) / 5,
    }));
    const members = [...good.slice(0, 20), { seed: 1, learningRate: 1e6 }, ...good.slice(20)];
    const wide = dataset({ x: Float32Array.from(x, (v) => v), y: data.y, features: 9 });
    using beside = await open(engine, { members });
    using without = await open(engine, { members: good });
    const reports = await all(beside.fit(wide, { epochs: 3, validation: wide }));
    await all(without.fit(wide, { epochs: 3 }));
    expect(beside.diverged.filter((each) => each)).toHaveLength(1);
    expect(beside.diverged[20]?.what).toMatch(/loss|dense/);
    expect(reports.at(-1)?.validationLoss?.map(Number.isFinite)).toEqual(members.map((_, i) => i !== 20));
    const [a, b] = [await everything(beside, 20), await everything(without)];
    expect(a).toEqual(b);
    expect(await complaint(() => beside.weights(20))).toMatch(
      /^EngineError of kind diverged: weights: member 20 diverged/,
    );
    expect(await complaint(() => beside.select([19, 20]))).toMatch(/^EngineError of kind diverged: select: member 20 /);
    await beside.select([21]);
    expect(await beside.weights(0)).toEqual(b[20]);
  });

  test('early stopping keeps the best weights of each member', async () => {
    const members = [{ seed: 1, learningRate: 0.5 }, { seed: 2, learningRate: 0.05 }, { seed: 3 }];
    const options = { epochs: 12, validation: data, earlyStopping: { patience: 2 } };
    using population = await open(engine, { members });
    const reports = await all(population.fit(data, options));
    const final = await population.evaluate(data);
    for (const [i, member] of members.entries()) {
      using trainer = await twin(engine, member);
      const alone = await all(trainer.fit(data, options));
      expect(await population.weights(i)).toEqual(await trainer.weights());
      const losses = alone.map(({ validationLoss = Number.NaN }) => validationLoss);
      expect(final.loss[i]).toBe(Math.min(...losses));
      expect(alone.length === 12 || losses.indexOf(Math.min(...losses)) === alone.length - 3).toBe(true);
      expect(reports[alone.length - 1].stopped?.[i]).toBe(alone.at(-1)?.stopped);
    }
  });

  test('AdamW too', async () => {
    const optimizer = adamw({ weightDecay: 0.1 });
    const members = [{}, { beta1: 0.5, beta2: 0.9, epsilon: 1e-3, weightDecay: 0, learningRate: 0.01 }];
    using population = await open(engine, { optimizer, members });
    await all(population.fit(data, { epochs: 2 }));
    for (const [i, changes] of members.entries()) {
      using trainer = await createTrainer(engine, model(), { ...training(), optimizer, shuffleSeed: 5 });
      trainer.set(changes);
      await all(trainer.fit(data, { epochs: 2 }));
      expect(await population.weights(i)).toEqual(await trainer.weights());
    }
  });
});
