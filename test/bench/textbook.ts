import { layersOf, type Network, type Problem } from './network.js';

/** The result of a training in float64. */
export interface Truth {
  /** Weights and biases of each layer in turn. */
  readonly parameters: readonly Float64Array[];
  /** The nearest that any ReLU's input came to 0, in units of the sum of magnitudes that it is a sum of. */
  readonly margin: number;
}

/**
 * Takes steps in float64 by the textbook (Goodfellow et al., "Deep learning", algorithms 6.3, 6.4 and 8.2), without
 * dropout. It shares no code with wgrad's reference.
 */
export function trainTextbook({ network, x, labels, start }: Problem, steps: number): Truth {
  const parameters = start.map((values) => Float64Array.from(values));
  const velocities = start.map(({ length }) => new Float64Array(length));
  let margin = Number.POSITIVE_INFINITY;
  for (let step = 0; step < steps; step++) {
    const { gradients, nearest } = pass(network, parameters, x, labels);
    margin = Math.min(margin, nearest);
    for (const [p, gradient] of gradients.entries()) {
      const [theta, velocity] = [parameters[p], velocities[p]];
      for (let i = 0; i < theta.length; i++) {
        velocity[i] = network.momentum * velocity[i] + gradient[i];
        theta[i] -= network.learningRate * velocity[i];
      }
    }
  }
  return { parameters, margin };
}

/** Gradients of the mean cross-entropy and (λ/2)·Σw², and how near a hidden unit came to the kink of ReLU. */
function pass(network: Network, parameters: readonly Float64Array[], x: Float32Array, labels: Uint32Array) {
  const { batchSize: m, l2 } = network;
  const layers = layersOf(network);
  const inputs: Float64Array[] = [Float64Array.from(x)];
  let nearest = Number.POSITIVE_INFINITY;
  for (const [l, { rows, cols }] of layers.entries()) {
    const { z, magnitude } = forward(inputs[l], parameters[2 * l], parameters[2 * l + 1], [m, rows, cols]);
    if (l < layers.length - 1) {
      for (let i = 0; i < z.length; i++) {
        nearest = Math.min(nearest, Math.abs(z[i]) / magnitude[i]);
        z[i] = Math.max(z[i], 0);
      }
    }
    inputs.push(z);
  }
  let dz = softmaxGradient(inputs[layers.length], labels, m);
  const gradients: Float64Array[] = [];
  for (let l = layers.length - 1; l >= 0; l--) {
    const { rows, cols } = layers[l];
    const w = parameters[2 * l];
    const dw = w.map((value) => l2 * value);
    const db = new Float64Array(cols);
    const dh = new Float64Array(m * rows);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < cols; j++) db[j] += dz[i * cols + j];
      for (let k = 0; k < rows; k++) {
        const h = inputs[l][i * rows + k];
        let sum = 0;
        for (let j = 0; j < cols; j++) {
          const d = dz[i * cols + j];
          dw[k * cols + j] += h * d;
          sum += w[k * cols + j] * d;
        }
        dh[i * rows + k] = h > 0 ? sum : 0; // nobody asks for the gradient of x
      }
    }
    gradients.unshift(dw, db);
    dz = dh;
  }
  return { gradients, nearest };
}

/** z = x · w + b, [m, cols], and the sums of the magnitudes of its terms. */
export function forward(
  x: Float64Array,
  w: Float64Array,
  b: Float64Array,
  [m, rows, cols]: readonly [number, number, number],
): { z: Float64Array; magnitude: Float64Array } {
  const z = new Float64Array(m * cols);
  const magnitude = new Float64Array(m * cols);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < cols; j++) {
      z[i * cols + j] = b[j];
      magnitude[i * cols + j] = Math.abs(b[j]);
    }
    for (let k = 0; k < rows; k++) {
      const value = x[i * rows + k];
      for (let j = 0; j < cols; j++) {
        const term = value * w[k * cols + j];
        z[i * cols + j] += term;
        magnitude[i * cols + j] += Math.abs(term);
      }
    }
  }
  return { z, magnitude };
}

/** (softmax - onehot) / m. */
function softmaxGradient(logits: Float64Array, labels: Uint32Array, m: number): Float64Array {
  const cols = logits.length / m;
  const gradient = new Float64Array(logits.length);
  for (let i = 0; i < m; i++) {
    const row = logits.subarray(i * cols, (i + 1) * cols);
    const most = row.reduce((a, b) => Math.max(a, b));
    const powers = row.map((value) => Math.exp(value - most));
    const total = powers.reduce((a, b) => a + b);
    for (let j = 0; j < cols; j++) gradient[i * cols + j] = (powers[j] / total - (j === labels[i] ? 1 : 0)) / m;
  }
  return gradient;
}
