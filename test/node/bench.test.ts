import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/cli/usage-error.js';
import { placesOf, readOptions, suitesIn } from '../bench/bench-options.js';
import { accuracyOf, checkedProblem, idleDropout } from '../bench/check-parameters.js';
import { dropoutFault } from '../bench/dropout-fault.js';
import { type Network, networkOf, type Problem } from '../bench/network.js';
import { countFor, interleave } from '../bench/rounds.js';
import { markCliffs } from '../bench/scale-suite.js';
import { ratioOf, spreadOf } from '../bench/spread.js';
import { markdownOf, textOf } from '../bench/table.js';
import { trainTextbook } from '../bench/textbook.js';
import { multiplyTextbook, productError } from '../bench/textbook-product.js';

describe('an engine is held against float64', () => {
  const checked = checkedProblem(networkOf([784, 32, 10]));
  const { problem, steps, truth } = checked;
  const trained = (changes: Partial<Network>, parts: Partial<Problem> = {}) =>
    trainTextbook({ ...problem, ...parts, network: { ...problem.network, ...changes } }, steps).parameters;

  test('float32 is near enough', () => {
    const accuracy = accuracyOf(
      checked,
      truth.map((values) => Float32Array.from(values)),
    );
    expect(accuracy.wrong).toBeUndefined();
    expect(accuracy.error).toBeGreaterThan(0);
    expect(accuracy.error).toBeLessThan(accuracy.limit);
  });

  const [first, ...others] = problem.labels;
  test.each<[string, Partial<Network>, Partial<Problem>?]>([
    ['no penalty', { l2: 0 }],
    ["Keras' λ", { l2: 2 * problem.network.l2 }],
    ['no momentum', { momentum: 0 }],
    ['a learning rate that is off by a thousandth', { learningRate: 1.001 * problem.network.learningRate }],
    ['another label in one row', {}, { labels: Uint32Array.of((first + 1) % 10, ...others) }],
  ])('%s is noticed', (_, changes, parts) => {
    expect(accuracyOf(checked, trained(changes, parts)).wrong).toMatch(/^(weights|biases) of layer \d are off by /);
  });

  test('NaN, a missing tensor and a step that did nothing are noticed', () => {
    const broken = truth.map((values) => values.slice());
    broken[2][7] = Number.NaN;
    expect(accuracyOf(checked, broken).wrong).toBe('weights of layer 1 are off by NaN of their change');
    expect(accuracyOf(checked, truth.slice(0, 3)).wrong).toBe('biases of layer 1: undefined numbers');
    expect(accuracyOf(checked, problem.start).wrong).toBe('weights of layer 0 are off by 1.0e+0 of their change');
  });

  test('dropout that does nothing is noticed', () => {
    expect(idleDropout(checked, truth)).toBe('dropout changes nothing');
    expect(idleDropout(checked, problem.start)).toBeUndefined();
  });
});

test.each([
  [[2, 0, 2, 0], [0, 2, 2, 0], undefined],
  [[2, 0, 2, 0], [2, 0, 2, 0], 'dropout: two masks are the same'],
  [[1, 0, 1, 0], [0, 1, 1, 0], 'dropout: 1 became 1'],
])('masks %j and %j', (a, b, fault) => {
  const long = (mask: number[]) => Array.from({ length: 400 }, (_, i) => mask[i % 4]);
  expect(dropoutFault(0.5, long(a), long(b))).toBe(fault);
});

test('dropout of another rate is noticed', () => {
  const sparse = Array.from({ length: 1000 }, (_, i) => (i % 4 === 0 ? 2 : 0));
  expect(dropoutFault(0.5, sparse, sparse.toReversed())).toBe('dropout: 250 of 1000 are kept');
});

test.each(['nn', 'nt', 'tn'] as const)('a product in the form %s', (form) => {
  const a = Float32Array.of(1, 2, 3, 4);
  const b = Float32Array.of(5, 6, 7, 8);
  const wanted = { nn: [19, 22, 43, 50], nt: [17, 23, 39, 53], tn: [26, 30, 38, 44] }[form];
  const truth = multiplyTextbook({ form, size: 2, a, b });
  expect([...truth.values]).toEqual(wanted);
  expect(productError(wanted, truth)).toBe(0);
  expect(productError(wanted.with(3, wanted[3] * (1 + 1e-6)), truth)).toBeGreaterThan(1);
  expect(productError(wanted.with(3, Number.NaN), truth)).toBeNaN();
  expect(productError([], truth)).toBe(Number.POSITIVE_INFINITY);
});

