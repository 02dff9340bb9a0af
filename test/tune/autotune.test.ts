import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GpuEngine } from '../../src/gpu/engine.js';
import { GpuProgram } from '../../src/gpu/gpu-program.js';
import { createEngine, createTrainer, dense, dropout, type Engine, sequential, tanh } from '../../src/index.js';
import { KERNELS } from '../../src/kernels/every-kernel.js';
import { variantsOn } from '../../src/kernels/index.js';
import type { Dispatch } from '../../src/plan/plan.js';
import { sessionOf } from '../../src/train/trainer.js';
import { findShapes } from '../../src/tune/find-shapes.js';
import { autotune, type TunedShape, type Tuning } from '../../src/tune.js';
import { gpuEngine } from '../gpu/stored.js';
import { mutantEngine } from '../mutation/mutant-engine.js';
import { complaint } from '../train/complaint.js';
import { type CountingDevice, countingDevice } from '../train/counting-device.js';
import { MODEL, NN, OPTIONS, setUp, TN } from './tuned-model.js';

/** The dispatches of a new trainer's step. */
async function dispatches(engine: Engine): Promise<readonly Dispatch[]> {
  using trainer = await createTrainer(engine, MODEL, OPTIONS);
  const { program } = sessionOf(trainer).compiled;
  if (!(program instanceof GpuProgram)) throw new Error('test: the engine has no GPU');
  return program.plan.dispatches;
}

const titles = async (engine: Engine) => (await dispatches(engine)).map(({ title }) => title);

/** Everything that a trainer keeps after four steps. */
async function trained(engine: Engine): Promise<Uint8Array> {
  using trainer = await createTrainer(engine, MODEL, OPTIONS);
  const x = Float32Array.from({ length: 8 * 5 }, (_, i) => Math.sin(i * i));
  const y = Float32Array.from({ length: 8 * 6 }, (_, i) => Math.cos(i));
  for (let step = 0; step < 4; step++) trainer.step({ x, y });
  return await trainer.save();
}

/** A store that remembers what it was asked, and answers with a variant that `choose` names. */
class Store extends Map<string, string> {
  choose(choose: (shape: TunedShape['candidates']) => string): void {
    for (const [key, value] of this) {
      const { candidates } = JSON.parse(value) as TunedShape;
      this.set(key, JSON.stringify({ chosen: choose(candidates), candidates }));
    }
  }
}

let counting: CountingDevice;
let engine: GpuEngine;
let tuning: Tuning;
let store: Store;
let progress: string[];
beforeAll(async () => {
  ({ counting, engine } = await setUp());
  store = new Store();
  progress = [];
  tuning = await autotune(engine, MODEL, {
    ...OPTIONS,
    store,
    seconds: 300,
    onProgress: ({ shape, done, total }) => progress.push(`${done} of ${total}: ${shape}`),
  });
});
afterAll(() => {
  expect(counting.uncaught).toEqual([]);
  counting.device.destroy();
});

const [PRODUCT] = KERNELS.filter(({ name }) => name === 'matmul-nn');

