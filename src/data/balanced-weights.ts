import { checkDataset, type Dataset } from './dataset.js';

/**
 * Returns a weight for each example, for `weights` of `fit` and `evaluate`: examples / (classes * examples of its class), so
 * that all classes count alike. Classes without examples do not count. The weights have mean 1, and are those of
 * scikit-learn's "balanced".
 * @throws TypeError if `data` has no classes
 */
export function balancedWeights(data: Dataset): Float32Array {
  checkDataset('balancedWeights', 'data', data);
  const { y, classes, examples } = data;
  if (classes === undefined)
    throw new TypeError('balancedWeights: data must have classes, but its targets are numbers');
  const counts = new Uint32Array(classes);
  for (const label of y) counts[label]++;
  const present = counts.filter((count) => count > 0).length;
  return Float32Array.from(y, (label) => examples / (present * counts[label]));
}
