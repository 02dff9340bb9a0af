import { expect, test } from 'vitest';
import { type Dataset, type DatasetOptions, dataset, slice, split, take } from '../../src/data/dataset.js';
import { type Numbers, readInputs } from '../../src/data/matrix.js';
import { permutation } from '../../src/random/permutation.js';
import { testRefusals } from '../errors/refusals.js';

const X = Float32Array.of(1, 2, 3, 4, 5, 6);
const ROWS = [0, 2, 4].map((at) => [at + 1, at + 2]);

test('dataset of f32 features and targets', () => {
  const y = Float32Array.of(7, 8, 9);
  const data = dataset({ x: X, y, features: 2 });
  expect(data).toEqual({ examples: 3, features: 2, x: X, y, outputs: 1, scale: 1, offset: 0 });
  expect(data.x).toBe(X);
  expect(data.y).toBe(y);
});

test.each<[string, DatasetOptions]>([
  ['rows', { x: ROWS, y: [7, 8, 9] }],
  ['rows and their features', { x: ROWS, y: [7, 8, 9], features: 2, outputs: 1 }],
  ['a flat array', { x: [1, 2, 3, 4, 5, 6], y: [[7], [8], [9]], features: 2 }],
])('dataset takes %s', (_, options) => {
  const y = Float32Array.of(7, 8, 9);
  expect(dataset(options)).toEqual({ examples: 3, features: 2, x: X, y, outputs: 1, scale: 1, offset: 0 });
});

test('dataset takes several outputs', () => {
  const targets = { examples: 3, outputs: 2, y: X };
  expect(dataset({ x: X, y: X, features: 2, outputs: 2 })).toMatchObject(targets);
  expect(dataset({ x: X, y: ROWS, features: 2 })).toMatchObject(targets);
});

test('dataset of u8 features keeps the bytes and the scale', () => {
  const bytes = Uint8Array.of(99, 0, 128, 255, 1);
  const data = dataset({ x: bytes.subarray(1), y: [0, 1], features: 2 });
  expect(data).toMatchObject({ x: Uint8Array.of(0, 128, 255, 1), scale: 1 / 255, offset: 0 });
  expect(data.x.buffer).toBe(bytes.buffer);
  const scaled = dataset({ x: bytes, y: [0], features: 5, scale: 1 / 16, offset: -0.5 });
  expect(scaled).toMatchObject({ scale: 1 / 16, offset: -0.5 });
});

test.each<[string, DatasetOptions['y'], number | undefined, number]>([
  ['a Uint8Array', Uint8Array.of(0, 2, 1), undefined, 3],
  ['a Uint32Array', Uint32Array.of(0, 2, 1), undefined, 3],
  ['a Int32Array', Int32Array.of(0, 2, 1), undefined, 3],
  ['a Int8Array', Int8Array.of(0, 2, 1), undefined, 3],
  ['a Uint8ClampedArray', Uint8ClampedArray.of(0, 2, 1), undefined, 3],
  ['a BigInt64Array', BigInt64Array.of(0n, 2n, 1n), undefined, 3],
  ['a Float64Array and classes', Float64Array.of(0, 2, 1), 3, 3],
  ['a Uint32Array and classes', Uint32Array.of(0, 2, 1), 10, 10],
  ['a plain array and classes', [0, 2, 1], 3, 3],
  ['a Float32Array and classes', Float32Array.of(0, 2, 1), 4, 4],
])('%s holds class indices', (_, y, classes, expected) => {
  const data = dataset({ x: ROWS, y, ...(classes && { classes }) });
  expect(data).toMatchObject({ y: Uint32Array.of(0, 2, 1), outputs: 1, classes: expected });
});

test('integers in a plain array without classes are targets', () => {
  expect(dataset({ x: ROWS, y: [0, 2, 1] })).not.toHaveProperty('classes');
  expect(dataset({ x: ROWS, y: [0, 2, 1] }).y).toEqual(Float32Array.of(0, 2, 1));
});

