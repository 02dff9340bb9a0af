import { afterAll, describe, expect, test } from 'vitest';
import { createReferenceEngine, relu, sequential } from '../../src/index.js';
import { autotune } from '../../src/tune.js';
import { testRefusals, untouched } from '../errors/refusals.js';
import { gpuEngine } from '../gpu/stored.js';
import { complaint } from '../train/complaint.js';
import { MODEL, NN, OPTIONS, setUp } from './tuned-model.js';

const { counting, engine } = await setUp();
afterAll(() => {
  expect(counting.uncaught).toEqual([]);
  counting.device.destroy();
});

describe('stopped', () => {
  test('when the time is over, the planner chooses, and what was preferred stays', async () => {
    const preferences = new Map([[NN, 'tiled']]);
    engine.preferences = preferences;
    const counts = await counting.during(async () => {
      const { shapes } = await autotune(engine, MODEL, { ...OPTIONS, seconds: 1e-9 });
      for (const { from, planned, chosen, candidates } of shapes) {
        expect([from, chosen, candidates]).toEqual(['planner', planned, []]);
      }
    });
    expect(counts).toMatchObject({ pipelines: 0, submits: 0 });
    expect(engine.preferences).toEqual(preferences);
    engine.preferences = new Map();
  });

  test('by a signal before it starts, it allocates nothing', async () => {
    const signal = AbortSignal.abort('no time');
    expect(await untouched(counting)(() => autotune(engine, MODEL, { ...OPTIONS, signal }))).toBe(
      'EngineError of kind aborted: autotune: the signal was aborted',
    );
  });

  test.each([0, 1])('by a signal at shape %i, it frees everything and changes nothing', async (at) => {
    const before = engine.preferences;
    const controller = new AbortController();
    const run = () =>
      autotune(engine, MODEL, {
        ...OPTIONS,
        seconds: 300,
        signal: controller.signal,
        onProgress: ({ done }) => done === at && setTimeout(() => controller.abort(), 50),
      });
    expect(await complaint(run)).toBe('EngineError of kind aborted: autotune: the signal was aborted');
    expect(counting.live.size).toBe(0);
    expect(engine.preferences).toBe(before);
  });

  test.each([0, 50])('by a device that is lost after %i ms, it says so', async (milliseconds) => {
    const { counting, engine } = await setUp();
    const onProgress = () => setTimeout(() => counting.device.destroy(), milliseconds);
    const run = autotune(engine, MODEL, { ...OPTIONS, seconds: 300, onProgress });
    expect(await complaint(() => run)).toMatch(/^EngineError of kind lost: engine: the GPU device was lost/);
    expect(counting.uncaught).toEqual([]);
  });
});

const tuned = (options: object) => autotune(engine, MODEL, { ...OPTIONS, ...options });
testRefusals(
  {
    "TypeError: autotune: unknown option 'sekonds', did you mean 'seconds'?; known: input, batchSize, loss, optimizer, regularizer, constraint, augmentation, seed, shuffleSeed, progress, store, seconds, signal, onProgress":
      () => tuned({ sekonds: 1 }),
    'RangeError: autotune: batchSize must be a positive integer, got 0': () => tuned({ batchSize: 0 }),
    'RangeError: autotune: seconds must be a number > 0, got 0': () => tuned({ seconds: 0 }),
    'TypeError: autotune: seconds must be a number > 0, got "1"': () => tuned({ seconds: '1' }),
    'TypeError: autotune: store must have the functions get and set, as a Map has, got a Object': () =>
      tuned({ store: {} }),
    'TypeError: autotune: store must have the functions get and set, as a Map has, got null': () =>
      tuned({ store: null }),
    'TypeError: autotune: signal must be an AbortSignal, got 7': () => tuned({ signal: 7 }),
    'TypeError: autotune: onProgress must be a function, got "x"': () => tuned({ onProgress: 'x' }),
    'TypeError: autotune: engine must be made by createEngine or createReferenceEngine, got a Object': () =>
      autotune({} as never, MODEL, OPTIONS),
    'EngineError of kind unsupported: autotune: it measures a GPU; this engine is the CPU reference': () =>
      autotune(createReferenceEngine(), MODEL, OPTIONS),
    'TypeError: autotune: model must be made by a function such as sequential([dense(10)]), got a Object': () =>
      autotune(engine, {} as never, OPTIONS),
    'RangeError: autotune: the model has nothing to train; it needs a layer such as dense(10)': () =>
      autotune(engine, sequential([relu()]), OPTIONS),
  },
  { say: untouched(counting) },
);

test('an engine that was disposed says so', async () => {
  const gone = await gpuEngine();
  gone.dispose();
  expect(await complaint(() => autotune(gone, MODEL, OPTIONS))).toBe(
    'EngineError of kind disposed: engine: it was disposed; create a new one',
  );
});
