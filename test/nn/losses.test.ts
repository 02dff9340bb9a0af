import { expect, test } from 'vitest';
import { binaryCrossEntropy, type Loss, meanSquaredError, softTargetCrossEntropy } from '../../src/index.js';
import { complaint } from '../train/complaint.js';

test.each<[Loss, number]>([
  [meanSquaredError(), 2],
  [binaryCrossEntropy(), 2],
  [softTargetCrossEntropy(), 2],
])('$kind wants as many target columns as outputs', async (loss, outputs) => {
  const { kind } = loss;
  expect(await complaint(() => loss.check(outputs, undefined, 3))).toBe(
    `RangeError: ${kind}: the model has 2 outputs, the targets have 3 columns`,
  );
  expect(await complaint(() => loss.check(outputs, 2, 1))).toBe(
    `RangeError: ${kind}: targets must be numbers, got class indices`,
  );
  expect(await complaint(() => loss.check(outputs, undefined, 2))).toBe('nothing');
});
