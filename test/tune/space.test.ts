import { describe, expect, test } from 'vitest';
import { adamw, dense, dropout, l2, sequential, sgd, softmaxCrossEntropy, stepDecay } from '../../src/index.js';
import { checkTrainerOptions, traceTraining } from '../../src/train/trainer-options.js';
import { choice, fixed, integer, logUniform, uniform } from '../../src/tune/distributions.js';
import { type CheckedSpace, checkLists, checkRanges, checkSpace, dimensionPlace } from '../../src/tune/space.js';
import { testRefusals } from '../errors/refusals.js';

/** The hyper-parameters of two models, which together have all that is tried here. */
const TABLE = Object.assign(
  {},
  ...[adamw({ learningRate: stepDecay(0.1, { every: 5 }) }), sgd({ momentum: 0.9 })].map((optimizer) => {
    const model = sequential([dense(2), dropout(0.5), dense(2)]);
    const options = { input: [2], batchSize: 2, loss: softmaxCrossEntropy(), optimizer, regularizer: l2(0.1) };
    return traceTraining('test', model, checkTrainerOptions('test', model, options)).model.hyperTable;
  }),
);

/** Something of every kind. */
const SPACE = {
  l2: logUniform(1e-6, 1e-2),
  dropout: [uniform(0, 0.8), fixed(0.5), uniform(0, 0.4)],
  hidden: choice([[64], [128, 64]]),
  units: integer(1, 8),
  activation: 'relu',
  bias: true,
  momentum: 0.9,
  widths: [32, 16],
};

test('the dimensions are what is not fixed, in the order of the space', () => {
  const { dimensions } = checkSpace('search', SPACE);
  expect(dimensions.map(dimensionPlace)).toEqual(['l2', 'dropout[0]', 'dropout[2]', 'hidden', 'units']);
  expect(dimensions.map(({ distribution }) => distribution)).toEqual([
    SPACE.l2,
    SPACE.dropout[0],
    SPACE.dropout[2],
    SPACE.hidden,
    SPACE.units,
  ]);
  expect(dimensions[0]).not.toHaveProperty('index');
});

test('a configuration has the values of the dimensions and what is fixed, and gives the values back', () => {
  const { configuration, values } = checkSpace('search', SPACE);
  const config = configuration([1e-4, 0.1, 0.2, [128, 64], 3]);
  expect(config).toEqual({
    l2: 1e-4,
    dropout: [0.1, 0.5, 0.2],
    hidden: [128, 64],
    units: 3,
    activation: 'relu',
    bias: true,
    momentum: 0.9,
    widths: [32, 16],
  });
  expect(Object.keys(config)).toEqual(Object.keys(SPACE));
  expect(values(config)).toEqual([1e-4, 0.1, 0.2, [128, 64], 3]);
});

test('a space in which all is fixed has one configuration', () => {
  const { dimensions, configuration } = checkSpace('search', { l2: 0.1, dropout: [0.2, 0.5] });
  expect(dimensions).toEqual([]);
  expect(configuration([])).toEqual({ l2: 0.1, dropout: [0.2, 0.5] });
});

const two = checkSpace('search', { l2: uniform(0, 1), dropout: [uniform(0, 0.5), 0.5] });
testRefusals({
  'RangeError: space: expected 2 values, one a dimension (l2, dropout[0]), got 1': () => two.configuration([1]),
  'RangeError: space: expected 2 values, one a dimension (l2, dropout[0]), got 3': () => two.configuration([1, 2, 3]),
  'RangeError: space: the configuration has no l2': () => two.values({ dropout: [0.5, 0.5] }),
  'RangeError: space: the configuration has no dropout[0]': [
    () => two.values({ l2: 1, dropout: 0.5 }),
    () => two.values({ l2: 1, dropout: [] }),
  ],
});

const check = (space: unknown) => checkSpace('search', space);
const mustBe = (place: string, got: string) =>
  `search: space.${place} must be a distribution such as uniform(0, 1), or a number, string or boolean, got ${got}`;
const example = '{ l2: logUniform(1e-6, 1e-2) }';

