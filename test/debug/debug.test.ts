import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createEngine } from '../../src/create-engine.js';
import { dataset } from '../../src/data/dataset.js';
import { startDebugging } from '../../src/debug/start-debugging.js';
import { GpuEngine } from '../../src/gpu/engine.js';
import { KERNELS } from '../../src/kernels/every-kernel.js';
import { relu } from '../../src/nn/activations.js';
import { dense } from '../../src/nn/dense.js';
import { dropout } from '../../src/nn/dropout.js';
import { l2 } from '../../src/nn/l2.js';
import { sequential } from '../../src/nn/layer.js';
import { softmaxCrossEntropy } from '../../src/nn/losses.js';
import { sgd } from '../../src/nn/optimizers.js';
import { Random } from '../../src/random/random.js';
import { createTrainer } from '../../src/train/create-trainer.js';
import type { Trainer } from '../../src/train/trainer.js';
import { failureOf } from '../gpu/failure-of.js';
import { gpuEngine } from '../gpu/stored.js';
import { type Mutation, mutantEngine } from '../mutation/mutant-engine.js';

const made: { dispose(): void }[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const each of made.splice(0).reverse()) each.dispose();
});

let base: GpuEngine; // on a device with timestamp queries, if there are any
beforeAll(async () => {
  base = (await createdAt(2)).engine;
});
afterAll(() => base.dispose());

async function createdAt(debug: 0 | 1 | 2 | 3 | 4): Promise<{ engine: GpuEngine; told: string[] }> {
  const told: string[] = [];
  const engine = await createEngine({ debug, log: (text) => told.push(text) });
  if (!(engine instanceof GpuEngine)) throw new Error('test: the engine has no GPU');
  return { engine, told };
}

/** Returns an engine on the device of `base`, which compiles nothing that another has compiled. */
function engineOf(debug: 0 | 1 | 2 | 3 | 4, mutate: Mutation = (wgsl) => wgsl): { engine: GpuEngine; told: string[] } {
  const told: string[] = [];
  const debugging = debug > 0 ? startDebugging(debug, (text) => told.push(text)) : undefined;
  const engine = mutantEngine(base, mutate, { debugging });
  made.push(engine);
  return { engine, told };
}

async function trainerOf(engine: GpuEngine, learningRate = 0.1): Promise<Trainer> {
  const trainer = await createTrainer(engine, sequential([dense(9), relu(), dropout(0.5), dense(3)]), {
    input: [6],
    batchSize: 8,
    loss: softmaxCrossEntropy(),
    optimizer: sgd({ learningRate, momentum: 0.9 }),
    regularizer: l2(0.01),
    seed: 5,
  });
  made.push(trainer);
  return trainer;
}

/** 21 examples: the last batch of an epoch is short. */
function examples(bytes: boolean) {
  const random = new Random(3);
  const x = bytes ? Uint8Array.from(random.floats(21 * 6, 0, 256)) : random.floats(21 * 6);
  return dataset({ x, y: Uint32Array.from({ length: 21 }, (_, i) => i % 3), features: 6 });
}

/** Trains on data on the GPU and on a batch of its own, evaluates; returns the weights. */
async function train(trainer: Trainer): Promise<Float32Array[]> {
  for (const bytes of [false, true]) {
    for await (const _ of trainer.fit(examples(bytes), { epochs: 2, validation: examples(bytes) }));
  }
  trainer.step({ x: new Random(4).floats(5 * 6), y: Uint32Array.of(0, 1, 2, 1, 0) });
  await trainer.metrics();
  return (await trainer.weights()).map(({ data }) => data);
}

test('level 0 tells nothing', async () => {
  const { engine, told } = await createdAt(0);
  made.push(engine);
  await train(await trainerOf(engine));
  expect(told).toEqual([]);
});

test('level 1 tells the plan of every program, and nothing while it runs', async () => {
  const { engine, told } = await createdAt(1);
  made.push(engine);
  const trainer = await trainerOf(engine);
  const [plan] = told.filter((text) => text.includes('5 dispatches'));
  expect(plan).toMatch(/^wgrad plan: 5 dispatches, 4 shaders \(1 reused\), [\d.]+ kflop and [\d.]+ kB a member$/m);
  expect(plan).toMatch(/^0 \S+ \S+ \+ bias relu dropout \| .* \| reads x dense0\.w dense0\.b \| .* flop, [\d.]+ B$/m);
  expect(plan).toMatch(/^memory of the model for 1 member, no buffer of which is reused: state /m);
  const before = told.length;
  trainer.step({ x: new Float32Array(6), y: Uint32Array.of(0) });
  await trainer.metrics();
  expect(told).toHaveLength(before);
});