describe('measured', () => {
  test('every shape with several variants, every variant that the device can run, and its bits', () => {
    expect(tuning.shapes.map(({ name }) => name)).toEqual([NN, TN]);
    expect(progress).toEqual([`0 of 2: ${NN}`, `1 of 2: ${TN}`]);
    const able = variantsOn(engine.traits, PRODUCT).map(({ name }) => name);
    expect(able.length).toBeGreaterThan(1);
    for (const { from, planned, chosen, candidates } of tuning.shapes) {
      expect(from).toBe('measured');
      expect(candidates[0].variant).toBe(planned);
      expect(candidates.map(({ variant }) => variant).sort()).toEqual([...able].sort());
      expect(able).toContain(chosen);
      for (const { sameBits, median, least } of candidates) {
        expect(sameBits).toBe(true);
        expect(median).toBeGreaterThanOrEqual(least ?? Infinity);
      }
    }
    const [{ planned, dispatches }] = tuning.shapes;
    expect(dispatches).toEqual([
      `matmul-nn ${planned} + bias relu dropout squaredError squaredErrorGradient reluDropoutGradient`,
    ]);
  });

  test('is plain data, and text', () => {
    expect(JSON.parse(JSON.stringify(tuning))).toEqual({ ...tuning });
    expect(Object.keys(tuning)).toEqual(['adapter', 'shapes', 'seconds']);
    const lines = `${tuning}`.split('\n');
    expect(lines[0]).toMatch(/^autotune on .+: 2 shapes in [\d.]+ s$/);
    expect(lines[1]).toMatch(
      /^ {2}matmul-nn m=8,k=5,n=6: [\w-]+, (as planned|planned was [\w-]+, [\d.]+ times as long)$/,
    );
    expect(lines[2]).toMatch(/^ {6}[\w-]+ +[\d.]+ µs, at least [\d.]+$/);
  });

  test('the very texts that a trainer runs', async () => {
    using engine = await gpuEngine();
    using trainer = await createTrainer(engine, MODEL, OPTIONS);
    const { model, compiled } = sessionOf(trainer);
    const executor = engine.createExecutor({ slots: 4 });
    const shapes = findShapes(executor, model.step(compiled));
    executor.dispose();
    expect(shapes.map(({ name }) => name)).toEqual([NN, TN]);
    for (const { name, indices, candidates } of shapes) {
      for (const { variant, dispatches: measured } of candidates) {
        engine.preferences = new Map([[name, variant]]);
        const trained = await dispatches(engine);
        expect(measured.map(({ wgsl }) => wgsl)).toEqual(indices.map((i) => trained[i].wgsl));
      }
    }
  });

  test('frees everything', () => {
    expect(counting.live.size).toBe(0);
  });

  test('by timestamps, where the device has them', async ({ skip }) => {
    const feature = 'timestamp-query';
    const adapter = await navigator.gpu.requestAdapter();
    skip(!adapter?.features.has(feature), 'this adapter has none');
    const { device, live, uncaught } = await countingDevice([feature]);
    const { shapes } = await autotune(await createEngine({ device }), MODEL, { ...OPTIONS, seconds: 300 });
    for (const { from, candidates } of shapes) {
      expect(from).toBe('measured');
      for (const { median } of candidates) expect(median).toBeGreaterThan(0);
    }
    expect([live.size, uncaught]).toEqual([0, []]);
    device.destroy();
  });

  test('the engine prefers what was chosen, where it is not what is planned', () => {
    const wanted = tuning.shapes.filter(({ chosen, planned }) => chosen !== planned);
    expect([...engine.preferences]).toEqual(wanted.map(({ name, chosen }) => [name, chosen]));
  });
});

describe('a store', () => {
  /** The variant that the planner does not choose. */
  const other = (candidates: TunedShape['candidates']) => candidates[1].variant;

  test('that has the results makes nothing be measured, and its choice is used', async () => {
    const { counting, engine } = await setUp();
    const kept = new Store(store);
    kept.choose(other);
    const before = await titles(engine);
    let again: Tuning | undefined;
    const counts = await counting.during(async () => {
      again = await autotune(engine, MODEL, { ...OPTIONS, store: kept });
    });
    expect(counts).toMatchObject({ pipelines: 0, shaderModules: 0, submits: 0, maps: 0 });
    expect(again?.shapes.map(({ from }) => from)).toEqual(['store', 'store']);
    const wanted = (again?.shapes ?? []).map(({ candidates }) => other(candidates));
    expect(again?.shapes.map(({ chosen }) => chosen)).toEqual(wanted);
    expect([...engine.preferences]).toEqual([NN, TN].map((name, i) => [name, wanted[i]]));
    const [{ planned }] = tuning.shapes;
    expect(await titles(engine)).toEqual(before.map((title) => title.replace(` ${planned} `, ` ${wanted[0]} `)));
    expect(`${again}`).toContain(`${NN}: ${wanted[0]}, from the store, planned was ${planned}`);
    counting.device.destroy();
  });

  test('that chooses what is planned takes a preference back', async () => {
    const { counting, engine } = await setUp();
    engine.preferences = new Map([
      [NN, 'tiled'],
      ['matmul-nn m=1,k=1,n=1', 'tiled'],
    ]);
    const kept = new Store(store);
    kept.choose(([planned]) => planned.variant);
    await autotune(engine, MODEL, { ...OPTIONS, store: kept });
    expect([...engine.preferences]).toEqual([['matmul-nn m=1,k=1,n=1', 'tiled']]);
    counting.device.destroy();
  });

  test.each(['', '{', '{"chosen":"tiled"}', 'null'])('that holds %j is measured anew, and corrected', async (value) => {
    const kept = new Store(store);
    for (const key of kept.keys()) kept.set(key, value);
    const signal = new AbortController();
    // The first shape shows it; the second need not be measured.
    const onProgress = ({ done }: { done: number }) => done === 1 && signal.abort();
    const options = { ...OPTIONS, store: kept, seconds: 300, signal: signal.signal, onProgress };
    const run = () => autotune(engine, MODEL, options);
    expect(await complaint(run)).toBe('EngineError of kind aborted: autotune: the signal was aborted');
    const [first, second] = [...kept.values()];
    expect(JSON.parse(first).candidates.map(({ variant }: { variant: string }) => variant)).toEqual(
      tuning.shapes[0].candidates.map(({ variant }) => variant),
    );
    expect(second).toBe(value);
  });

  test('is asked by device, version, shape and text', async () => {
    const keys = async (model = MODEL) => {
      const asked: string[] = [];
      const signal = AbortSignal.timeout(60_000);
      const get = (key: string) => {
        asked.push(key);
        return [...store.values()][asked.length - 1];
      };
      await autotune(engine, model, { ...OPTIONS, signal, store: { get, set: () => {} } });
      return asked;
    };
    const { vendor, architecture, device, description } = engine.device.adapterInfo;
    expect(await keys()).toEqual([...store.keys()]);
    for (const [i, key] of [...store.keys()].entries()) {
      const start = `wgrad 0.1.0 autotune, ${vendor}|${architecture}|${device}|${description}, ${[NN, TN][i]}, `;
      expect(key.slice(0, start.length)).toBe(start);
      expect(key.slice(start.length)).toMatch(/^[0-9a-f]{64}$/);
    }
    const [nn, tn] = await keys(sequential([dense(6), tanh(), dropout(0.4)]));
    expect(nn).not.toBe([...store.keys()][0]); // another op rides on the product
    expect(tn).toBe([...store.keys()][1]);
  });

  test('that throws is told of, and nothing is left behind', async () => {
    const get = () => Promise.reject(new Error('full'));
    const run = () => autotune(engine, MODEL, { ...OPTIONS, store: { get, set: () => {} } });
    expect(await complaint(run)).toBe('Error: full');
    expect(counting.live.size).toBe(0);
  });
});

