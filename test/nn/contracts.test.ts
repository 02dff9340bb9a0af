import { describe, expect, test } from 'vitest';
import {
  adam,
  adamw,
  clipByGlobalNorm,
  clipByValue,
  configOf,
  cosineDecay,
  createPopulation,
  createTrainer,
  dense,
  dropout,
  type Engine,
  ema,
  groups,
  type Layer,
  l2,
  loadModel,
  loadTrainer,
  maxNorm,
  meanSquaredError,
  nonNegative,
  type Optimizer,
  type Regularizer,
  relu,
  sequential,
  sgd,
  type Trainer,
  type TrainerOptions,
  trainingFromConfig,
  unitNorm,
} from '../../src/index.js';
import { abs, constant, maximum, multiply, sign, subtract, sumAll } from '../../src/ops.js';
import { verify } from '../../src/verify.js';
import { THOROUGH } from '../laws/law.js';
import { Random } from '../ops/random.js';
import { complaint } from '../train/complaint.js';
import { ENGINES } from '../train/engines.js';

const model = () => sequential([dense(5), relu(), dense(2)]);
const random = new Random(3);
const BATCHES = Array.from({ length: 10 }, () => ({ x: random.floats(8 * 3, -1, 1), y: random.floats(8 * 2, -2, 2) }));

const open = (engine: Engine, optimizer: Optimizer, more: Partial<TrainerOptions> = {}, of = model()) =>
  createTrainer(engine, of, { input: [3], batchSize: 8, loss: meanSquaredError(), optimizer, seed: 5, ...more });

type Values = number[][];
const valuesOf = async (trainer: Trainer): Promise<Values> =>
  (await trainer.weights()).map(({ data }) => Array.from(data));

/** The gradients of the mean squared error at these weights, in float64. */
function gradientsAt([w0, b0, w1, b1]: Values, { x, y }: { x: Float32Array; y: Float32Array }): Values {
  const gradients = [w0, b0, w1, b1].map((values) => values.map(() => 0));
  for (let row = 0; row < 8; row++) {
    const input = x.slice(row * 3, row * 3 + 3);
    const hidden = b0.map((b, j) => Math.max(0, b + input.reduce((sum, v, i) => sum + v * w0[i * 5 + j], 0)));
    const output = b1.map((b, j) => b + hidden.reduce((sum, v, i) => sum + v * w1[i * 2 + j], 0));
    const dy = output.map((v, j) => (2 * (v - y[row * 2 + j])) / 2 / 8);
    const dh = hidden.map((h, i) => (h > 0 ? dy.reduce((sum, d, j) => sum + d * w1[i * 2 + j], 0) : 0));
    for (const [j, d] of dy.entries()) {
      gradients[3][j] += d;
      for (const [i, h] of hidden.entries()) gradients[2][i * 2 + j] += d * h;
    }
    for (const [j, d] of dh.entries()) {
      gradients[1][j] += d;
      for (const [i, v] of input.entries()) gradients[0][i * 5 + j] += d * v;
    }
  }
  return gradients;
}

const map = (values: Values, of: (value: number, p: number, i: number) => number): Values =>
  values.map((each, p) => each.map((value, i) => of(value, p, i)));
const largest = (a: Values, b: Values) => Math.max(...a.flatMap((own, p) => own.map((v, i) => Math.abs(v - b[p][i]))));
const normOf = (values: Values) => Math.hypot(...values.flat());