const ARRAYS = 'a typed array, an array of numbers or an array of rows';
/** Three rows of two columns. */
const rows = (...values: unknown[]) => [0, 2, 4].map((at) => values.slice(at, at + 2));
const make = (options: unknown) => dataset(options as DatasetOptions);
testRefusals({
  'TypeError: dataset: options must be an object, got 3': () => make(3),
  "TypeError: dataset: unknown option 'feature', did you mean 'features'?; known: x, y, labels, features, outputs, classes, classNames, scale, offset":
    () => make({ x: X, y: X, feature: 2 }),
  'TypeError: dataset: features must be a positive integer, got undefined': () => make({ x: X, y: X }),
  'RangeError: dataset: features must be a positive integer, got 0': [
    () => make({ x: X, y: X, features: 0 }),
    () => make({ x: [[], []], y: [1, 2] }),
  ],
  'RangeError: dataset: x is empty': [new Float32Array(), new Uint8Array(), []].map(
    (x) => () => make({ x, y: [], features: 2 }),
  ),
  'RangeError: dataset: y is empty': [new Uint8Array(), []].map((y) => () => make({ x: ROWS, y })),
  'RangeError: dataset: the length of x must be a multiple of features = 4, got 6': () =>
    make({ x: X, y: [1], features: 4 }),
  'RangeError: dataset: the length of x must be a multiple of features = 4, got 5': () =>
    make({ x: new Uint8Array(5), y: [1], features: 4 }),
  'RangeError: dataset: the length of y must be a multiple of outputs = 2, got 3': () =>
    make({ x: X, y: [1, 2, 3], features: 2, outputs: 2 }),
  'RangeError: dataset: x has 3 examples (6 elements, features = 2), y has 2 (2 elements, outputs = 1)': () =>
    make({ x: X, y: [1, 2], features: 2 }),
  'RangeError: dataset: x has 3 examples (6 elements, features = 2), y has 4 (4 elements, outputs = 1)': () =>
    make({ x: X, y: new Uint8Array(4), features: 2 }),
  'RangeError: dataset: row 0 of x has 2 columns, row 1 has 1': () => make({ x: [[1, 2], [3]], y: [1, 2] }),
  'TypeError: dataset: row 1 of x must be an array, got 3': () => make({ x: [[1, 2], 3], y: [1, 2] }),
  'RangeError: dataset: features is 3, but the rows of x have 2': () => make({ x: ROWS, y: [1, 2, 3], features: 3 }),
  'RangeError: dataset: outputs is 1, but the rows of y have 2': () => make({ x: ROWS, y: ROWS, outputs: 1 }),
  [`TypeError: dataset: x must be ${ARRAYS}, got "1 2"`]: () => make({ x: '1 2', y: [1], features: 2 }),
  [`TypeError: dataset: x must be ${ARRAYS}, got a DataView`]: () =>
    make({ x: new DataView(new ArrayBuffer(8)), y: [1], features: 2 }),
  [`TypeError: dataset: y must be ${ARRAYS}, got undefined`]: () => make({ x: X, features: 2 }),
  'TypeError: dataset: x holds "2" at row 0, column 1, which is not a number': () =>
    make({ x: [1, '2'], y: [1], features: 2 }),
  'TypeError: dataset: x holds undefined at row 1, column 1, which is not a number': () =>
    make({ x: rows(1, 2, 3, undefined, 5, 6), y: [1, 2, 3] }),
  'EngineError of kind data: dataset: x holds NaN at row 1, column 1': () =>
    make({ x: Float32Array.of(1, 2, 3, NaN), y: [1, 2], features: 2 }),
  'EngineError of kind data: dataset: x holds -Infinity at row 1, column 0': () =>
    make({ x: rows(1, 2, -Infinity, 4, 5, 6), y: [1, 2, 3] }),
  'EngineError of kind data: dataset: x holds 1e+39 at row 1, column 1, which is too large for float32': () =>
    make({ x: rows(1, 2, 3, 1e39, 5, 6), y: [1, 2, 3] }),
  'EngineError of kind data: dataset: y holds NaN at row 2, column 1': () =>
    make({ x: ROWS, y: rows(1, 2, 3, 4, 5, NaN) }),
  'TypeError: dataset: y must hold numbers, got "cat"; names of classes are labels': () =>
    make({ x: ROWS, y: ['cat', 'dog', 'cat'] }),
  'EngineError of kind data: dataset: y holds NaN at row 2, column 0': () =>
    make({ x: ROWS, y: [0, 1, NaN], classes: 2 }),
  'RangeError: dataset: y must hold class indices >= 0, got -1 at row 0; labels takes any codes or names': () =>
    make({ x: ROWS, y: Int32Array.of(-1, 1, 1) }),
  'RangeError: dataset: y must hold integers in [0, 2], got 3 at row 2; labels takes any codes or names': () =>
    make({ x: ROWS, y: [0, 2, 3], classes: 3 }),
  'RangeError: dataset: y must hold integers in [0, 2], got -1 at row 1; labels takes any codes or names': () =>
    make({ x: ROWS, y: [0, -1, 2], classes: 3 }),
  'RangeError: dataset: y must hold integers in [0, 2], got 0.5 at row 0; labels takes any codes or names': () =>
    make({ x: ROWS, y: [0.5, 1, 2], classes: 3 }),
  'RangeError: dataset: classes must be a positive integer, got 0': () => make({ x: ROWS, y: [0, 1, 2], classes: 0 }),
  'TypeError: dataset: y must be a flat array of class indices when classes is given, got an array of rows': () =>
    make({ x: ROWS, y: ROWS, classes: 2 }),
  'TypeError: dataset: y must be a flat array of class indices when classes is given, got "abc"': () =>
    make({ x: ROWS, y: 'abc', classes: 2 }),
  'TypeError: dataset: outputs is only for targets, but y holds class indices': () =>
    make({ x: ROWS, y: new Uint8Array(3), outputs: 1, classes: 2 }),
  'TypeError: dataset: scale is only for x of type Uint8Array, got a Float32Array': () =>
    make({ x: X, y: [1], features: 6, scale: 2 }),
  'TypeError: dataset: offset is only for x of type Uint8Array, got a Float32Array': () =>
    make({ x: X, y: [1], features: 6, offset: 0 }),
  'RangeError: dataset: scale must be a finite number, got NaN': () =>
    make({ x: new Uint8Array(2), y: [1], features: 2, scale: NaN }),
  'RangeError: dataset: offset must be a finite number, got NaN': () =>
    make({ x: new Uint8Array(2), y: [1], features: 2, offset: NaN }),
});