describe('numbers', () => {
  test('do not depend on preferences', async () => {
    using engine = await gpuEngine(); // with subgroups, where there are any
    engine.kernels = KERNELS;
    const wanted = await trained(engine);
    const plain = await titles(engine);
    for (const { name } of variantsOn(engine.traits, PRODUCT)) {
      engine.preferences = new Map([NN, TN].map((shape) => [shape, name]));
      expect((await titles(engine)).filter((title) => title.startsWith('matmul'))).toEqual(
        plain.filter((title) => title.startsWith('matmul')).map((title) => title.replace(/ [\w-]+ /, ` ${name} `)),
      );
      expect(await trained(engine), name).toEqual(wanted);
    }
  });

  test('are computed as before by executors that exist', async () => {
    using engine = await gpuEngine();
    const executor = engine.createExecutor();
    const { preferences } = executor.planOptions({});
    engine.preferences = new Map([[NN, 'tiled']]);
    expect(executor.planOptions({}).preferences).toBe(preferences);
    expect(engine.createExecutor().planOptions({}).preferences).toBe(engine.preferences);
  });

  test('of a candidate that differ in a bit keep it from being taken', async () => {
    const mutant = mutantEngine(engine, (wgsl) => {
      const [title] = wgsl.split('\n');
      const planned = tuning.shapes.some((shape) => shape.dispatches.includes(title.slice(3)));
      return planned
        ? wgsl
        : wgsl.replace(/(fn store_y\(at: Place, value: vec4f\) \{)/, '$1\n  if (value.x != 0) { return; }');
    });
    const again = await autotune(mutant, MODEL, { ...OPTIONS, seconds: 300 });
    for (const { planned, chosen, candidates } of again.shapes) {
      expect(chosen).toBe(planned);
      expect(candidates.map(({ sameBits }) => sameBits)).toEqual(candidates.map((_, i) => i === 0));
      expect(candidates.slice(1).every(({ median, least }) => median === null && least === null)).toBe(true);
    }
    expect(mutant.preferences.size).toBe(0);
    expect(`${again}`).toContain('stores other bits');
  });

  test('decide where multiply and add are fused, too', async () => {
    const fusing = mutantEngine(engine, (wgsl) => wgsl.replace('v.x * v.y + v.z,', 'v.x * v.y + v.z + 1.0,'));
    expect((await fusing.probe()).fusesMultiplyAdd).toBe(true);
    const { shapes } = await autotune(fusing, MODEL, OPTIONS);
    expect(shapes.map(({ from }) => from)).toEqual(['measured', 'measured']);
  });
});
