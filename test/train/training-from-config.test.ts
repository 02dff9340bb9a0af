import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  activityPenalty,
  adagrad,
  adam,
  adamw,
  alphaDropout,
  batchNorm,
  binaryCrossEntropy,
  clipByGlobalNorm,
  clipByValue,
  concreteDropout,
  configOf,
  constantRate,
  cosineDecay,
  createEngine,
  createReferenceEngine,
  createTrainer,
  dense,
  dropConnect,
  dropout,
  EngineError,
  elasticNet,
  elu,
  ema,
  exponentialDecay,
  focal,
  gaussianDropout,
  gaussianNoise,
  gelu,
  glorot,
  groupLasso,
  groups,
  he,
  hinge,
  huber,
  type Layer,
  type Loss,
  l1,
  l2,
  layerNorm,
  leakyRelu,
  lecun,
  linearDecay,
  lion,
  maxNorm,
  meanAbsoluteError,
  meanSquaredError,
  mixup,
  nonNegative,
  type Optimizer,
  penalties,
  relu,
  rmsprop,
  type Schedule,
  selu,
  sequential,
  sgd,
  sigmoid,
  silu,
  softmaxCrossEntropy,
  softplus,
  softsign,
  softTargetCrossEntropy,
  standout,
  stepDecay,
  type TrainerOptions,
  tanh,
  trainingFromConfig,
  unitNorm,
  warmup,
  zeros,
} from '../../src/index.js';
import { knownKinds } from '../../src/train/training-from-config.js';
import { testRefusals } from '../errors/refusals.js';
import { complaint } from './complaint.js';

const engine = createReferenceEngine();
const PLAIN: TrainerOptions = { input: [3], batchSize: 4, loss: meanSquaredError(), optimizer: sgd() };

const LAYERS: readonly Layer[] = [
  dense(4, {
    bias: false,
    initializer: glorot({ distribution: 'normal' }),
    regularizer: l2(0.1, { convention: 'sum' }),
  }),
  dense(3, { initializer: lecun(), regularizer: l2(0.2, { convention: 'mean', examples: 50, biases: true }) }),
  dense(2, { initializer: he({ distribution: 'normal' }), constraint: maxNorm(2) }),
  dense(2, { initializer: zeros(), constraint: unitNorm() }),
  dense(2, {
    constraint: nonNegative(),
    regularizer: penalties(l1(0.1), elasticNet(0.1, { l1Ratio: 0.3 }), groupLasso(0.1)),
  }),
  activityPenalty(0.1),
  dropout(0.25),
  dropout(linearDecay(0.5, { steps: 9, floor: 0.1 })),
  gaussianDropout(0.25),
  alphaDropout(0.25),
  standout({ scale: 2, shift: 0.5 }),
  gaussianNoise(0.1),
  dropConnect(dense(2, { initializer: zeros() }), 0.5),
  concreteDropout(dense(2)),
  relu(),
  leakyRelu(0.2),
  tanh(),
  sigmoid(),
  gelu(),
  softplus(),
  elu(0.5),
  selu(),
  silu(),
  softsign(),
  layerNorm({ epsilon: 1e-3 }),
  batchNorm({ momentum: 0.2 }),
];
const LOSSES: readonly Loss[] = [
  meanSquaredError(),
  softmaxCrossEntropy(),
  softTargetCrossEntropy(),
  binaryCrossEntropy(),
  meanAbsoluteError(),
  huber(2),
  hinge(),
  focal(1),
  softmaxCrossEntropy({ labelSmoothing: 0.1 }),
];
const SCHEDULES: readonly Schedule[] = [
  constantRate(0.3),
  stepDecay(0.3, { every: 5, gamma: 0.5 }),
  exponentialDecay(0.3, { gamma: 0.9 }),
  cosineDecay(0.3, { steps: 9, floor: 0.1 }),
  linearDecay(0.3, { steps: 9, floor: 0.1 }),
  warmup(0.3, { steps: 3 }),
  warmup(cosineDecay(0.3, { steps: 9 }), { steps: 3 }),
];
const OPTIMIZERS: readonly Optimizer[] = [
  sgd({ momentum: 0.5, nesterov: true, weightDecay: 0.01 }),
  adam({ learningRate: 0.1, beta1: 0.8, beta2: 0.9, epsilon: 1e-6 }),
  adamw({ weightDecay: 0.2 }),
  rmsprop({ momentum: 0.5 }),
  adagrad(),
  lion({ weightDecay: 0.1 }),
  clipByGlobalNorm(ema(adam(), 0.5), 1),
  clipByValue(groups(sgd(), [{ layers: ['dense0'], parameters: ['w'], rate: 0.5, freeze: false }]), 2),
  ...SCHEDULES.map((learningRate) => sgd({ learningRate })),
  ...SCHEDULES.map((learningRate) => adam({ learningRate })),
];

