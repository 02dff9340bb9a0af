import fc from 'fast-check';
import { expect, test } from 'vitest';
import { balancedWeights } from '../../src/data/balanced-weights.js';
import { dataset } from '../../src/data/dataset.js';
import { classificationReport } from '../../src/metrics/classification-report.js';
import { confusionMatrix } from '../../src/metrics/confusion-matrix.js';
import type { Label, LabelOptions, Labels } from '../../src/metrics/labels.js';
import { regressionReport } from '../../src/metrics/regression-report.js';
import { rocAuc } from '../../src/metrics/roc-auc.js';

// Numbers without another source are those of the examples in scikit-learn's documentation, version 1.2.

const [CAT, DOG, PIG] = ['cat', 'dog', 'pig'];
const INDICES = { truth: [2, 0, 2, 2, 0, 1], predicted: [0, 0, 2, 2, 0, 2] };
const COUNTS = [
  [2, 0, 0],
  [0, 0, 1],
  [1, 0, 2],
];
const NAMES = ['ant', 'bird', 'cat'];
const asNames = (labels: number[]) => labels.map((i) => NAMES[i]);

test.each<[string, Labels, Labels, LabelOptions, string[]]>([
  ['numbers', INDICES.truth, INDICES.predicted, {}, ['0', '1', '2']],
  ['typed arrays', Uint32Array.from(INDICES.truth), Float32Array.from(INDICES.predicted), {}, ['0', '1', '2']],
  ['bigints', BigInt64Array.from(INDICES.truth.map(BigInt)), INDICES.predicted.map(BigInt), {}, ['0', '1', '2']],
  ['strings', asNames(INDICES.truth), asNames(INDICES.predicted), {}, NAMES],
  ['strings in a given order', asNames(INDICES.truth), asNames(INDICES.predicted), { classes: NAMES }, NAMES],
  ['indices with names', INDICES.truth, INDICES.predicted, { classes: NAMES }, NAMES],
  ['a count of classes', INDICES.truth, INDICES.predicted, { classes: 3 }, ['0', '1', '2']],
])('confusionMatrix takes %s', (_, truth, predicted, options, classes) => {
  expect(confusionMatrix(truth, predicted, options)).toEqual({ classes, counts: COUNTS });
});

test('labels stand in the order of their values, or in a given one that may hold more', () => {
  expect(confusionMatrix([10, 9], [9, 9]).classes).toEqual(['9', '10']);
  expect(confusionMatrix([true, false], [true, true]).classes).toEqual(['false', 'true']);
  const { classes, counts } = confusionMatrix([10, 9], [9, 9], { classes: [11, 10, 9] });
  expect([classes, counts]).toEqual([
    ['11', '10', '9'],
    [
      [0, 0, 0],
      [0, 0, 1],
      [0, 0, 1],
    ],
  ]);
});

test("classificationReport has scikit-learn's numbers", () => {
  const truth = [CAT, DOG, PIG, CAT, DOG, PIG];
  const report = classificationReport(truth, [CAT, PIG, DOG, CAT, CAT, DOG], { classes: [PIG, DOG, CAT] });
  expect(report.classes).toEqual([
    { name: 'pig', precision: 0, recall: 0, f1: 0, support: 2 },
    { name: 'dog', precision: 0, recall: 0, f1: 0, support: 2 },
    { name: 'cat', precision: 2 / 3, recall: 1, f1: 0.8, support: 2 },
  ]);
  expect(report.macro).toEqual({ precision: 2 / 9, recall: 1 / 3, f1: 0.8 / 3 });
  expect(report.accuracy).toBe(1 / 3);
  expect(classificationReport([0, 1, 0, 0, 1, 0], [0, 1, 0, 0, 0, 1]).balancedAccuracy).toBe(0.625);
});

test('a ratio of nothing is 0, and means leave out classes that do not occur', () => {
  const { classes, macro, balancedAccuracy } = classificationReport([0, 0], [0, 1], { classes: 4 });
  expect(classes.map(({ precision, recall, f1 }) => [precision, recall, f1])).toEqual([
    [1, 0.5, 2 / 3],
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ]);
  expect(macro).toEqual({ precision: 0.5, recall: 0.25, f1: 1 / 3 });
  expect(balancedAccuracy).toBe(0.5);
});

const labelPairs = fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { minLength: 1, maxLength: 40 });

test('the report is what the confusion matrix says', () => {
  fc.assert(
    fc.property(labelPairs, (pairs) => {
      const [truth, predicted] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
      const { counts } = confusionMatrix(truth, predicted, { classes: 5 });
      const { accuracy, classes, examples } = classificationReport(truth, predicted, { classes: 5 });
      const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
      expect(sum(counts.map(sum))).toBe(examples);
      expect(accuracy).toBe(sum(counts.map((row, i) => row[i])) / examples);
      for (const [i, { precision, recall, f1, support }] of classes.entries()) {
        expect(support).toBe(sum(counts[i]));
        expect(recall * support).toBeCloseTo(counts[i][i], 10);
        expect(precision * sum(counts.map((row) => row[i]))).toBeCloseTo(counts[i][i], 10);
        if (precision + recall > 0) expect(f1).toBeCloseTo((2 * precision * recall) / (precision + recall), 12);
      }
    }),
  );
});

