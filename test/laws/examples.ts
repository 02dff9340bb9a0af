import { Random } from '../ops/random.js';
import { type Network, traceNetwork } from '../steps/networks.js';
import type { Examples } from './step-on.js';

/** A batch of random examples for a network. */
export function examplesFor(network: Network, seed: number): Examples {
  const random = new Random(seed);
  const { x, targets, model } = traceNetwork(network);
  const outputs = model.output(x, true).cols;
  const size = targets.rows * targets.cols;
  return {
    x: random.floats(x.rows * x.cols),
    targets:
      network.loss.targets === 'classes'
        ? Uint32Array.from(random.floats(size, 0, outputs))
        : random.floats(size, 0, 1),
  };
}

/** The same examples in another order: row i of the result is row `order[i]`. */
export function reordered({ x, targets }: Examples, order: readonly number[]): Examples {
  return { x: rowsOf(x, order), targets: rowsOf(targets, order) };
}

function rowsOf<T extends Float32Array | Uint32Array>(data: T, order: readonly number[]): T {
  const cols = data.length / order.length;
  const result = data.slice() as T;
  for (const [to, from] of order.entries()) result.set(data.subarray(from * cols, (from + 1) * cols), to * cols);
  return result;
}

/** The numbers below `count` in a random order, and after them those below `rows` in their own. */
export function randomOrder(count: number, rows: number, seed: number): number[] {
  const random = new Random(seed);
  const places = Array.from({ length: rows }, (_, i) => ({ i, key: i < count ? random.next() : 1 }));
  return places.sort((a, b) => a.key - b.key).map(({ i }) => i);
}
