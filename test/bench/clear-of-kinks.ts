import { layersOf, type Problem } from './network.js';
import { forward } from './textbook.js';

/** The same problem with biases in [-0.1, 0.1] that keep every input of a ReLU as far from 0 as one bias a unit can. */
export function clearOfKinks(problem: Problem): Problem {
  const { network, x } = problem;
  const start = [...problem.start];
  const m = network.batchSize;
  let h = Float64Array.from(x);
  for (const [l, { rows, cols }] of layersOf(network).slice(0, -1).entries()) {
    const w = Float64Array.from(start[2 * l]);
    const { z } = forward(h, w, new Float64Array(cols), [m, rows, cols]);
    const biases = Float32Array.from({ length: cols }, (_, j) =>
      middleOfLargestGap(Array.from({ length: m }, (_, i) => -z[i * cols + j])),
    );
    h = z.map((value, i) => Math.max(value + biases[i % cols], 0));
    start[2 * l + 1] = biases;
  }
  return { ...problem, start };
}

/** The middle of the widest part of [-0.1, 0.1] that holds none of `places`. */
function middleOfLargestGap(places: readonly number[]): number {
  const within = [-0.1, ...places.filter((place) => Math.abs(place) < 0.1).sort((a, b) => a - b), 0.1];
  let [best, width] = [0, -1];
  for (let i = 1; i < within.length; i++) {
    if (within[i] - within[i - 1] <= width) continue;
    width = within[i] - within[i - 1];
    best = (within[i] + within[i - 1]) / 2;
  }
  return best;
}
