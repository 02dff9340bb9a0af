import { describe, expect, test } from 'vitest';
import {
  adam,
  createTrainer,
  dataset,
  dense,
  loadModel,
  relu,
  sequential,
  sgd,
  softmaxCrossEntropy,
  type Trainer,
  type Weights,
} from '../../src/index.js';
import { complaint } from './complaint.js';
import { ENGINES } from './engines.js';

const data = dataset({
  x: Float32Array.from({ length: 30 }, (_, i) => Math.sin(i * i)),
  y: Uint32Array.from({ length: 10 }, (_, i) => i % 3),
  features: 3,
});

describe.each(ENGINES)('on %s', (_, engine) => {
  const create = (seed: number, optimizer = adam()) =>
    createTrainer(engine, sequential([dense(5), relu(), dense(3)]), {
      input: [3],
      batchSize: 3,
      loss: softmaxCrossEntropy(),
      optimizer,
      seed,
    });
  const train = async (trainer: Trainer, options: { epochs: number; maxSteps?: number }) => {
    const reports = [];
    for await (const { seconds: _, stepMilliseconds: __, ...report } of trainer.fit(data, options))
      reports.push(report);
    return reports;
  };

  test('parameters become those given, in any order; all else stays', async () => {
    using from = await create(1);
    using to = await create(2);
    await train(from, { epochs: 2 });
    await train(to, { epochs: 1, maxSteps: 2 });
    const before = await to.save();
    const weights = await from.weights();
    await to.setWeights(weights.toReversed());
    expect(await to.weights()).toEqual(weights);
    expect(to.stepsTaken).toBe(2);
    await to.setWeights((await loadModel(engine, before).then((model) => model.weights())) as Weights[]);
    expect(await to.save()).toEqual(before);
  });

  test('training goes on as if the weights had been its own', async () => {
    using whole = await create(1);
    using set = await create(1);
    await train(whole, { epochs: 1, maxSteps: 2 });
    await train(set, { epochs: 1, maxSteps: 2 });
    await set.setWeights(await whole.weights());
    expect(await train(set, { epochs: 2 })).toEqual(await train(whole, { epochs: 2 }));
    expect(await set.save()).toEqual(await whole.save());
  });

  test('a training that diverges does not go back beyond them', async () => {
    using trainer = await create(1, sgd({ learningRate: 0.1 }));
    await train(trainer, { epochs: 1 });
    using other = await create(2);
    const weights = await other.weights();
    await trainer.setWeights(weights);
    trainer.set({ learningRate: 1e38 });
    for (let step = 0; step < 2; step++) trainer.step({ x: data.x.slice(0, 9) as never, y: Uint32Array.of(0, 1, 2) });
    expect(await complaint(() => trainer.metrics())).toMatch(/^EngineError of kind diverged: /);
    expect(await trainer.weights()).toEqual(weights);
  });

  test('what is wrong is named, and nothing changes', async () => {
    using trainer = await create(1);
    const before = await trainer.save();
    const good = await trainer.weights();
    const changed = (change: object) => good.map((each, i) => (i === 1 ? { ...each, ...change } : each));
    const nan = Float32Array.of(0, 0, NaN, 0, 0);
    const refused: [weights: unknown, message: string][] = [
      [{}, 'TypeError: setWeights: weights must be an array such as weights() returns, got a Object'],
      [
        [null],
        'TypeError: setWeights: weights[0].name must be one of dense0.w, dense0.b, dense1.w, dense1.b, got undefined',
      ],
      [
        changed({ name: 'dense2.w' }),
        'TypeError: setWeights: weights[1].name must be one of dense0.w, dense0.b, dense1.w, dense1.b, got "dense2.w"',
      ],
      [[...good, good[0]], "TypeError: setWeights: 'dense0.w' is given twice"],
      [[good[0], good[3]], 'TypeError: setWeights: weights lack dense0.b, dense1.w'],
      [changed({ data: [0] }), "TypeError: setWeights: the data of 'dense0.b' must be a Float32Array, got [0]"],
      [changed({ shape: [5, 1] }), "RangeError: setWeights: 'dense0.b' must have the shape [1, 5], got [5, 1]"],
      [changed({ data: nan.slice(1) }), "RangeError: setWeights: 'dense0.b' must have 5 elements, got 4"],
      [changed({ data: nan }), "EngineError of kind data: setWeights: 'dense0.b' holds NaN at row 0, column 2"],
    ];
    for (const [weights, message] of refused) {
      expect(await complaint(() => trainer.setWeights(weights as Weights[]))).toBe(message);
    }
    for await (const _ of trainer.fit(data, { epochs: 1 })) {
      expect(await complaint(() => trainer.setWeights(good))).toBe(
        'TypeError: setWeights: a fit is under way; let it end or leave its loop first',
      );
      break;
    }
    using twin = await create(1);
    for await (const _ of twin.fit(data, { epochs: 1 })) break;
    expect(await trainer.save()).toEqual(await twin.save());
    expect(before).not.toEqual(await twin.save());
  });
});
