import type { Preparation } from '../table/preparation.js';
import type { Annotated } from './annotations.js';

/** Returns the name of the likeliest class of every row of outputs [rows, outputs], or the number in the table's units. */
export function answersOf(
  outputs: Float32Array,
  { outputs: columns }: Annotated,
  target: Preparation['target'],
): (string | number)[] {
  if (!('classes' in target)) return Array.from(outputs, (value) => value * target.deviation + target.mean);
  return Array.from({ length: outputs.length / columns }, (_, row) => {
    const own = outputs.subarray(row * columns, (row + 1) * columns);
    return target.classes[columns === 1 ? Number(own[0] > 0) : indexOfLargest(own)];
  });
}

/** Returns the index of the largest value, the first of several. */
function indexOfLargest(values: Float32Array): number {
  return values.reduce((best, value, i) => (value > values[best] ? i : best), 0);
}

/**
 * Returns the probability of every class [rows, classes] from outputs [rows, outputs], tight: softmax, or for a
 * meaning of sigmoid that, whose single output gives 1 - p and p. Computed in float64 and rounded once.
 */
export function probabilitiesOf(outputs: Float32Array, { outputs: columns, loss }: Annotated): Float32Array {
  if (loss.meaning === 'softmax') return softmaxOf(outputs, columns);
  if (columns > 1) return outputs.map(sigmoid);
  return Float32Array.from({ length: 2 * outputs.length }, (_, i) => sigmoid(outputs[i >> 1] * (i % 2 === 0 ? -1 : 1)));
}

function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}

function softmaxOf(outputs: Float32Array, columns: number): Float32Array {
  const probabilities = new Float32Array(outputs.length);
  for (let start = 0; start < outputs.length; start += columns) {
    const own = outputs.subarray(start, start + columns);
    const largest = own[indexOfLargest(own)];
    let sum = 0;
    for (const z of own) sum += Math.exp(z - largest);
    for (const [i, z] of own.entries()) probabilities[start + i] = Math.exp(z - largest) / sum;
  }
  return probabilities;
}
