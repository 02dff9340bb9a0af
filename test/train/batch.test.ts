import { beforeAll, describe, expect, test } from 'vitest';
import { type Batch, createTrainer, dense, meanSquaredError, sequential, type Trainer } from '../../src/index.js';
import { complaint } from './complaint.js';
import { ENGINES } from './engines.js';
import { MODEL, OPTIONS } from './refusals.js';

const x = new Float32Array(8);
const labels = Uint32Array.of(0, 1, 2, 0);
const withAt = (i: number, value: number) => x.with(i, value);

/** Batches that `step` refuses for a model with 2 features, 3 outputs and batches of 4. */
const CLASSIFIER: readonly [what: string, batch: unknown, message: string][] = [
  ['nothing', undefined, 'TypeError: step: options must be an object, got undefined'],
  ['an unknown key', { x, y: labels, z: 1 }, "TypeError: step: unknown option 'z'; known: x, y, rows"],
  [
    'rows of arrays',
    { x, y: labels, rows: 4 },
    'TypeError: step: rows is only for GPUBuffers; arrays have their own length',
  ],
  [
    'x as plain numbers',
    { x: [1, 2], y: labels },
    'TypeError: step: x must be a Float32Array or a GPUBuffer, got [1, 2]',
  ],
  [
    'x in float64',
    { x: new Float64Array(8), y: labels },
    'TypeError: step: x must be a Float32Array or a GPUBuffer, got a Float64Array',
  ],
  [
    'no rows',
    { x: new Float32Array(), y: new Uint32Array() },
    'RangeError: step: x must hold 1 to 4 rows of 2 features, got 0 elements',
  ],
  [
    'half a row',
    { x: x.subarray(1), y: labels },
    'RangeError: step: x must hold 1 to 4 rows of 2 features, got 7 elements',
  ],
  [
    'more than a batch',
    { x: new Float32Array(10), y: labels },
    'RangeError: step: x must hold 1 to 4 rows of 2 features, got 10 elements',
  ],
  ['NaN in x', { x: withAt(5, NaN), y: labels }, 'EngineError of kind data: step: x holds NaN at row 2, column 1'],
  [
    'Infinity in x',
    { x: withAt(6, -Infinity), y: labels },
    'EngineError of kind data: step: x holds -Infinity at row 3, column 0',
  ],
  ['no labels', { x }, 'TypeError: step: y must be a Uint32Array of class indices or a GPUBuffer, got undefined'],
  [
    'labels as floats',
    { x, y: new Float32Array(4) },
    'TypeError: step: y must be a Uint32Array of class indices or a GPUBuffer, got a Float32Array',
  ],
  ['too few labels', { x, y: labels.subarray(1) }, 'RangeError: step: x has 4 rows, y has 3'],
  [
    'a label out of range',
    { x, y: Uint32Array.of(0, 2, 3, 9) },
    'RangeError: step: y must hold integers in [0, 2], got 3 at row 2',
  ],
];

/** Batches that `step` refuses for a model with 2 features, 2 targets and batches of 4. */
const REGRESSION: readonly [what: string, batch: unknown, message: string][] = [
  [
    'labels for targets',
    { x, y: labels },
    'TypeError: step: y must be a Float32Array of targets or a GPUBuffer, got a Uint32Array',
  ],
  [
    'too few targets',
    { x, y: new Float32Array(4) },
    'RangeError: step: x has 4 rows, so y must have 8 elements (2 a row), got 4',
  ],
  ['NaN in y', { x, y: withAt(3, NaN) }, 'EngineError of kind data: step: y holds NaN at row 1, column 1'],
];

describe.each(ENGINES)('on %s', (_, createEngine) => {
  let classifier: Trainer;
  let regression: Trainer;
  beforeAll(async () => {
    const engine = await createEngine();
    classifier = await createTrainer(engine, MODEL, OPTIONS);
    regression = await createTrainer(engine, sequential([dense(2)]), { ...OPTIONS, loss: meanSquaredError() });
  });

  test.each(CLASSIFIER)('step refuses %s', async (_, batch, message) => {
    expect(await complaint(() => classifier.step(batch as Batch))).toBe(message);
    expect(classifier.stepsTaken).toBe(0);
  });

  test.each(REGRESSION)('step refuses %s', async (_, batch, message) => {
    expect(await complaint(() => regression.step(batch as Batch))).toBe(message);
    expect(regression.stepsTaken).toBe(0);
  });

  test('what was refused left nothing behind', async () => {
    expect(await classifier.metrics()).toMatchObject({ steps: [] });
    expect(classifier.step({ x, y: labels })).toBe(0);
    expect((await classifier.metrics()).steps).toHaveLength(1);
  });
});