test('columns asked for make integers targets', () => {
  const data = dataset({ x: ROWS, y: Int32Array.of(-7, 8, 9), outputs: 1 });
  expect(data).toMatchObject({ y: Float32Array.of(-7, 8, 9), outputs: 1 });
  expect(data).not.toHaveProperty('classes');
});

const NUMBERS = [1, 2, 3, 4, 5, 6];
test.each<[string, (numbers: readonly number[]) => Numbers]>([
  ['Float64Array', (numbers) => Float64Array.from(numbers)],
  ['Int8Array', (numbers) => Int8Array.from(numbers)],
  ['Int16Array', (numbers) => Int16Array.from(numbers)],
  ['Uint16Array', (numbers) => Uint16Array.from(numbers)],
  ['Int32Array', (numbers) => Int32Array.from(numbers)],
  ['Uint32Array', (numbers) => Uint32Array.from(numbers)],
  ['BigInt64Array', (numbers) => BigInt64Array.from(numbers.map(BigInt))],
  ['BigUint64Array', (numbers) => BigUint64Array.from(numbers.map(BigInt))],
])('x and targets are read from a %s, and from rows of them', (_, of) => {
  const rows = [of([1, 2]), of([3, 4]), of([5, 6])] as Numbers;
  const same = dataset({ x: X, y: X, features: 2, outputs: 2 });
  expect(dataset({ x: of(NUMBERS), y: of(NUMBERS), features: 2, outputs: 2 })).toEqual(same);
  expect(dataset({ x: rows, y: rows })).toEqual(same);
});

