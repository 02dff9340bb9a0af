import { expect, test } from 'vitest';
import * as wgrad from '../../src/index.js';
import { verify } from '../../src/verify.js';
import { sharedEngine } from '../gpu/stored.js';
import { Random } from '../ops/random.js';

const { activityPenalty, adagrad, createTrainer, dense, elasticNet, groupLasso, l1, l2, lion, loadTrainer, penalties } =
  wgrad;
const { relu, rmsprop, sequential, sgd, softmaxCrossEntropy } = wgrad;
const { alphaDropout, concreteDropout, dropConnect, dropout, gaussianDropout, gaussianNoise, linearDecay, warmup } =
  wgrad;

const FEATURES = 7;
const BATCH = 12;
const CLASSES = 5;

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

const withLayers = (layers: readonly wgrad.Layer[], changes?: wgrad.HyperParameters): Member => ({ layers, changes });
const withActivations = (...layers: wgrad.Layer[]) => withLayers([dense(9), ...layers, dense(CLASSES)]);
const withLoss = (loss: wgrad.Loss, changes?: wgrad.HyperParameters): Member => ({ options: { loss }, changes });

const HIDDEN = [dense(9), relu(), dense(CLASSES)];
const { clipByGlobalNorm, clipByValue, ema, groups, maxNorm, nonNegative, unitNorm } = wgrad;
const { batchNorm, elu, mixup, standout, focal, hinge, huber, layerNorm, meanAbsoluteError, selu, silu, softsign } =
  wgrad;

const withPenalty = (regularizer: wgrad.Regularizer, changes: wgrad.HyperParameters): Member => ({
  options: { regularizer },
  changes,
});

const withConstraint = (constraint: wgrad.Constraint, changes?: wgrad.HyperParameters): Member => ({
  options: { constraint },
  changes,
});