// test/steps checks the steps of the same parts on the GPU, tensor by tensor.
describe.each(THOROUGH ? ENGINES : ENGINES.slice(1))('on %s', (_, engine) => {
  test.each<[string, (own: number) => Optimizer, (gradients: Values, theta: Values) => Values]>([
    [
      'clipByGlobalNorm',
      (rate) => clipByGlobalNorm(sgd({ learningRate: rate }), 0.5),
      (g) => map(g, (v) => v * Math.min(1, 0.5 / normOf(g))),
    ],
    [
      'clipByValue',
      (rate) => clipByValue(sgd({ learningRate: rate }), 0.125),
      (g) => map(g, (v) => Math.max(-0.125, Math.min(0.125, v))),
    ],
    [
      'groups',
      (rate) =>
        groups(sgd({ learningRate: rate, weightDecay: 0.25 }), [
          { layers: ['dense0'], parameters: ['b'], freeze: true },
          { layers: ['dense1'], rate: 0.5, weightDecay: 0.5 },
        ]),
      (g, theta) =>
        map(g, (v, p, i) => {
          if (p === 1) return 0;
          const decay = p === 0 ? 0.25 : p === 2 ? 0.5 : 0;
          return (p < 2 ? 1 : 0.5) * (v + decay * theta[p][i]);
        }),
    ],
  ])('ten steps of %s are those by hand', async (_, optimizer, direction) => {
    using trainer = await open(engine, optimizer(0.25));
    let theta = await valuesOf(trainer);
    const start = theta;
    for (const batch of BATCHES) {
      trainer.step(batch);
      const by = direction(gradientsAt(theta, batch), theta);
      const wanted = map(theta, (v, p, i) => v - 0.25 * by[p][i]);
      theta = await valuesOf(trainer); // the next step starts from what float32 made of this one
      expect(largest(theta, wanted)).toBeLessThan(1e-5);
    }
    expect(largest(theta, start)).toBeGreaterThan(0.05);
  });

  test('ema: the average after ten steps is that by hand, and evaluation reads it', async () => {
    const plain = await open(engine, adam({ learningRate: 0.1 }));
    using trainer = await open(engine, ema(adam({ learningRate: 0.1 }), 0.75));
    let average = await valuesOf(trainer);
    for (const batch of BATCHES) {
      trainer.step(batch);
      plain.step(batch);
      const theta = await valuesOf(trainer);
      average = map(average, (v, p, i) => 0.75 * v + 0.25 * theta[p][i]);
    }
    expect(await trainer.weights()).toEqual(await plain.weights());
    const { x } = BATCHES[0];
    const outputs = await trainer.predict(x);
    const weights = await plain.weights();
    await plain.setWeights(weights.map((each, p) => ({ ...each, data: Float32Array.from(average[p]) })));
    const wanted = await plain.predict(x);
    expect(Math.max(...outputs.map((v, i) => Math.abs(v - wanted[i])))).toBeLessThan(1e-5);
    const before = await trainer.predict(x);
    for (const options of [{}, { weightsOnly: true }]) {
      using used = await loadModel(engine, await trainer.save(options));
      expect(await used.predict(x)).toEqual(before);
    }
    await trainer.setWeights(weights);
    await plain.setWeights(weights);
    expect(await trainer.predict(x)).toEqual(await plain.predict(x));
    plain.dispose();
  });

  test.each<[string, Optimizer, Partial<TrainerOptions>]>([
    ['clipping by the norm', clipByGlobalNorm(adam({ learningRate: 0.1 }), 0.5), {}],
    ['clipping by value', clipByValue(sgd({ momentum: 0.9 }), 0.5), {}],
    ['averages', ema(adamw({ learningRate: 0.1 })), { constraint: maxNorm(0.75) }],
    ['groups', groups(adamw({ learningRate: 0.1 }), [{ layers: ['dense0'], rate: 0.5, weightDecay: 0.1 }]), {}],
    [
      'unit norms',
      clipByGlobalNorm(ema(sgd({ learningRate: 0.1 })), 1),
      { constraint: unitNorm(), regularizer: l2(0.1) },
    ],
  ])(
    '%s: verified, saved, loaded and resumed, in a population and from its configuration',
    async (_, optimizer, more) => {
      const of = sequential([dense(5), relu(), dropout(0.25), dense(2)]);
      const trainer = await open(engine, optimizer, more, of);
      for (const batch of BATCHES.slice(0, 4)) trainer.step(batch);
      await trainer.metrics();
      if (engine.info.backend === 'webgpu')
        expect((await verify(trainer, { quick: true, sections: ['gradients', 'steps'] })).passed).toBe(true);
      using loaded = await loadTrainer(engine, await trainer.save());
      const made = trainingFromConfig(configOf(trainer));
      const again = await createPopulation(engine, made.model, {
        ...made.options,
        members: [{ seed: 9 }, { seed: 5 }],
      });
      for (const batch of BATCHES.slice(0, 4)) again.step(batch);
      for (const batch of BATCHES.slice(4)) for (const each of [trainer, loaded, again]) each.step(batch);
      expect(await loaded.save()).toEqual(await trainer.save());
      expect(await again.weights(1)).toEqual(await trainer.weights());
      expect(await again.predict(BATCHES[0].x)).toMatchObject({ 1: await trainer.predict(BATCHES[0].x) });
      trainer.dispose();
      again.dispose();
    },
  );

  test('every norm is at most that of maxNorm after every step, and weights that must not be negative are not', async () => {
    const layers = [dense(5, { constraint: maxNorm(0.5) }), relu(), dense(2, { constraint: nonNegative() })];
    using trainer = await open(engine, adam({ learningRate: 0.1 }), {}, sequential(layers));
    let negative = 0;
    for (const batch of BATCHES) {
      trainer.step(batch);
      const [w0, b0, w1] = await valuesOf(trainer);
      for (let unit = 0; unit < 5; unit++) {
        expect(Math.hypot(...w0.filter((_, i) => i % 5 === unit))).toBeLessThanOrEqual(0.5 * (1 + 2 ** -21));
      }
      expect(Math.min(...w1)).toBeGreaterThanOrEqual(0);
      negative = Math.min(negative, ...b0);
    }
    expect(negative).toBeLessThan(0);
    trainer.set({ maxNorm: 0.25 });
    trainer.step(BATCHES[0]);
    const [w0] = await valuesOf(trainer);
    expect(Math.hypot(w0[0], w0[5], w0[10])).toBeLessThanOrEqual(0.25 * (1 + 2 ** -21));
  });

  test('a proximal step of your own takes the place of the gradient of its penalty, and gives exact zeros', async () => {
    const lasso: Regularizer = {
      kind: 'lasso',
      options: {},
      penalty: ({ tensor, penalised }) =>
        penalised ? multiply(sumAll(abs(tensor)), constant(tensor.trace, 0.5)) : undefined,
      proximal({ penalised, layer }, value, context) {
        if (!penalised) return value;
        const by = context.scalar(`${layer}.threshold`, (host) => [0.5 * context.rate(host)]);
        return multiply(sign(value), maximum(subtract(abs(value), by), constant(value.trace, 0)));
      },
    };
    const learningRate = cosineDecay(0.25, { steps: 20 });
    using trainer = await open(engine, sgd({ learningRate }), { regularizer: lasso });
    let theta = await valuesOf(trainer);
    let zeros = 0;
    for (const [step, batch] of BATCHES.entries()) {
      trainer.step(batch);
      const rate = 0.25 * learningRate.factor(step);
      const gradients = gradientsAt(theta, batch);
      const wanted = map(theta, (v, p, i) => {
        const moved = v - rate * gradients[p][i];
        return p % 2 === 1 ? moved : Math.sign(moved) * Math.max(0, Math.abs(moved) - 0.5 * rate);
      });
      theta = await valuesOf(trainer);
      expect(largest(theta, wanted)).toBeLessThan(1e-5);
      expect(theta.map((each) => each.map((v) => v === 0))).toEqual(wanted.map((each) => each.map((v) => v === 0)));
      zeros = theta.flat().filter((v) => v === 0).length;
    }
    expect(zeros).toBeGreaterThan(3);
  });

  test('a proximal step asks for a rate, which an optimizer of your own may not tell', async () => {
    const { rate: _, ...silent } = sgd();
    const greedy: Regularizer = {
      ...l2(0.1),
      kind: 'greedy',
      proximal: (_, value, { rate, scalar }) =>
        multiply(
          value,
          scalar('rate', (host) => [rate(host)]),
        ),
    };
    expect(await complaint(() => open(engine, { ...silent, kind: 'silent' }, { regularizer: greedy }))).toBe(
      'Error: step: the optimizer silent does not tell its rate, which a proximal step needs',
    );
  });

  test('a layer adds a term to the objective', async () => {
    const small: Layer = {
      kind: 'small',
      options: {},
      apply(x, context) {
        context.hyper('small', 0.125, { min: 0 });
        context.penalty(multiply(sumAll(multiply(x, x)), context.scalar('small')));
        return x;
      },
    };
    using trainer = await open(engine, sgd({ learningRate: 0.25 }), {}, sequential([dense(2), small]));
    const [w, b] = await valuesOf(trainer);
    const { x, y } = BATCHES[0];
    trainer.step(BATCHES[0]);
    const wanted = [[...w], [...b]];
    for (let row = 0; row < 8; row++) {
      for (let j = 0; j < 2; j++) {
        const out = b[j] + [0, 1, 2].reduce((sum, i) => sum + x[row * 3 + i] * w[i * 2 + j], 0);
        const dy = (out - y[row * 2 + j]) / 8 + 2 * 0.125 * out;
        wanted[1][j] -= 0.25 * dy;
        for (let i = 0; i < 3; i++) wanted[0][i * 2 + j] -= 0.25 * dy * x[row * 3 + i];
      }
    }
    expect(largest(await valuesOf(trainer), wanted)).toBeLessThan(1e-5);
    if (engine.info.backend === 'webgpu') {
      expect((await verify(trainer, { quick: true, sections: ['gradients', 'steps'] })).passed).toBe(true);
    }
  });
});