test.each<[string, (...bytes: number[]) => Numbers]>([
  ['Uint8Array', Uint8Array.of.bind(Uint8Array)],
  ['Uint8ClampedArray', Uint8ClampedArray.of.bind(Uint8ClampedArray)],
])('bytes in a %s, and in rows of them, are pixels', (_, of) => {
  const pixels = { x: Uint8Array.of(0, 1, 2, 255), scale: 1 / 255, offset: 0, features: 2, y: Float32Array.of(1, 2) };
  expect(dataset({ x: of(0, 1, 2, 255), y: [1, 2], features: 2 })).toMatchObject(pixels);
  expect(dataset({ x: [of(0, 1), of(2, 255)] as Numbers, y: [1, 2] })).toMatchObject(pixels);
  expect(dataset({ x: [of(0, 1)] as Numbers, y: [1], scale: 2 })).toMatchObject({ scale: 2 });
  expect(readInputs('predict', of(0, 255), 2)).toEqual(Float32Array.of(0, 255 * Math.fround(1 / 255)));
});

test.each<[string, DatasetOptions, number[], string[]]>([
  ['texts', { x: ROWS, labels: ['dog', 'cat', 'dog'] }, [1, 0, 1], ['cat', 'dog']],
  ['whole numbers', { x: ROWS, labels: [10, 9, 10] }, [1, 0, 1], ['9', '10']],
  [
    'bigints',
    { x: ROWS, labels: [2n ** 60n + 1n, 2n ** 60n, -1n] },
    [2, 1, 0],
    ['-1', `${2n ** 60n}`, `${2n ** 60n + 1n}`],
  ],
  ['booleans', { x: ROWS, labels: [true, false, true] }, [1, 0, 1], ['false', 'true']],
  ['a typed array', { x: ROWS, labels: Int32Array.of(3, 1, 3) }, [1, 0, 1], ['1', '3']],
  ['whole numbers in floats', { x: ROWS, labels: Float64Array.of(3, 1, 3) }, [1, 0, 1], ['1', '3']],
  ['names given', { x: ROWS, labels: ['b', 'c', 'b'], classNames: ['c', 'b', 'a'] }, [1, 0, 1], ['c', 'b', 'a']],
  ['indices and names', { x: ROWS, y: [1, 0, 1], classNames: ['c', 'b'] }, [1, 0, 1], ['c', 'b']],
])('labels are %s', (_, options, y, classNames) => {
  const data = dataset(options);
  expect(data).toMatchObject({ y: Uint32Array.from(y), outputs: 1, classes: classNames.length, classNames });
  expect(take(data, 1)).toMatchObject({ classNames });
});

testRefusals({
  'TypeError: dataset: give either labels or y, got both': () => make({ x: ROWS, y: [1, 2, 3], labels: [1, 2, 3] }),
  'TypeError: dataset: give either labels or classes, got both': () => make({ x: ROWS, labels: [1, 2, 3], classes: 3 }),
  'RangeError: dataset: x has 3 examples (6 elements, features = 2), labels has 2 (2 elements, outputs = 1)': () =>
    make({ x: ROWS, labels: ['a', 'b'] }),
  "TypeError: dataset: labels must be an array with the name or the code of each example's class, got none": () =>
    make({ x: ROWS, labels: [] }),
  'TypeError: dataset: labels must be an array with the name or the code of each example\'s class, got "abc"': () =>
    make({ x: ROWS, labels: 'abc' }),
  'TypeError: dataset: labels must hold texts or whole numbers, got 0.5 at row 1; numbers to learn are y': () =>
    make({ x: ROWS, labels: [1, 0.5, 1] }),
  'TypeError: dataset: labels must hold texts or whole numbers, got null at row 2; numbers to learn are y': () =>
    make({ x: ROWS, labels: ['a', 'b', null] }),
  'RangeError: dataset: labels must be among classNames "a", "b", got "c" at row 2': () =>
    make({ x: ROWS, labels: ['a', 'b', 'c'], classNames: ['a', 'b'] }),
  'TypeError: dataset: classNames must be an array of texts, got [1]': () =>
    make({ x: ROWS, labels: [1, 1, 1], classNames: [1] }),
  'RangeError: dataset: classNames holds "a" twice': () => make({ x: ROWS, y: [0, 1, 1], classNames: ['a', 'a'] }),
  'RangeError: dataset: classes is 3, and classNames has 2': () =>
    make({ x: ROWS, y: [0, 1, 1], classes: 3, classNames: ['a', 'b'] }),
  'TypeError: dataset: row 1 of x must hold bytes as row 0 does, got [3, 4]': () =>
    make({ x: [Uint8Array.of(1, 2), [3, 4]], y: [1, 2] }),
});