testRefusals({
  [`TypeError: search: space must be an object such as ${example}, got undefined`]: () => check(undefined),
  [`TypeError: search: space must be an object such as ${example}, got null`]: () => check(null),
  [`TypeError: search: space must be an object such as ${example}, got [a Object]`]: () => check([uniform(0, 1)]),
  [`TypeError: search: space must be an object such as ${example}, got uniform(0, 1)`]: () => check(uniform(0, 1)),
  [`RangeError: search: space must not be empty; try ${example}`]: () => check({}),
  'RangeError: search: space.dropout must not be empty; it has one distribution a layer': () => check({ dropout: [] }),
  [`TypeError: ${mustBe('l2', 'undefined')}`]: () => check({ l2: undefined }),
  [`TypeError: ${mustBe('l2', 'NaN')}`]: () => check({ l2: Number.NaN }),
  [`TypeError: ${mustBe('l2', 'a function')}`]: () => check({ l2: uniform }),
  [`TypeError: ${mustBe('l2', 'a Object')}`]: () => check({ l2: { low: 0, high: 1 } }),
  [`TypeError: ${mustBe('dropout[1]', 'undefined')}`]: () => check({ dropout: [0.1, undefined] }),
  [`TypeError: ${mustBe('hidden[0]', '[64]')}; to choose among arrays, use choice([[64], ...])`]: () =>
    check({ hidden: [[64], [32]] }),
});

describe('hyper-parameters keep the ranges that their parts declare', () => {
  const check = (space: unknown): CheckedSpace => {
    const checked = checkSpace('search', space);
    checkRanges('search', checked, TABLE);
    return checked;
  };

  testRefusals(
    {
      'dropout must be a number in [0, 1), but uniform(0, 1.5) reaches 1.5': () => check({ dropout: uniform(0, 1.5) }),
      'dropout must be a number in [0, 1), but uniform(0, 1) reaches 1': () => check({ dropout: uniform(0, 1) }),
      'dropout must be a number in [0, 1), but uniform(-0.1, 0.5) reaches -0.1': () =>
        check({ dropout: uniform(-0.1, 0.5) }),
      'dropout[1] must be a number in [0, 1), but uniform(0, 2) reaches 2': () =>
        check({ dropout: [0.5, uniform(0, 2)] }),
      'dropout must be a number in [0, 1), but choice([0.1, 0.5, 1]) reaches 1': () =>
        check({ dropout: choice([0.1, 0.5, 1]) }),
      'dropout must be a number in [0, 1), but choice([[0.1, 0.2], [1, 0]]) reaches 1': () =>
        check({
          dropout: choice([
            [0.1, 0.2],
            [1, 0],
          ]),
        }),
      'dropout must be a number in [0, 1), but integer(0, 3) reaches 3': () => check({ dropout: integer(0, 3) }),
      'dropout must be a number in [0, 1), got 1.5': () => check({ dropout: fixed(1.5) }),
      'dropout[1] must be a number in [0, 1), got 1': () => check({ dropout: [0.5, 1] }),
      'dropout0.dropout must be a number in [0, 1), got 1': () => check({ 'dropout0.dropout': 1 }),
      [`dropout must be a number in [0, 1), got ${1 - 2 ** -34}`]: () => check({ dropout: 1 - 2 ** -34 }),
      'momentum must be a number in [0, 1), but uniform(0.9, 1) reaches 1': () => check({ momentum: uniform(0.9, 1) }),
      'beta1 must be a number in [0, 1), got 1': () => check({ beta1: 1 }),
      'beta2 must be a number in [0, 1), got -1': () => check({ beta2: -1 }),
      'l2 must be a number >= 0, but uniform(-1, 1) reaches -1': () => check({ l2: uniform(-1, 1) }),
      'l2 must be a number >= 0, got "a"': () => check({ l2: 'a' }),
      'l2 must be a number >= 0, but choice([1, "a"]) reaches "a"': () => check({ l2: choice([1, 'a']) }),
      'learningRate must be a number >= 0, got -1': () => check({ learningRate: -1 }),
      'weightDecay must be a number >= 0, but integer(-1, 1) reaches -1': () => check({ weightDecay: integer(-1, 1) }),
      'epsilon must be a number > 0, but uniform(0, 1) reaches 0': () => check({ epsilon: uniform(0, 1) }),
      'every must be a positive integer, but uniform(1, 4) reaches 2.145898': () => check({ every: uniform(1, 4) }),
    },
    { prefix: 'RangeError: search: space.' },
  );

  test('a list that is not as long as the model has layers says how to try several values', () => {
    expect(() => checkLists('search', checkSpace('search', { learningRate: [0.1, 0.2] }), TABLE)).toThrow(
      'search: space.learningRate lists 2 entries, one a layer, where this model has 1; to try several values, use choice([0.1, 0.2])',
    );
  });

  test('what just lies in them is allowed', () => {
    const space = {
      l2: uniform(0, 1e9),
      dropout: uniform(0, 0.99),
      momentum: choice([0, 0.9]),
      beta1: 0,
      beta2: uniform(0, 1 - 1e-7),
      epsilon: logUniform(1e-12, 1),
      learningRate: 0,
      weightDecay: [0, 1],
    };
    expect(check(space).dimensions).toHaveLength(5);
  });

  test('other names may have any value', () => {
    expect(check({ width: -1, seed: uniform(-5, 5), toString: 'a' }).dimensions).toHaveLength(1);
  });
});
