import { describe, expect, test } from 'vitest';
import {
  adam,
  type Constraint,
  configOf,
  cosineDecay,
  createTrainer,
  dataset,
  dense,
  dropConnect,
  type Engine,
  EngineError,
  ema,
  type Initializer,
  type Layer,
  type Loss,
  loadModel,
  loadTrainer,
  meanSquaredError,
  type Optimizer,
  type Regularizer,
  relu,
  type Schedule,
  sequential,
  sgd,
  type TrainerOptions,
  toOnnx,
  trainingFromConfig,
} from '../../src/index.js';
import { abs, divide, maximum, meanAll, multiply, subtract, sumAll, tileSums } from '../../src/ops.js';
import { random, search, uniform } from '../../src/tune.js';
import { complaint } from './complaint.js';
import { ENGINES } from './engines.js';

// One part of one's own of every family, some made of others.
const scaled = (inner: Layer, by: number): Layer => ({
  kind: 'scaled',
  options: { inner, by },
  starts: ['by'],
  apply(x, context) {
    const name = `${context.layerName('scaled')}.by`;
    context.hyper(name, by, { min: 0 });
    return multiply(inner.apply(x, context), context.scalar(name));
  },
});
const filled = (value: number): Initializer => ({
  kind: 'filled',
  options: { value },
  fill: (out) => out.map((_, i) => (out[i] = value * Math.cos(i))),
});
const lasso = (strength: number): Regularizer => ({
  kind: 'lasso',
  options: { strength },
  penalty({ tensor, penalised, layer }, context) {
    if (!penalised) return undefined;
    context.hyper(`${layer}.lasso`, strength, { min: 0 });
    return multiply(sumAll(abs(tensor)), context.scalar(`${layer}.lasso`));
  },
});
const below = (most: number): Constraint => ({
  kind: 'below',
  options: { most },
  constrain({ penalised }, value, context) {
    const limit = context.scalar('below', () => [most]);
    return penalised ? divide(multiply(value, limit), maximum(abs(value), limit)) : value;
  },
});
const absolute = (): Loss => ({
  ...meanSquaredError(),
  kind: 'absolute',
  apply(y, targets, batch, weights) {
    const losses = abs(subtract(y, targets));
    return { losses, lossSums: tileSums(losses, batch, weights), lossScale: 1 };
  },
});
const halving = (base: number): Schedule => ({
  kind: 'halving',
  base,
  options: { base },
  factor: (step) => 2 ** -step,
});
const shrunk = (
  inner: Optimizer,
  { names = ['w'], after }: { names?: string[]; after?: Schedule } = {},
): Optimizer => ({
  ...inner,
  kind: 'shrunk',
  options: after ? { inner, names, after } : { inner, names },
  update: (gradients, context) =>
    inner.update(
      gradients.map(({ parameter, gradient }) => ({ parameter, gradient: multiply(gradient, meanAll(abs(gradient))) })),
      context,
    ),
});

const PARTS = {
  scaled: ({ inner, by }: { inner: Layer; by: number }) => scaled(inner, by),
  filled: ({ value }: { value: number }) => filled(value),
  lasso: ({ strength }: { strength: number }) => lasso(strength),
  below: ({ most }: { most: number }) => below(most),
  absolute,
  halving: ({ base }: { base: number }) => halving(base),
  shrunk: ({ inner, ...options }: { inner: Optimizer; names: string[]; after?: Schedule }) => shrunk(inner, options),
};

const model = () =>
  sequential([scaled(dense(5, { initializer: filled(0.5) }), 2), relu(), dense(1, { constraint: below(0.5) })]);
const options = (): TrainerOptions => ({
  input: [3],
  batchSize: 8,
  loss: absolute(),
  optimizer: ema(shrunk(adam({ learningRate: halving(0.1) }), { after: cosineDecay(1, { steps: 9 }) }), 0.5),
  regularizer: lasso(0.01),
  constraint: below(2),
  seed: 5,
});
const x = Float32Array.from({ length: 24 }, (_, i) => Math.sin(1.7 * i));
const batch = { x, y: x.filter((_, i) => i % 3 === 0).map((v) => 2 * v) };