describe('level 2', () => {
  test('times every dispatch, and shows it in the Performance panel', async () => {
    const { engine, told } = engineOf(2);
    const measure = vi.spyOn(performance, 'measure');
    const trainer = await trainerOf(engine);
    for (let step = 0; step < 11; step++) trainer.step({ x: new Float32Array(6), y: Uint32Array.of(0) });
    await trainer.metrics();
    const times = told.filter((text) => text.startsWith('wgrad time:'));
    if (!engine.device.features.has('timestamp-query')) {
      expect(times[0]).toContain('this device has no timestamp queries');
      return;
    }
    expect(times[0]).toContain('mean of 1 step, the first with compiling');
    const later = times.find((text) => text.includes('mean of 10 steps\n')) ?? '';
    expect(later.split('\n').slice(1)).toHaveLength(5);
    expect(later).toMatch(/^ +[\d.]+ µs +\d+ % +[\d.]+ GB\/s +[\d.]+ GFLOP\/s {2}0 \S+ \S+ \+ bias relu dropout$/m);
    const [name, options] = measure.mock.calls[0] as [string, { start: number; end: number; detail: unknown }];
    expect(name).toMatch(/ \+ bias relu dropout$/);
    expect(options.end).toBeGreaterThanOrEqual(options.start);
    expect(options.detail).toMatchObject({ devtools: { dataType: 'track-entry', trackGroup: 'wgrad' } });
    expect(performance.getEntriesByName(name)).toEqual([]);
  });

  test('times whole steps on a device without timestamp queries', async () => {
    const without = await gpuEngine();
    made.push(without);
    const told: string[] = [];
    const debugging = startDebugging(2, (text) => told.push(text));
    const engine = new GpuEngine(without.device, false, { kernels: KERNELS, debugging });
    const trainer = await trainerOf(engine);
    trainer.step({ x: new Float32Array(6), y: Uint32Array.of(0) });
    await trainer.metrics();
    expect(told.join('\n')).toMatch(
      /^wgrad time: [\d.]+ ms a step of the program from .* on, mean of 1 step, the first with compiling; this device has no timestamp queries$/m,
    );
  });
});

test('level 3 tells the WGSL that is compiled', async () => {
  const { engine, told } = await createdAt(3);
  made.push(engine);
  await trainerOf(engine);
  const texts = told.filter((text) => text.startsWith('// '));
  expect(texts.some((text) => /^\/\/ \S+ \S+ \+ bias relu dropout\n/.test(text))).toBe(true);
  for (const text of texts) expect(text).toContain('@compute');
});

describe('level 4', () => {
  test('changes no bit and complains of nothing', async () => {
    const weights = [];
    for (const level of [0, 4] as const) weights.push(await train(await trainerOf(engineOf(level).engine)));
    expect(weights[1]).toEqual(weights[0]);
  });

  test.each([
    [
      'an activation',
      'select(x, vec4f(0), x < vec4f(0))',
      'select(x, vec4f(0.01), x < vec4f(0))',
      / \+ bias relu dropout at m=8,k=6,n=9: dropout%\d+\[/,
    ],
    ['an update', 'theta - rate * d', 'theta - 1.001 * rate * d', / descend .* at .*: descend%\d+\[/],
    [
      'a gradient',
      'fn reluDropoutGradient(dy: vec4f, y',
      'fn reluDropoutGradient(y: vec4f, dy',
      / \+ reluDropoutGradient at .*: reluDropoutGradient%\d+\[/,
    ],
  ])('finds %s that is wrong, in the dispatch that computes it', async (_, search, replacement, where) => {
    let changed = false;
    const mutate = (wgsl: string) => {
      changed ||= wgsl.includes(search);
      return wgsl.replace(search, replacement);
    };
    const trainer = await trainerOf(engineOf(4, mutate).engine);
    trainer.step({ x: new Random(4).floats(8 * 6), y: Uint32Array.of(0, 1, 2, 1, 0, 1, 2, 2) });
    const { kind, message } = await failureOf(() => trainer.metrics());
    expect(changed).toBe(true);
    expect(kind).toBe('validation');
    expect(message).toMatch(/^debug: step 0, member 0 \(seed 5:0\), dispatch \d, .* times the bound\)$/);
    expect(message).toMatch(where);
  });

  test('names the dispatch that makes the first number that is not finite', async () => {
    const { engine } = engineOf(4);
    const trainer = await trainerOf(engine, 1e30);
    for (let step = 0; step < 4; step++) trainer.step({ x: new Random(4).floats(8 * 6), y: new Uint32Array(8) });
    const { kind, message } = await failureOf(() => trainer.metrics());
    expect(kind).toBe('validation');
    expect(message).toMatch(/^debug: step \d, member 0 \(seed 5:0\), dispatch \d, .*\[\d+, \d+\] is (NaN|-?Infinity)$/);
  });
});

test.each([
  [{ debug: 5 }, 'createEngine: debug must be an integer in [0, 4], got 5'],
  [{ debug: 0.5 }, 'createEngine: debug must be an integer in [0, 4], got 0.5'],
  [{ debug: '1' }, 'createEngine: debug must be an integer in [0, 4], got "1"'],
  [{ log: 1 }, 'createEngine: log must be a function, got 1'],
])('createEngine(%o) is refused', async (options, message) => {
  await expect(createEngine(options as object)).rejects.toThrow(message);
});