const options = (changes: Partial<TrainerOptions>): TrainerOptions => ({ ...PLAIN, ...changes });
const AUGMENTATION = mixup(0.3);

const TRAININGS: readonly (readonly [what: string, layers: readonly Layer[], options: TrainerOptions])[] = [
  ['every layer', [...LAYERS, dense(2)], PLAIN],
  [
    'a penalty, a constraint and an input of two dimensions',
    [dense(2)],
    options({ regularizer: l2(0.1, { biases: true }), constraint: maxNorm(3), input: [3, 2] }),
  ],
  ['mixup', [dense(2)], options({ augmentation: AUGMENTATION })],
  ...LOSSES.map((loss) => [loss.kind, [dense(2)], options({ loss })] as const),
  ...OPTIMIZERS.map(
    (optimizer) =>
      [`${optimizer.kind} ${JSON.stringify(optimizer.options)}`, [dense(2)], options({ optimizer })] as const,
  ),
];

test.each(TRAININGS)('there and back: %s', async (_, layers, given) => {
  using trainer = await createTrainer(engine, sequential(layers), { ...given, seed: 5 });
  const config = configOf(trainer);
  const { model, options } = trainingFromConfig(JSON.parse(JSON.stringify(config)));
  using again = await createTrainer(engine, model, { ...options, seed: 5 });
  expect(configOf(again)).toEqual(config);
  expect(again.hyperParameters).toEqual(trainer.hyperParameters);
  expect(await again.weights()).toEqual(await trainer.weights());
});

test('every kind has been there', () => {
  const text = JSON.stringify(
    [LAYERS, LOSSES, OPTIMIZERS, AUGMENTATION].flat().map(({ kind, options }) => ({ kind, options })),
  );
  expect(knownKinds().filter((kind) => kind !== 'constantRate' && !text.includes(`"${kind}"`))).toEqual([]);
});

const GOOD = {
  input: [2],
  batchSize: 8,
  layers: [{ kind: 'dense', units: 4 }, { kind: 'relu' }, { kind: 'dropout', p: 0.5 }, { kind: 'dense', units: 1 }],
  loss: { kind: 'meanSquaredError' },
  optimizer: { kind: 'adam', learningRate: { kind: 'warmup', steps: 5, after: 0.1 } },
  regularizer: { kind: 'l2', strength: 0.01 },
};

test('what a person writes may leave out what has a default', async () => {
  const { model, options } = trainingFromConfig(GOOD);
  using trainer = await createTrainer(engine, model, options);
  expect(configOf(trainer)).toMatchObject({
    layers: [{ kind: 'dense', units: 4, bias: true, initializer: { kind: 'he' } }, {}, {}, {}],
  });
  expect(trainer.hyperParameters).toMatchObject({
    'dropout0.dropout': 0.5,
    'dense0.l2': 0.01,
    learningRate: 0.1,
    warmupSteps: 5,
  });
});

/** A configuration from text, as a file has it: with own keys such as __proto__. */
const changed = (json: string) => trainingFromConfig({ ...GOOD, ...JSON.parse(json) });
const LAYER_KINDS = knownKinds()
  .slice(0, knownKinds().indexOf('he'))
  .map((kind) => `'${kind}'`)
  .join(', ');