test.each<[() => unknown, string]>([
  [() => clipByGlobalNorm(adam(), 0), 'RangeError: clipByGlobalNorm: norm must be a number > 0, got 0'],
  [() => clipByValue(adam(), -1), 'RangeError: clipByValue: limit must be a number > 0, got -1'],
  [() => ema(adam(), 1), 'RangeError: ema: decay must be a number in [0, 1), got 1'],
  [() => ema(ema(adam())), 'TypeError: ema: ema has averages already'],
  [() => maxNorm(0), 'RangeError: maxNorm: norm must be a number > 0, got 0'],
  [() => groups(adam(), 3 as never), 'TypeError: groups: list must be an array of groups, got 3'],
  [() => groups(adam(), [{ rate: -1 }]), 'RangeError: groups: groups[0]: rate must be a number >= 0, got -1'],
  [
    () => groups(adam(), [{ layer: ['dense0'] } as never]),
    "TypeError: groups: groups[0]: unknown option 'layer', did you mean 'layers'?; known: layers, parameters, rate, weightDecay, freeze",
  ],
  [
    () => open(ENGINES[1][1], groups(adam(), [{ layers: ['dense9'], rate: 1 }])),
    'RangeError: groups: groups[0] names no parameter of the model',
  ],
  [
    () => open(ENGINES[1][1], groups(adam(), [{ weightDecay: 1 }])),
    'RangeError: groups: groups[0].weightDecay: the optimizer has no weightDecay here',
  ],
])('what is wrong is refused: %#', async (run, message) => {
  expect(await complaint(run)).toBe(message);
});