const trained = async (engine: Engine) => {
  const trainer = await createTrainer(engine, model(), options());
  for (let step = 0; step < 3; step++) trainer.step(batch);
  return trainer;
};

describe.each(ENGINES)('on %s', (_, engine) => {
  test('parts of every family are saved, and loaded with the functions that make them', async () => {
    using trainer = await trained(engine);
    trainer.set({ 'scaled0.by': 1.5, 'dense0.lasso': 0.5 });
    const bytes = await trainer.save();
    using again = await loadTrainer(engine, bytes, { parts: PARTS });
    expect(await again.save()).toEqual(bytes);
    for (const each of [trainer, again]) each.step(batch);
    expect(await again.save()).toEqual(await trainer.save());
    for (const save of [{}, { weightsOnly: true }]) {
      using used = await loadModel(engine, await trainer.save(save), { parts: PARTS });
      expect(await used.predict(x)).toEqual(await trainer.predict(x));
    }
    const made = trainingFromConfig(configOf(trainer), { parts: PARTS });
    using fresh = await createTrainer(engine, made.model, { ...made.options, seed: 5 });
    using first = await createTrainer(engine, model(), options());
    expect(await fresh.save()).toEqual(await first.save());
  });
});

const [, [, engine]] = ENGINES;

test('a search over the strengths of such parts returns a network that loads', async () => {
  const data = dataset({ x, y: batch.y, features: 3 });
  const run = search(engine, model(), {
    ...options(),
    seed: 1,
    space: { lasso: uniform(0.01, 0.1), by: uniform(1, 2) },
    strategy: random(),
    population: 2,
    budget: { epochs: 1 },
    train: data,
    validation: data,
  });
  for await (const _ of run);
  const bytes = await run.bestNetwork({ metadata: { of: 'search' } });
  using best = await loadModel(engine, bytes, { parts: PARTS });
  expect(best.metadata).toEqual({ of: 'search' });
  expect(best.hyperParameters['dense1.lasso']).toBe(run.result.bestConfig?.lasso);
});

test('ONNX takes a model whose optimizer and penalty are of your own, and refuses a layer', async () => {
  const plain = await createTrainer(engine, sequential([dense(2), relu(), dense(1)]), options());
  expect((await toOnnx(plain)).length).toBeGreaterThan(100);
  const file = await plain.save();
  expect(await toOnnx(await loadModel(engine, file, { parts: PARTS }))).toEqual(await toOnnx(plain));
  const message =
    'EngineError of kind unsupported: toOnnx: layers[0] is a layer of your own, "scaled", which ONNX does not have';
  expect(await complaint(async () => toOnnx(await trained(engine)))).toBe(message);
  const masked = sequential([dropConnect(scaled(dense(1), 1), 0.5)]);
  expect(await complaint(async () => toOnnx(await createTrainer(engine, masked, options())))).toBe(
    message.replace('"scaled"', '"dropConnect"'),
  );
});

