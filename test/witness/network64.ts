import type { Arithmetic } from './float32.js';

/** A network with one hidden layer: y = act(x · w1 + b1) · w2 + b2. */
export interface Network {
  readonly name: string;
  readonly batchSize: number;
  readonly features: number;
  readonly hidden: number;
  readonly activation: 'relu' | 'tanh';
  readonly outputs: number;
  readonly loss: 'softmaxCrossEntropy' | 'meanSquaredError';
  /** λ of the penalty λ · Σw², biases left out: Keras' convention, wgrad's 'sum'. */
  readonly strength: number;
}

/** x [m, features], and class indices [m] or targets [m, outputs]. */
export interface Batch {
  readonly x: Float32Array;
  readonly y: Float32Array | Uint32Array;
}

/** w1 [features, hidden], b1 [hidden], w2 [hidden, outputs], b2 [outputs]. */
export type Parameters = readonly ArrayLike<number>[];

/** The results of one pass over a batch. */
export interface Pass {
  readonly loss: number;
  readonly penalty: number;
  /** Gradients of loss + penalty, in the order of the parameters. */
  readonly gradients: readonly Float64Array[];
  /** Inputs of the hidden layer's activation, [m, hidden]. */
  readonly hiddenInputs: Float64Array;
}

/** Element (i, j) of a matrix that need not be stored. */
type Element = (i: number, j: number) => number;

/** a · b + c: [rows, k] · [k, cols] + [rows, cols]; a sum of k products and one term. */
function product(
  [rows, k, cols]: readonly [number, number, number],
  a: Element,
  b: Element,
  c: Element,
  { rounded }: Arithmetic,
): Float64Array {
  const y = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      let sum = c(i, j);
      let magnitude = Math.abs(sum);
      for (let l = 0; l < k; l++) {
        const term = a(i, l) * b(l, j);
        sum += term;
        magnitude += Math.abs(term);
      }
      y[i * cols + j] = rounded(sum, magnitude, k + 2);
    }
  }
  return y;
}

const at =
  (data: ArrayLike<number>, cols: number): Element =>
  (i, j) =>
    data[i * cols + j];
const transposed =
  (data: ArrayLike<number>, cols: number): Element =>
  (i, j) =>
    data[j * cols + i];
const one: Element = () => 1;
const none: Element = () => 0;

/** Loss, penalty and gradients, by the textbook: Goodfellow et al., "Deep learning", algorithms 6.3 and 6.4. */
export function pass(network: Network, parameters: Parameters, batch: Batch, arithmetic: Arithmetic): Pass {
  const { batchSize: m, features, hidden, outputs, activation, strength } = network;
  const [w1, b1, w2, b2] = parameters;
  const { rounded } = arithmetic;
  const x = batch.x;
  const z = product([m, features, hidden], at(x, features), at(w1, hidden), (_, j) => b1[j], arithmetic);
  const h = z.map((value) => (activation === 'relu' ? Math.max(value, 0) : arithmetic.tanh(value)));
  const y = product([m, hidden, outputs], at(h, hidden), at(w2, outputs), (_, j) => b2[j], arithmetic);

  const { losses, dy } = LOSSES[network.loss](y, batch.y, network, arithmetic);
  const dh = product([m, outputs, hidden], at(dy, outputs), transposed(w2, outputs), none, arithmetic);
  const dz = dh.map((value, i) => {
    if (activation === 'relu') return z[i] > 0 ? value : 0;
    const slope = value * (1 - h[i] ** 2);
    // Ten operations at most, where an engine differentiates tanh through exp.
    return rounded(slope, Math.abs(value) * (1 + h[i] ** 2), 10);
  });
  const decay =
    (w: ArrayLike<number>, cols: number): Element =>
    (i, j) =>
      2 * strength * w[i * cols + j];
  const gradients = [
    product([features, m, hidden], transposed(x, features), at(dz, hidden), decay(w1, hidden), arithmetic),
    product([1, m, hidden], one, at(dz, hidden), none, arithmetic),
    product([hidden, m, outputs], transposed(h, hidden), at(dy, outputs), decay(w2, outputs), arithmetic),
    product([1, m, outputs], one, at(dy, outputs), none, arithmetic),
  ];
  const squares = sum(w1, (w) => w * w) + sum(w2, (w) => w * w);
  const penalty = rounded(strength * squares, strength * squares, w1.length + w2.length + 2);
  const loss = rounded(sum(losses, Number) / m, sum(losses, Math.abs) / m, m + 1);
  return { loss, penalty, gradients, hiddenInputs: z };
}

/** Each example's loss, and the gradient of their mean with respect to y. */
type Loss = (
  y: Float64Array,
  targets: ArrayLike<number>,
  network: Network,
  arithmetic: Arithmetic,
) => { losses: Float64Array; dy: Float64Array };

const LOSSES: Record<Network['loss'], Loss> = {
  /** The mean over the outputs of (y - t)². */
  meanSquaredError(y, targets, { batchSize, outputs }, { rounded }) {
    const errors = y.map((value, i) => rounded(value - targets[i], Math.abs(value - targets[i]), 1));
    const losses = new Float64Array(batchSize).map((_, i) => {
      const mean = sum(errors.subarray(i * outputs, (i + 1) * outputs), (error) => error * error) / outputs;
      return rounded(mean, mean, outputs + 2);
    });
    const dy = errors.map((error) => (2 * error) / (outputs * batchSize));
    return { losses, dy: dy.map((value) => rounded(value, Math.abs(value), 3)) };
  },

  /** log Σ exp(z_j - max) - (z_label - max); gradient (softmax - onehot) / m. */
  softmaxCrossEntropy(y, labels, { batchSize, outputs }, { rounded, exp, log }) {
    const losses = new Float64Array(batchSize);
    const dy = new Float64Array(y.length);
    for (let i = 0; i < batchSize; i++) {
      const row = y.subarray(i * outputs, (i + 1) * outputs);
      const most = Math.max(...row);
      const shifted = row.map((value) => rounded(value - most, Math.abs(value - most), 1));
      const powers = shifted.map(exp);
      const total = rounded(sum(powers, Number), sum(powers, Number), outputs);
      const label = shifted[labels[i]];
      losses[i] = rounded(log(total) - label, Math.log(total) + Math.abs(label), 2);
      for (let j = 0; j < outputs; j++) {
        const share = powers[j] / total;
        const target = j === labels[i] ? 1 : 0;
        // The division is accurate to 2.5 units; the difference and the division by m round.
        dy[i * outputs + j] = rounded((share - target) / batchSize, (share + target) / batchSize, 5);
      }
    }
    return { losses, dy };
  },
};

function sum(values: ArrayLike<number>, of: (value: number) => number): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += of(values[i]);
  return total;
}