const MEMBERS: Readonly<Record<string, Member>> = {
  rmsprop: withOptimizer(rmsprop({ momentum: 0.5 }), { alpha: 0.9, momentum: 0.9, epsilon: 1e-4 }),
  adagrad: withOptimizer(adagrad(), { epsilon: 1e-4 }),
  gaussianDropout: withLayers([gaussianDropout(0.3), ...HIDDEN], { dropout: 0.2 }),
  alphaDropout: withLayers([dense(9), alphaDropout(linearDecay(0.4, { steps: 3 })), dense(CLASSES)], { dropout: 0.2 }),
  gaussianNoise: withLayers([gaussianNoise(0.3), ...HIDDEN], { noise: 0.2 }),
  dropConnect: withLayers([dropConnect(dense(9), 0.3), relu(), dropConnect(dense(CLASSES), 0.5)], {
    dropout: [0, 0.2],
  }),
  concreteDropout: withLayers(
    [dense(9), relu(), concreteDropout(dense(CLASSES), { weights: 0.01, entropy: 0.05, temperature: 0.5 })],
    { weights: 0.1, entropy: 0.1, temperature: 0.7 },
  ),
  scheduledDropout: withLayers([...HIDDEN.slice(0, 2), dropout(warmup(0.5, { steps: 4 })), dense(CLASSES)], {
    warmupSteps: 3,
  }),
  standout: withLayers([dense(9), standout({ shift: 0.5 }), relu(), dense(CLASSES)], { scale: 2, shift: 0.1 }),
  elu: withActivations(elu(), elu(0.5)),
  selu: withActivations(selu()),
  silu: withActivations(silu()),
  softsign: withActivations(softsign()),
  layerNorm: withActivations(layerNorm(), relu()),
  batchNorm: withActivations(batchNorm(), relu()),
  meanAbsoluteError: withLoss(meanAbsoluteError()),
  huber: withLoss(huber(0.5), { delta: 0.3 }),
  hinge: withLoss(hinge()),
  focal: withLoss(focal(), { focusing: 1 }),
  mixup: { options: { augmentation: mixup(1) }, changes: { mixup: 0.5 } },
  'mixup of numbers': { options: { augmentation: mixup(1), loss: huber() } },
  labelSmoothing: withLoss(softmaxCrossEntropy({ labelSmoothing: 0.1 }), { labelSmoothing: 0.2 }),
  lion: withOptimizer(lion({ weightDecay: 0.1 }), { beta1: 0.8, beta2: 0.9, weightDecay: 0 }),
  clipByGlobalNorm: withOptimizer(clipByGlobalNorm(sgd({ momentum: 0.5 }), 0.1), { clipNorm: 0.05 }),
  clipByValue: withOptimizer(clipByValue(sgd(), 0.01), { clipValue: 0.005 }),
  ema: withOptimizer(ema(sgd({ learningRate: 0.1 }), 0.9), { emaDecay: 0.5 }),
  groups: withOptimizer(groups(sgd({ momentum: 0.5 }), [{ layers: ['dense0'], freeze: true }, { rate: 0.5 }]), {
    momentum: 0.9,
  }),
  maxNorm: withConstraint(maxNorm(0.5), { maxNorm: [0.4, 0.3] }),
  unitNorm: withConstraint(unitNorm()),
  nonNegative: withConstraint(nonNegative()),
  l1: withPenalty(l1(0.01, { biases: true }), { l1: 0.1 }),
  'l1, proximal': withPenalty(l1(0.1, { proximal: true }), { l1: [0.3, 0.1] }),
  elasticNet: withPenalty(elasticNet(0.01), { elasticNet: 0.1, l1Ratio: 0.2 }),
  'elasticNet, proximal': withPenalty(elasticNet(0.5, { proximal: true, l1Ratio: 0.9 }), { elasticNet: 0.3 }),
  groupLasso: withPenalty(groupLasso(0.01), { 'dense1.groupLasso': 0.1 }),
  'groupLasso, proximal': withPenalty(groupLasso(0.1, { proximal: true }), { groupLasso: 0.3 }),
  penalties: withPenalty(penalties(l1(0.1, { proximal: true }), l2(0.1), groupLasso(0.1, { proximal: true })), {
    l1: 0.2,
    l2: 0.3,
  }),
  'activityPenalty, and a penalty by layer': {
    layers: [
      dense(9),
      relu(),
      activityPenalty(0.1),
      dense(CLASSES, { regularizer: l1(0.1) }),
      activityPenalty(0.1, { norm: 'l2' }),
    ],
    changes: { activity: [0.2, 0.3], 'dense1.l1': 0 },
  },
};

const engine = await sharedEngine();

const batchOf = (random: Random, { targets }: wgrad.Loss) => ({
  x: random.floats(FEATURES * BATCH),
  y:
    targets === 'classes'
      ? Uint32Array.from({ length: BATCH }, (_, i) => i % CLASSES)
      : Float32Array.from({ length: BATCH * CLASSES }, (_, i) => Number(i % 3 === 0)),
});

test.each(Object.entries(MEMBERS))('%s: gradients and steps hold, and it is saved and loaded', async (_, member) => {
  const { layers = HIDDEN, options, changes = {} } = member;
  const { loss = softmaxCrossEntropy() } = options ?? {};
  using trainer = await createTrainer(engine, sequential(layers), {
    input: [FEATURES],
    batchSize: BATCH,
    loss: softmaxCrossEntropy(),
    optimizer: sgd({ learningRate: 0.1 }),
    seed: 3,
    ...options,
  });
  const random = new Random(1);
  for (let step = 0; step < 2; step++) trainer.step(batchOf(random, loss));
  trainer.set(changes);
  const report = await verify(trainer, { sections: ['gradients', 'steps'], quick: true, steps: 1, seed: 1 });
  expect(report.verdict).toMatch(/^holds/);
  using loaded = await loadTrainer(engine, await trainer.save());
  const batch = batchOf(random, loss);
  for (const each of [trainer, loaded]) each.step(batch);
  expect(await loaded.save()).toEqual(await trainer.save());
});
