import { describe, expect, test } from 'vitest';
import { type Batch, createTrainer, dense, meanSquaredError, sequential } from '../../src/index.js';
import { testRefusals } from '../errors/refusals.js';
import { ENGINES } from './engines.js';
import { MODEL, OPTIONS } from './small-classifier.js';

const x = new Float32Array(8);
const labels = Uint32Array.of(0, 1, 2, 0);
const withAt = (i: number, value: number) => x.with(i, value);

describe.each(ENGINES)('on %s', async (_, engine) => {
  const classifier = await createTrainer(engine, MODEL, OPTIONS);
  const regression = await createTrainer(engine, sequential([dense(2)]), { ...OPTIONS, loss: meanSquaredError() });
  const step = (batch: unknown) => classifier.step(batch as Batch);

  testRefusals({
    'TypeError: step: options must be an object, got undefined': () => step(undefined),
    "TypeError: step: unknown option 'z'; known: x, y, rows": () => step({ x, y: labels, z: 1 }),
    'TypeError: step: rows is only for GPUBuffers; arrays have their own length': () => step({ x, y: labels, rows: 4 }),
    'TypeError: step: x must be a Float32Array or a GPUBuffer, got [1, 2]': () => step({ x: [1, 2], y: labels }),
    'TypeError: step: x must be a Float32Array or a GPUBuffer, got a Float64Array': () =>
      step({ x: new Float64Array(8), y: labels }),
    'RangeError: step: x must hold 1 to 4 rows of 2 features, got 0 elements': () =>
      step({ x: new Float32Array(), y: new Uint32Array() }),
    'RangeError: step: x must hold 1 to 4 rows of 2 features, got 7 elements': () =>
      step({ x: x.subarray(1), y: labels }),
    'RangeError: step: x must hold 1 to 4 rows of 2 features, got 10 elements': () =>
      step({ x: new Float32Array(10), y: labels }),
    'EngineError of kind data: step: x holds NaN at row 2, column 1': () => step({ x: withAt(5, NaN), y: labels }),
    'EngineError of kind data: step: x holds -Infinity at row 3, column 0': () =>
      step({ x: withAt(6, -Infinity), y: labels }),
    'TypeError: step: y must be a Uint32Array of class indices or a GPUBuffer, got undefined': () => step({ x }),
    'TypeError: step: y must be a Uint32Array of class indices or a GPUBuffer, got a Float32Array': () =>
      step({ x, y: new Float32Array(4) }),
    'RangeError: step: x has 4 rows, y has 3': () => step({ x, y: labels.subarray(1) }),
    'RangeError: step: y must hold integers in [0, 2], got 3 at row 2': () =>
      step({ x, y: Uint32Array.of(0, 2, 3, 9) }),
  });

  // With two targets.
  testRefusals({
    'TypeError: step: y must be a Float32Array of targets or a GPUBuffer, got a Uint32Array': () =>
      regression.step({ x, y: labels }),
    'RangeError: step: x has 4 rows, so y must have 8 elements (2 a row), got 4': () =>
      regression.step({ x, y: new Float32Array(4) }),
    'EngineError of kind data: step: y holds NaN at row 1, column 1': () => regression.step({ x, y: withAt(3, NaN) }),
  });

  test('what was refused left nothing behind', async () => {
    expect(await regression.metrics()).toMatchObject({ steps: [] });
    expect(await classifier.metrics()).toMatchObject({ steps: [] });
    expect(classifier.step({ x, y: labels })).toBe(0);
    expect((await classifier.metrics()).steps).toHaveLength(1);
  });
});
