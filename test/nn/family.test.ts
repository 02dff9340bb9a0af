import { expect, test } from 'vitest';
import * as wgrad from '../../src/index.js';
import { verify } from '../../src/verify.js';
import { sharedEngine } from '../gpu/stored.js';
import { Random } from '../ops/random.js';

const { adagrad, createTrainer, dense, lion, loadTrainer, relu, rmsprop, sequential, sgd, softmaxCrossEntropy } = wgrad;

/** A network and its training, with a member of the family in it. */
interface Member {
  readonly layers?: readonly wgrad.Layer[];
  readonly options?: Partial<wgrad.TrainerOptions>;
  /** Changes that `set` makes to the member's hyper-parameters. */
  readonly changes?: wgrad.HyperParameters;
}

const withOptimizer = (optimizer: wgrad.Optimizer, changes: wgrad.HyperParameters): Member => ({
  options: { optimizer },
  changes,
});

const MEMBERS: Readonly<Record<string, Member>> = {
  rmsprop: withOptimizer(rmsprop({ momentum: 0.5 }), { alpha: 0.9, momentum: 0.9, epsilon: 1e-4 }),
  adagrad: withOptimizer(adagrad(), { epsilon: 1e-4 }),
  lion: withOptimizer(lion({ weightDecay: 0.1 }), { beta1: 0.8, beta2: 0.9, weightDecay: 0 }),
};

const engine = await sharedEngine();
const FEATURES = 7;
const BATCH = 12;
const CLASSES = 5;

const batchOf = (random: Random) => ({
  x: random.floats(FEATURES * BATCH),
  y: Uint32Array.from({ length: BATCH }, (_, i) => i % CLASSES),
});

test.each(Object.entries(MEMBERS))('%s: gradients and steps hold, and it is saved and loaded', async (_, member) => {
  const { layers = [dense(9), relu(), dense(CLASSES)], options, changes = {} } = member;
  using trainer = await createTrainer(engine, sequential(layers), {
    input: [FEATURES],
    batchSize: BATCH,
    loss: softmaxCrossEntropy(),
    optimizer: sgd({ learningRate: 0.1 }),
    seed: 3,
    ...options,
  });
  const random = new Random(1);
  for (let step = 0; step < 3; step++) trainer.step(batchOf(random));
  trainer.set(changes);
  const report = await verify(trainer, { sections: ['gradients', 'steps'], steps: 2, seed: 1 });
  expect(report.verdict).toMatch(/^holds/);
  using loaded = await loadTrainer(engine, await trainer.save());
  const batch = batchOf(random);
  for (const each of [trainer, loaded]) each.step(batch);
  expect(await loaded.save()).toEqual(await trainer.save());
});
