import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ConfigurationValue,
  choice,
  type Distribution,
  distributionText,
  fixed,
  integer,
  isSameValue,
  logUniform,
  uniform,
} from '../../src/tune/distributions.js';
import { testRefusals } from '../errors/refusals.js';

/** As a strategy draws them: multiples of 2^-32 in [0, 1), both ends often. */
const unit = fc
  .oneof(fc.constantFrom(0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1), fc.integer({ min: 0, max: 2 ** 32 - 1 }))
  .map((word) => word * 2 ** -32);
/** Or any float64, the largest below 1 often. */
const belowOne = fc.oneof(unit, fc.constant(1 - 2 ** -53), fc.double({ noNaN: true, min: 0, max: 1 - 2 ** -53 }));

const pairs = (number: fc.Arbitrary<number>) =>
  fc
    .tuple(number, number)
    .filter(([a, b]) => a !== b)
    .map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]);
const finite = fc.double({ noNaN: true, min: -1e300, max: 1e300 });
const positive = fc.double({ noNaN: true, min: 1e-300, max: 1e300 });
const whole = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -(2 ** 52), max: 2 ** 52 }));
const scalars = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom('a', 'b', ''), fc.boolean());
const values = fc.uniqueArray(fc.oneof(scalars, fc.array(scalars, { maxLength: 3 })), {
  minLength: 1,
  maxLength: 12,
  comparator: isSameValue,
});

const uniforms = pairs(finite).map((bounds) => uniform(...bounds));
const logUniforms = pairs(positive).map((bounds) => logUniform(...bounds));
/** Bounds that are a few roundings apart. */
const narrow = fc
  .tuple(positive, fc.integer({ min: 1, max: 9 }))
  .map(([low, units]) => [low, low * (1 + units * 2 ** -52)] as const)
  .filter(([low, high]) => low < high);
const narrowOnes = fc.oneof(
  narrow.map((bounds) => uniform(...bounds)),
  narrow.map((bounds) => logUniform(...bounds)),
);
const integers = pairs(whole).map((bounds) => integer(...bounds));
const ranges = fc.oneof(uniforms, logUniforms, narrowOnes, integers);
const choices = values.map((all) => choice(all));

const bounds = ({ options }: Distribution) => [Number(options.low), Number(options.high)] as const;
const numbers = (all: readonly ConfigurationValue[]) => all.map(Number);

test('what is drawn from a range lies in it, and begins at its lower bound', () => {
  fc.assert(
    fc.property(ranges, belowOne, (range, u) => {
      const [low, high] = bounds(range);
      expect(range.at(u)).toBeGreaterThanOrEqual(low);
      expect(range.at(u)).toBeLessThanOrEqual(high);
      expect(range.at(0)).toBe(low);
    }),
    { numRuns: 1000 },
  );
});

test('larger numbers draw no smaller values', () => {
  fc.assert(
    fc.property(ranges, unit, unit, (range, u, v) => {
      const [a, b] = [Number(range.at(Math.min(u, v))), Number(range.at(Math.max(u, v)))];
      // Each value of logUniform has an error of 2.5 units of 2^-52: one for either power, half for their product; 1 - u has
      // none for multiples of 2^-32.
      expect(a - b).toBeLessThanOrEqual(range.kind === 'logUniform' ? 5 * 2 ** -52 * b : 0);
    }),
    { numRuns: 1000 },
  );
});

// The inverse distribution function of each, by hand.
test.each<[Distribution, number[], number[]]>([
  [uniform(2, 4), [0, 0.25, 0.5, 0.75], [2, 2.5, 3, 3.5]],
  [uniform(-1, 3), [0, 0.25, 0.5, 0.75], [-1, 0, 1, 2]],
  [logUniform(1, 16), [0, 0.25, 0.5, 0.75], [1, 2, 4, 8]],
  [integer(-1, 2), [0, 0.24, 0.25, 0.5, 0.74, 0.75, 0.99], [-1, -1, 0, 1, 1, 2, 2]],
  [choice([5, 6, 7, 8]), [0, 0.24, 0.25, 0.5, 0.74, 0.75, 0.99], [5, 5, 6, 7, 7, 8, 8]],
])('at of %o', (distribution, us, expected) => {
  for (const [i, u] of us.entries()) expect(distribution.at(u)).toBeCloseTo(expected[i], 14);
});