test("rocAuc has scikit-learn's number, and the other class's is the rest of 1", () => {
  expect(rocAuc([1, 1, 2, 2], [0.1, 0.4, 0.35, 0.8])).toBe(0.75);
  expect(rocAuc([1, 1, 2, 2], [0.1, 0.4, 0.35, 0.8], { positive: 1 })).toBe(0.25);
  expect(rocAuc(['no', 'yes'], [3, 3])).toBe(0.5);
  expect(rocAuc([1, 1], [0.1, 0.4])).toBeNull();
});

test('rocAuc is the share of pairs that are ordered right, ties half', () => {
  const scored = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: -3, max: 3 })), { minLength: 2, maxLength: 30 });
  fc.assert(
    fc.property(scored, (rows) => {
      const [high, low] = [rows.filter(([is]) => is), rows.filter(([is]) => !is)];
      fc.pre(high.length > 0 && low.length > 0);
      const won = high.flatMap(([, a]) => low.map(([, b]): number => (a > b ? 1 : a === b ? 0.5 : 0)));
      const expected = won.reduce((sum, each) => sum + each, 0) / won.length;
      const [truth, scores] = [rows.map(([is]) => is), rows.map(([, score]) => score)];
      expect(rocAuc(truth, scores)).toBeCloseTo(expected, 12);
    }),
  );
});

test("regressionReport has scikit-learn's numbers", () => {
  const { mae, rmse, r2 } = regressionReport([3, -0.5, 2, 7], Float32Array.of(2.5, 0, 2, 8));
  expect([mae, rmse]).toEqual([0.5, Math.sqrt(0.375)]);
  expect(r2).toBeCloseTo(0.9486081370449679, 15);
  expect(regressionReport([1, 2, 3], [1, 2, 3]).r2).toBe(1);
  expect(regressionReport([1, 2, 3], [2, 2, 2]).r2).toBe(0);
  expect(regressionReport([1, 2, 3], [3, 2, 1]).r2).toBe(-3);
  expect(regressionReport([0.1, 0.1, 0.1], [0.1, 0.1, 0.2]).r2).toBeNull();
});

test('R² does not change with the unit of the targets', () => {
  const pairs = fc.array(fc.tuple(fc.integer(), fc.integer()), { minLength: 2, maxLength: 20 });
  fc.assert(
    fc.property(pairs, (rows) => {
      const [targets, predicted] = [rows.map(([a]) => a), rows.map(([, b]) => b)];
      const { r2 } = regressionReport(targets, predicted);
      const scaled = regressionReport(
        targets.map((y) => y * 1024),
        predicted.map((y) => y * 1024),
      );
      expect(scaled.r2).toBe(r2);
    }),
  );
});

test('balancedWeights let every class count alike', () => {
  const data = dataset({ x: [[1], [2], [3], [4], [5]], y: [0, 0, 0, 0, 2], classes: 3 });
  expect([...balancedWeights(data)]).toEqual([0.625, 0.625, 0.625, 0.625, 2.5]);
  const numbers = dataset({ x: [[1]], y: [1.5] });
  expect(() => balancedWeights(numbers)).toThrow(
    'balancedWeights: data must have classes, but its targets are numbers',
  );
});

const matrix = (truth: unknown, predicted: unknown, options?: object) => () =>
  confusionMatrix(truth as Label[], predicted as Label[], options);

test.each<[() => unknown, string]>([
  [matrix(5, [1]), 'confusionMatrix: truth must be an array of labels, got 5'],
  [matrix([], []), 'confusionMatrix: truth is empty'],
  [matrix([1], [1, 1]), 'confusionMatrix: truth has 1 labels, predicted has 2'],
  [matrix([1, Number.NaN], [1, 1]), 'truth[1] must be a number, a bigint, a string or a boolean, got NaN'],
  [matrix([1, 0], [1, '0']), 'predicted[1] must be a number, as truth[0] is, got "0"'],
  [matrix([1, 3], [1, 1], { classes: 3 }), 'truth[1] must be one of 0, 1, 2, got 3'],
  [matrix(['a'], ['b'], { classes: ['a'] }), 'predicted[0] must be "a", got "b"'],
  [matrix(['a'], ['b'], { classes: 2 }), 'classes must be an array of all labels where labels are no indices, got 2'],
  [matrix(['a'], ['b'], { classes: ['a', 'a'] }), 'classes must differ, got ["a", "a"]'],
  [matrix([1], [1], { classes: [] }), 'the number of classes must be 1 to 10000, got 0'],
  [matrix([1], [1], { classes: 'a' }), 'classes must be a number or an array of labels, got "a"'],
  [matrix([1], [1], { classses: 2 }), "unknown option 'classses', did you mean 'classes'?"],
  [
    () =>
      confusionMatrix(
        Float64Array.from({ length: 20_000 }, (_, i) => i),
        new Float64Array(20_000),
      ),
    'got 20000',
  ],
  [() => rocAuc([0, 1, 2], [1, 2, 3]), 'rocAuc: truth must have two classes, got 3'],
  [() => rocAuc([0, 1], [1, Number.NaN]), 'rocAuc: scores[1] must be a finite number, got NaN'],
  [() => rocAuc([0, 1], [1]), 'rocAuc: truth has 2 labels, scores has 1'],
  [() => rocAuc([0, 1], [1, 2], { positive: 2 }), 'rocAuc: positive must be 0 or 1, got 2'],
  [() => regressionReport([1], [1, 2]), 'regressionReport: targets has 1 numbers, predicted has 2'],
  [() => regressionReport([], []), 'regressionReport: targets is empty'],
])('%s is refused: %s', (run, message) => {
  expect(run).toThrow(message);
});