/** Ten examples, recognisable by their first feature. */
const TEN = dataset({
  x: Uint8Array.from({ length: 30 }, (_, i) => i),
  y: Float32Array.from({ length: 20 }, (_, i) => i / 2),
  features: 3,
  outputs: 2,
});

/** The numbers of the examples, checked to be whole. */
function examplesOf(data: Dataset): number[] {
  const numbers = Array.from({ length: data.examples }, (_, row) => data.x[row * 3] / 3);
  expect([...data.x]).toEqual(numbers.flatMap((n) => [3 * n, 3 * n + 1, 3 * n + 2]));
  expect([...data.y]).toEqual(numbers.flatMap((n) => [n, n + 0.5]));
  return numbers;
}

test('slice and take are views', () => {
  expect(examplesOf(slice(TEN, 2, 5))).toEqual([2, 3, 4]);
  expect(examplesOf(slice(slice(TEN, 2, 5), 1, 3))).toEqual([3, 4]);
  expect(examplesOf(take(TEN, 2))).toEqual([0, 1]);
  expect(examplesOf(take(TEN, 10))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(slice(TEN, 9, 10).x.buffer).toBe(TEN.x.buffer);
});

test('split parts the examples as documented', () => {
  const order = [...permutation(10, [7, 0], 2 ** 32 - 1)];
  for (const validation of [3, 0.3, 0.26, 0.34]) {
    const parts = split(TEN, { validation, seed: 7 });
    expect(examplesOf(parts.validation)).toEqual(order.slice(0, 3));
    expect(examplesOf(parts.train)).toEqual(order.slice(3));
    expect(parts.train).toMatchObject({ features: 3, outputs: 2, scale: TEN.scale });
  }
  expect(split(TEN, { validation: 3, seed: 8 })).not.toEqual(split(TEN, { validation: 3, seed: 7 }));
  expect(examplesOf(split(TEN, { validation: 9, seed: 7n }).train)).toEqual(order.slice(9));
});

test('split leaves the data as it was', () => {
  const { train } = split(TEN, { validation: 1, seed: 1 });
  train.x.fill(0);
  expect(examplesOf(TEN)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

const COUNT = 'split: validation must be a fraction or a count of 1 to 9 of 10 examples, got';
testRefusals({
  'RangeError: slice: start must be an integer in [0, 9], got -1': () => slice(TEN, -1, 2),
  'RangeError: slice: start must be an integer in [0, 9], got 10': () => slice(TEN, 10, 11),
  'RangeError: slice: end must be an integer in [3, 10], got 2': () => slice(TEN, 2, 2),
  'RangeError: slice: end must be an integer in [3, 10], got 11': () => slice(TEN, 2, 11),
  'RangeError: take: n must be an integer in [1, 10], got 0': () => take(TEN, 0),
  'RangeError: take: n must be an integer in [1, 10], got 11': () => take(TEN, 11),
  'RangeError: split: validation must be a number > 0, got 0': () => split(TEN, { validation: 0, seed: 1 }),
  [`RangeError: ${COUNT} 0.04`]: () => split(TEN, { validation: 0.04, seed: 1 }),
  [`RangeError: ${COUNT} 0.96`]: () => split(TEN, { validation: 0.96, seed: 1 }),
  [`RangeError: ${COUNT} 10`]: () => split(TEN, { validation: 10, seed: 1 }),
  [`RangeError: ${COUNT} 1.5`]: () => split(TEN, { validation: 1.5, seed: 1 }),
  'TypeError: split: seed must be an integer in [0, 2^53) or a bigint in [0, 2^64), got undefined': () =>
    split(TEN, { validation: 1 } as never),
  "TypeError: split: unknown option 'validate', did you mean 'validation'?; known: validation, seed": () =>
    split(TEN, { validate: 1 } as never),
});