test('an integer and a choice draw each of theirs equally often', () => {
  const count = (distribution: Distribution) => {
    const counts = new Map<ConfigurationValue, number>();
    for (const u of steps(60)) counts.set(distribution.at(u), (counts.get(distribution.at(u)) ?? 0) + 1);
    return [...counts.values()];
  };
  expect(count(integer(-2, 2))).toEqual([12, 12, 12, 12, 12]);
  expect(count(choice(['a', true, [1, 2]]))).toEqual([20, 20, 20]);
});

const steps = (count: number) => Array.from({ length: count }, (_, i) => (i + 0.5) / count);

test('the largest number that can be drawn stays below the end of an integer and a choice', () => {
  expect(integer(0, 2).at(1 - 2 ** -53)).toBe(2);
  expect(integer(-1, 1).at(1 - 2 ** -53)).toBe(1);
  for (let count = 2; count < 300; count++) {
    const all = Array.from({ length: count }, (_, i) => i);
    expect(choice(all).at(1 - 2 ** -53)).toBe(count - 1);
  }
});

describe('grid', () => {
  const counts = fc.integer({ min: 1, max: 30 });

  test('of a range ascends from one end to the other, exactly, without leaving it', () => {
    fc.assert(
      fc.property(ranges, counts, (range, count) => {
        const points = numbers(range.grid(count));
        const [low, high] = bounds(range);
        if (range.kind !== 'integer') expect(points).toHaveLength(count);
        for (const point of points) expect(point >= low && point <= high).toBe(true);
        // Two values, each with an exponent rounded by 2^-54, times ln(1e300) = 691, and then to 15 digits: 9e-14 together.
        const slack = range.kind === 'logUniform' ? 1 - 9e-14 : 1;
        for (const [i, point] of points.entries()) expect(point).toBeGreaterThanOrEqual((points[i - 1] ?? low) * slack);
        if (count > 1) expect([points[0], points.at(-1)]).toEqual([low, high]);
      }),
      { numRuns: 1000 },
    );
  });

  test('of an integer has as many as asked, or all that there are, each once', () => {
    fc.assert(
      fc.property(integers, counts, (range, count) => {
        const points = numbers(range.grid(count));
        const [low, high] = bounds(range);
        expect(points).toHaveLength(Math.min(count, high - low + 1));
        expect(new Set(points).size).toBe(points.length);
        expect(points.every(Number.isSafeInteger)).toBe(true);
      }),
    );
  });

  test.each<[Distribution, number, ConfigurationValue[]]>([
    [uniform(0, 0.8), 5, [0, 0.2, 0.4, 0.6, 0.8]],
    [uniform(-1, 2), 1, [0.5]],
    [logUniform(1e-6, 1e-2), 5, [1e-6, 1e-5, 1e-4, 1e-3, 1e-2]],
    [logUniform(1e-4, 1e-2), 1, [1e-3]],
    [logUniform(0.1 + 0.2, 3), 2, [0.1 + 0.2, 3]],
    [logUniform(Number.MIN_VALUE, Number.MAX_VALUE), 2, [Number.MIN_VALUE, Number.MAX_VALUE]],
    [integer(1, 10), 4, [1, 4, 7, 10]],
    [integer(1, 4), 3, [1, 3, 4]],
    [integer(1, 3), 7, [1, 2, 3]],
    [integer(1, 4), 1, [2]],
    [integer(-3, -2), 1, [-3]],
    [choice(['relu', 'tanh']), 1, ['relu', 'tanh']],
    [fixed([64, 32]), 4, [[64, 32]]],
  ])('%o.grid(%i)', (distribution, count, expected) => {
    expect(distribution.grid(count)).toEqual(expected);
  });
});

