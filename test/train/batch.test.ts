import { describe, expect, test } from 'vitest';
import { type Batch, createTrainer, dense, meanSquaredError, type Numbers, sequential } from '../../src/index.js';
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
    'TypeError: step: x must be an array of 1 to 4 rows of 2 features, or a GPUBuffer, got "x"': () =>
      step({ x: 'x', y: labels }),
    'RangeError: step: x is empty': () => step({ x: new Float32Array(), y: new Uint32Array() }),
    'RangeError: step: the length of x must be a multiple of features = 2, got 7': () =>
      step({ x: x.subarray(1), y: labels }),
    'RangeError: step: features is 2, but the rows of x have 3': () => step({ x: [[1, 2, 3]], y: [0] }),
    'RangeError: step: x must hold 1 to 4 rows of 2 features, got 5 rows': () =>
      step({ x: new Float32Array(10), y: labels }),
    'EngineError of kind data: step: x holds NaN at row 2, column 1': () => step({ x: withAt(5, NaN), y: labels }),
    'EngineError of kind data: step: x holds -Infinity at row 3, column 0': () =>
      step({ x: withAt(6, -Infinity), y: labels }),
    'TypeError: step: y must be an array of class indices or a GPUBuffer, got undefined': () => step({ x }),
    'RangeError: step: y must hold integers in [0, 2], got 0.5 at row 1': () => step({ x, y: [1, 0.5, 0, 0] }),
    'RangeError: step: y must hold integers in [0, 2], got -1 at row 0': () =>
      step({ x, y: Int8Array.of(-1, 0, 0, 0) }),
    'RangeError: step: y must hold integers in [0, 2], got "1" at row 0': () => step({ x, y: ['1', 0, 0, 0] }),
    'RangeError: step: x has 4 rows, y has 3': () => step({ x, y: labels.subarray(1) }),
    'RangeError: step: y must hold integers in [0, 2], got 3 at row 2': () =>
      step({ x, y: Uint32Array.of(0, 2, 3, 9) }),
  });

  // With two targets.
  testRefusals({
    'TypeError: step: y must be an array of targets or a GPUBuffer, got "y"': () =>
      regression.step({ x, y: 'y' as never }),
    'RangeError: step: y is empty': () => regression.step({ x, y: [] }),
    'RangeError: step: x has 4 rows, so y must have 8 elements (2 a row), got 4': () =>
      regression.step({ x, y: new Float32Array(4) }),
    'EngineError of kind data: step: y holds NaN at row 1, column 1': () => regression.step({ x, y: withAt(3, NaN) }),
  });

  test('arrays of every kind are one batch', async () => {
    const kinds: Batch[] = [
      { x: Float32Array.of(1, 2, 3, 4), y: Uint32Array.of(0, 2) },
      { x: [1, 2, 3, 4], y: [0, 2] },
      { x: [Int8Array.of(1, 2), [3, 4]], y: BigInt64Array.of(0n, 2n) },
      { x: BigUint64Array.of(1n, 2n, 3n, 4n), y: Float64Array.of(0, 2) },
    ];
    const losses = new Set<number>();
    for (const batch of kinds) {
      using trainer = await createTrainer(engine, MODEL, OPTIONS);
      trainer.step(batch);
      const [{ loss }] = (await trainer.metrics()).steps;
      losses.add(loss);
      expect(await trainer.predict(batch.x as Numbers)).toHaveLength(6);
    }
    expect(losses.size).toBe(1);
    using numbers = await createTrainer(engine, sequential([dense(1)]), { ...OPTIONS, loss: meanSquaredError() });
    expect(numbers.step({ x: Uint8Array.of(0, 255), y: Int32Array.of(-3) })).toBe(0);
  });

  test('what was refused left nothing behind', async () => {
    expect(await regression.metrics()).toMatchObject({ steps: [] });
    expect(await classifier.metrics()).toMatchObject({ steps: [] });
    expect(classifier.step({ x, y: labels })).toBe(0);
    expect((await classifier.metrics()).steps).toHaveLength(1);
  });
});