testRefusals(
  {
    'the configuration must be an object such as { "input": [2], "batchSize": 32, "layers": [...], "loss": {...}, "optimizer": {...} }, got "mlp"':
      () => trainingFromConfig('mlp'),
    "unknown option 'seed'; known: input, batchSize, layers, loss, optimizer, regularizer, constraint, augmentation":
      () => changed('{"seed": 1}'),
    "unknown option '__proto__'; known: input, batchSize, layers, loss, optimizer, regularizer, constraint, augmentation":
      () => trainingFromConfig(JSON.parse('{"__proto__": {"layers": []}}')),
    'layers must be an array of layers, got a Object': () => changed('{"layers": {"length": 1e9}}'),
    'layers must hold at least one layer': () => changed('{"layers": []}'),
    'layers[0] must be an object such as { "kind": "dense" }, got 3': () => changed('{"layers": [3]}'),
    [`layers[0]: kind must be one of ${LAYER_KINDS}, got undefined`]: () => changed('{"layers": [{"units": 3}]}'),
    [`layers[0]: kind must be one of ${LAYER_KINDS}, got "__proto__"`]: () =>
      changed('{"layers": [{"kind": "__proto__"}]}'),
    [`layers[0]: kind must be one of ${LAYER_KINDS}, or be given as parts.toString, got "toString"`]: () =>
      changed('{"layers": [{"kind": "toString"}]}'),
    [`layers[0]: kind must be one of ${LAYER_KINDS}, or be given as parts.Dropout, got "Dropout", did you mean 'dropout'?`]:
      () => changed('{"layers": [{"kind": "Dropout"}]}'),
    'layers[0]: dropout: p must be a number in [0, 1), got 1': () =>
      changed('{"layers": [{"kind": "dropout", "p": 1}]}'),
    "layers[0]: dropout: unknown option 'rate'; known: p": () =>
      changed('{"layers": [{"kind": "dropout", "p": 0, "rate": 0.5}]}'),
    "layers[0]: relu: unknown option 'slope'; known: none": () =>
      changed('{"layers": [{"kind": "relu", "slope": 0.5}]}'),
    'layers[0]: dense: units must be a positive integer, got "4"': () =>
      changed('{"layers": [{"kind": "dense", "units": "4"}]}'),
    "layers[0].initializer: kind must be one of 'he', 'glorot', 'lecun', 'zeros', or be given as parts.ones, got \"ones\"":
      () => changed('{"layers": [{"kind": "dense", "units": 4, "initializer": {"kind": "ones"}}]}'),
    'regularizer: l2: strength must be a number >= 0, got -1': () =>
      changed('{"regularizer": {"kind": "l2", "strength": -1}}'),
    'optimizer.learningRate must be an object such as { "kind": "constantRate" }, got "fast"': () =>
      changed('{"optimizer": {"kind": "sgd", "learningRate": "fast"}}'),
    'optimizer.learningRate.after must be an object such as { "kind": "constantRate" }, got undefined': () =>
      changed('{"optimizer": {"kind": "sgd", "learningRate": {"kind": "warmup", "steps": 3}}}'),
    'batchSize must be a positive integer, got 0': () => changed('{"batchSize": 0}'),
    'input must be the shape of one example such as [784], got []': () => changed('{"input": []}'),
  },
  { prefix: 'EngineError of kind format: trainingFromConfig: ' },
);

/** JSON of any shape whose keys and words are those that a configuration has, and those of prototypes. */
const words = [
  ...Object.keys(GOOD),
  ...knownKinds(),
  'kind',
  'units',
  'p',
  'after',
  '__proto__',
  'constructor',
  'toString',
  'length',
];
const { any } = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'medium' },
    fc.constantFrom(...words),
    fc.oneof(fc.integer(), fc.double(), fc.boolean(), fc.constant(null)),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.array(fc.tuple(fc.constantFrom(...words), tie('any')), { maxLength: 5 }).map((entries) => {
      const object = {};
      for (const [key, value] of entries)
        Object.defineProperty(object, key, { value, enumerable: true, configurable: true });
      return object;
    }),
  ),
}));

test('whatever the data, they are a training or refused as data', () => {
  const judge = (config: unknown) => {
    try {
      trainingFromConfig(config);
    } catch (error) {
      expect(error).toBeInstanceOf(EngineError);
      expect(error).toMatchObject({ kind: 'format' });
    }
  };
  fc.assert(fc.property(any, judge), { numRuns: 500 });
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(GOOD)), any, (key, value) => judge({ ...GOOD, [key]: value })),
    { numRuns: 500 },
  );
  let tower: unknown = 0.1;
  for (let i = 0; i < 50_000; i++) tower = { kind: 'warmup', steps: 1, after: tower };
  judge({ ...GOOD, optimizer: { kind: 'sgd', learningRate: tower } });
});

const HUGE = 2 ** 53 - 1;

test.each<[string, object]>([
  ['units', { layers: [{ kind: 'dense', units: HUGE }] }],
  ['features', { input: [HUGE, HUGE] }],
  ['rows', { batchSize: HUGE }],
])('%s beyond all bounds are refused when a trainer is made', async (what, change) => {
  const { model, options } = trainingFromConfig({ ...GOOD, ...change });
  const gpu = await createEngine();
  // The reference makes no memory for a batch before there is one.
  for (const each of what === 'rows' ? [gpu] : [gpu, engine]) {
    const message = await complaint(() => createTrainer(each, model, options));
    expect(message).toMatch(/^(RangeError|EngineError of kind (limit|memory)): /);
  }
  gpu.dispose();
});