describe('perturb', () => {
  test('multiplies what is in a range by 0.8 or 1.2, within its bounds', () => {
    fc.assert(
      fc.property(fc.oneof(uniforms, logUniforms), unit, unit, (range, u, v) => {
        const [low, high] = bounds(range);
        const value = Number(range.at(u));
        fc.pre(value !== 0);
        const wanted = value * (v < 0.5 ? 0.8 : 1.2);
        expect(range.perturb(value, v)).toBe(Math.min(high, Math.max(low, wanted)));
      }),
    );
  });

  test('moves an integer unless it is at the bound, never out of bounds, up with one half and down with the other', () => {
    fc.assert(
      fc.property(integers, unit, (range, u) => {
        const [low, high] = bounds(range);
        const value = Number(range.at(u));
        const [a, b] = [Number(range.perturb(value, 0.49)), Number(range.perturb(value, 0.5))];
        const [down, up] = value < 0 ? [b, a] : [a, b];
        expect(Number.isSafeInteger(down) && Number.isSafeInteger(up)).toBe(true);
        expect(value === low ? down === low : down < value && down >= low).toBe(true);
        expect(value === high ? up === high : up > value && up <= high).toBe(true);
      }),
    );
  });

  test('takes the value before or after in a choice', () => {
    fc.assert(
      fc.property(choices, unit, unit, (distribution, u, v) => {
        const all = distribution.grid(1);
        // As a saved search has it: equal, not identical.
        const value: ConfigurationValue = JSON.parse(JSON.stringify(distribution.at(u)));
        const place = (one: ConfigurationValue) => all.findIndex((each) => isSameValue(each, one));
        const distance = Math.abs(place(distribution.perturb(value, v)) - place(value));
        expect(distance).toBe(all.length === 1 ? 0 : 1);
      }),
    );
  });

  test.each<[Distribution, ConfigurationValue, number, ConfigurationValue]>([
    [uniform(0, 10), 5, 0.49, 4],
    [uniform(0, 10), 5, 0.5, 6],
    [uniform(0, 10), 9, 0.5, 10],
    [uniform(4, 10), 4.5, 0, 4],
    [uniform(-10, 10), -5, 0, -4],
    [uniform(0, 10), 0, 0.25, 2.5],
    [logUniform(1, 10), 5, 0, 4],
    [logUniform(1, 10), 9, 0.5, 10],
    [integer(0, 100), 10, 0, 8],
    [integer(0, 100), 10, 0.5, 12],
    [integer(0, 100), 2, 0, 1],
    [integer(0, 100), 2, 0.5, 3],
    [integer(0, 100), 0, 0, 0],
    [integer(0, 100), 0, 0.5, 1],
    [integer(-5, 5), 0, 0, -1],
    [integer(-5, 5), -1, 0, 0],
    [integer(-5, 5), -1, 0.5, -2],
    [choice([1, 2, 3]), 2, 0.49, 1],
    [choice([1, 2, 3]), 2, 0.5, 3],
    [choice([1, 2, 3]), 1, 0, 2],
    [choice([1, 2, 3]), 3, 0.99, 2],
    [choice([[64], [128, 64]]), [64], 0.7, [128, 64]],
    [choice(['only']), 'only', 0.7, 'only'],
    [fixed(3), 3, 0.7, 3],
  ])('%o.perturb(%j, %d)', (distribution, value, u, expected) => {
    expect(distribution.perturb(value, u)).toEqual(expected);
  });

  testRefusals({
    'TypeError: uniform: value must be a finite number, got "a"': () => uniform(0, 1).perturb('a', 0),
    'TypeError: logUniform: value must be a finite number, got true': () => logUniform(1, 2).perturb(true, 0),
    'TypeError: integer: value must be a finite number, got [1]': () => integer(1, 2).perturb([1], 0),
    'RangeError: choice: value must be one of [1, 2], got 3': () => choice([1, 2]).perturb(3, 0),
  });
});