test('medians, ends and ratios', () => {
  expect(spreadOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
  expect(spreadOf([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4 });
  expect(() => spreadOf([])).toThrow(new RangeError('spreadOf: there are no values'));
  // The machine was ten times slower in the second round, for both.
  expect(ratioOf([4, 40, 5], [2, 20, 2])).toEqual({ median: 2, min: 2, max: 2.5 });
});

test('every engine has its turn in every round, and the first round does not count', async () => {
  const turns: string[] = [];
  const entrant = (name: string) => ({
    work: { run: async (count: number) => void turns.push(`${name}${count}`), dispose: () => {} },
    count: 2,
  });
  const times = await interleave(['a', 'b', 'c'].map(entrant), 2);
  expect(turns.join(' ')).toBe('a2 b2 c2 b2 c2 a2 c2 a2 b2');
  expect(times.map(({ length }) => length)).toEqual([2, 2, 2]);
  expect(countFor([1, 10], { least: 100, most: 500 })).toBe(50);
  expect(countFor([100, 1000], { least: 100, most: 500 })).toBe(5);
});

test('a cliff is a fall in GFLOP/s that noise does not explain', () => {
  const row = (value: number, median: number, noise: number) => ({
    value,
    milliseconds: { median, min: median - noise, max: median + noise },
    gflops: value / median,
  });
  const cliffs = (noise: number) =>
    markCliffs([row(10, 1, noise), row(20, 2, noise), row(40, 8, noise), row(80, 12, noise)], (value) => value).map(
      ({ cliff }) => cliff ?? false,
    );
  expect(cliffs(0.1)).toEqual([false, false, true, false]);
  expect(cliffs(3)).toEqual([false, false, false, false]);
});

test('tables as text and as markdown', () => {
  const table = {
    title: 'T',
    head: ['engine', 'ms'],
    rows: [
      ['wgrad', '1.5'],
      ['a|b', '12'],
    ],
    notes: ['N.'],
  };
  expect(textOf(table)).toBe('T\n  engine   ms\n  wgrad   1.5\n  a|b      12\n  N.');
  expect(markdownOf(table)).toBe('### T\n\n| engine | ms |\n| --- | ---: |\n| wgrad | 1.5 |\n| a\\|b | 12 |\n\nN.');
});

const read = (line: string) => readOptions(line.split(' ').filter(Boolean));

test('options and their defaults', () => {
  expect(read('')).toMatchObject({ where: 'node', rounds: 7, seconds: 20, help: false });
  expect(read('').suites).toEqual(['step', 'matmul', 'population', 'probes', 'scale', 'cold', 'size']);
  expect(read('').rivals).toEqual(['jax-webgpu', 'tfjs-webgpu', 'tfjs-wasm', 'jax-wasm']);
  expect(read('--rivals none --suite size,step').rivals).toEqual([]);
  expect(read('--suite size,step').suites).toEqual(['step', 'size']);
  expect(read('--network 20-16-5 --batch 8').networks).toMatchObject([{ sizes: [20, 16, 5], batchSize: 8 }]);
  expect(read('--where chromium').suites).not.toContain('cold');
  const both = read('--where both');
  expect(placesOf(both).map((place) => suitesIn(place, both))).toEqual([
    ['step', 'matmul', 'population', 'probes', 'scale'],
    ['step'],
  ]);
});

const SUITES = "'step', 'matmul', 'population', 'probes', 'scale', 'cold', 'size'";
test.each([
  ['--suite steps', `npm run bench --: --suite must be one of ${SUITES}, got "steps", did you mean 'step'?`],
  ['--rounds 0', 'npm run bench --: --rounds must be an integer in [1, 1000], got 0'],
  ['--network 784', 'npm run bench --: --network must be sizes such as 784-128-10, got "784"'],
  ['--batch 8', 'npm run bench --: --batch is for --network'],
  [
    '--where chromium --adapter llvmpipe',
    'npm run bench --: --adapter is for Node; Chromium has the adapter that its flags give it',
  ],
  ['--where chromium --suite cold', 'npm run bench --: --suite cold is measured in Node alone'],
  ['--rival jax-wasm', "npm run bench --: unknown option '--rival', did you mean '--rivals'?"],
])('%s is refused', (line, message) => {
  expect(() => read(line)).toThrow(new UsageError(message, '"npm run bench -- --help" explains the options.'));
});