describe('refused by save, at once:', () => {
  const own = (options: object, kind: unknown = 'mine') => ({ kind, options, apply: (x: never) => x }) as never;
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  test.each<[string, TrainerOptions | undefined, Layer | undefined]>([
    ['layers[1].f is a function, which no file can hold', undefined, own({ f: () => 1 })],
    ['layers[1].list[1].x is a Float32Array, which no file can hold', undefined, own({ list: [1, { x: x }] })],
    ['layers[1].x is NaN, which no file can hold', undefined, own({ x: Number.NaN })],
    ['layers[1].x is a Map, which no file can hold', undefined, own({ x: new Map() })],
    ['layers[1].self.self holds itself', undefined, own(cyclic)],
    ['layers[1] must have a name as its kind, got 7', undefined, own({}, 7)],
    [
      "layers[1] has the kind 'relu' of a part of the library; a part of your own needs another",
      undefined,
      own({}, 'relu'),
    ],
    [
      "layers[1] has the kind 'dense' of a part of the library; a part of your own needs another",
      undefined,
      { ...dense(1) },
    ],
    [
      "optimizer.optimizer has the kind 'sgd' of a part of the library; a part of your own needs another",
      { ...options(), optimizer: ema({ ...sgd() }) },
      undefined,
    ],
    [
      'loss.x is 1n, which no file can hold',
      { ...options(), loss: { ...absolute(), options: { x: 1n as never } } },
      undefined,
    ],
  ])('%s', async (fault, given, layer) => {
    const layers = layer ? [dense(1), layer] : [dense(1)];
    using trainer = await createTrainer(engine, sequential(layers), given ?? options());
    expect(await complaint(() => trainer.save())).toBe(
      `EngineError of kind unsupported: save: loadTrainer could not make this model again: ${fault}; weights() returns the parameters`,
    );
  });
});

test('loading says which part is missing or wrong', async () => {
  using trainer = await trained(engine);
  const bytes = await trainer.save();
  const { lasso: _, ...withoutLasso } = PARTS;
  const { halving: __, ...withoutHalving } = PARTS;
  const { scaled: ___, ...withoutScaled } = PARTS;
  const fail = () => {
    throw new RangeError('not today');
  };
  const cases: [parts: unknown, message: string | RegExp][] = [
    [
      undefined,
      /^EngineError of kind format: loadTrainer: layers\[0\]: kind must be one of 'dense', .*, or be given as parts\.scaled, got "scaled"$/,
    ],
    [withoutScaled, /or be given as parts\.scaled, got "scaled"$/],
    [
      withoutLasso,
      /^EngineError of kind format: loadTrainer: regularizer: kind must be one of 'l2'.*, or be given as parts\.lasso, got "lasso"/,
    ],
    [
      withoutHalving,
      /^EngineError of kind format: loadTrainer: optimizer\.optimizer\.inner\.learningRate: kind must be one of 'constantRate', .*parts\.halving, got "halving"$/,
    ],
    [[], 'TypeError: loadTrainer: parts must be an object of functions by kind, got []'],
    [
      { ...PARTS, lasso: 3 },
      'TypeError: loadTrainer: parts.lasso must be a function of options that makes a part, got 3',
    ],
    [{ ...PARTS, dense: absolute }, "RangeError: loadTrainer: parts.dense: the library makes the kind 'dense' itself"],
    [
      { ...PARTS, lasso: () => below(1) },
      "EngineError of kind format: loadTrainer: regularizer: parts.lasso must return a part of the kind 'lasso' with a function penalty, got a Object",
    ],
    [
      { ...PARTS, lasso: () => undefined },
      "EngineError of kind format: loadTrainer: regularizer: parts.lasso must return a part of the kind 'lasso' with a function penalty, got undefined",
    ],
    [{ ...PARTS, below: fail }, 'EngineError of kind format: loadTrainer: layers[2].constraint: not today'],
  ];
  for (const [parts, message] of cases) {
    const said = await complaint(() => loadTrainer(engine, bytes, { parts: parts as never }));
    if (typeof message === 'string') expect(said).toBe(message);
    else expect(said).toMatch(message);
  }
  const nested = { ...configOf(trainer), optimizer: { kind: 'shrunk', inner: { kind: 'adem' }, names: [] } };
  expect(() => trainingFromConfig(nested, { parts: PARTS })).toThrow(
    new EngineError(
      'format',
      'trainingFromConfig: optimizer.inner: kind must be one of the library\'s or be given as parts.adem, got "adem"',
    ),
  );
  expect(await complaint(() => trainingFromConfig({}, { part: {} } as never))).toBe(
    "TypeError: trainingFromConfig: unknown option 'part', did you mean 'parts'?; known: parts",
  );
});