test('a fixed value is that value, whatever happens to the array it was made of', () => {
  const array = [64, 32];
  const [one, some] = [fixed(array), choice([array, [1]])];
  array.push(1);
  expect([one.at(0.5), some.at(0)]).toEqual([
    [64, 32],
    [64, 32],
  ]);
});

test('no zero has a sign, since JSON has none', () => {
  for (const value of [uniform(-0, 1).at(0), uniform(-1, -0).grid(2)[1], fixed(-0).at(0), choice([-0]).at(0)]) {
    expect(value).toBe(0);
  }
});

test('distributionText is what one would write', () => {
  const all = [uniform(0, 1.5), logUniform(1e-6, 1), integer(1, 3), choice(['a', [1]]), fixed(true)];
  expect(all.map(distributionText)).toEqual([
    'uniform(0, 1.5)',
    'logUniform(0.000001, 1)',
    'integer(1, 3)',
    'choice(["a", [1]])',
    'fixed(true)',
  ]);
});

testRefusals({
  'RangeError: uniform: high must be above low, got low 2 and high 1': () => uniform(2, 1),
  'RangeError: uniform: high must be above low, got 1 for both; for a single value use fixed(1)': () => uniform(1, 1),
  'RangeError: uniform: low must be a finite number, got NaN': () => uniform(Number.NaN, 1),
  'RangeError: uniform: high must be a finite number, got Infinity': () => uniform(0, Infinity),
  'RangeError: uniform: high - low must be a finite number, got Infinity': () => uniform(-1.7e308, 1.7e308),
  'TypeError: uniform: low must be a finite number, got "0"': () => Reflect.apply(uniform, null, ['0', 1]),
  'TypeError: uniform: high must be a finite number, got undefined': () => Reflect.apply(uniform, null, [0]),
  'RangeError: logUniform: low must be a number > 0, got 0': () => logUniform(0, 1),
  'RangeError: logUniform: low must be a number > 0, got -1': () => logUniform(-1, 1),
  'RangeError: logUniform: high must be a number > 0, got 0': () => logUniform(1, 0),
  'RangeError: logUniform: high must be above low, got low 1 and high 0.1': () => logUniform(1, 0.1),
  'RangeError: logUniform: high must be above low, got 2 for both; for a single value use fixed(2)': () =>
    logUniform(2, 2),
  'RangeError: integer: low must be an integer, got 1.5': () => integer(1.5, 3),
  'RangeError: integer: high must be an integer, got 3.5': () => integer(1, 3.5),
  'RangeError: integer: high must be above low, got low 3 and high 1': () => integer(3, 1),
  'RangeError: integer: high must be above low, got 3 for both; for a single value use fixed(3)': () => integer(3, 3),
  'RangeError: integer: high - low must be a number <= 9007199254740991, got 18014398509481982': () =>
    integer(-(2 ** 53) + 1, 2 ** 53 - 1),
  'RangeError: choice: values must not be empty': () => choice([]),
  'TypeError: choice: values must be an array, got "a"': () => Reflect.apply(choice, null, ['a', 'b']),
  'RangeError: choice: values must differ, but values[0] and values[2] are both 1': () => choice([1, 2, 1]),
  'RangeError: choice: values must differ, but values[0] and values[1] are both [1, 2]': () =>
    choice(Array(2).fill([1, 2])),
  'RangeError: choice: values[1] must be a finite number, got Infinity': () => choice([1, Infinity]),
  'RangeError: choice: values[0][1] must be a finite number, got NaN': () => choice([[1, Number.NaN]]),
  'TypeError: choice: values[1] must be a number, a string, a boolean or an array of them, got undefined': () =>
    Reflect.apply(choice, null, [[1, undefined]]),
  'TypeError: fixed: value must be a number, a string, a boolean or an array of them, got null': () =>
    Reflect.apply(fixed, null, [null]),
});
