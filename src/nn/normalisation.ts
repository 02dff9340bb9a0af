import { checkNumber, checkOptions } from '../errors/arguments.js';
import { add, bias, divide, multiply, subtract } from '../ops/arithmetic.js';
import { sqrt } from '../ops/elementary.js';
import { constant } from '../ops/leaves.js';
import { normalizeRows } from '../ops/normalize-rows.js';
import { perExample, sumRows } from '../ops/reductions.js';
import type { Tensor } from '../ops/tensor.js';
import { average } from '../ops/updates.js';
import { asKnown } from './described.js';
import { ABOVE_0, SHARE } from './hyper-parameters.js';
import type { Initializer } from './initializers.js';
import { zeros } from './initializers.js';
import type { HostRate, Layer, LayerContext } from './layer.js';

/** Options of `layerNorm`. */
export interface LayerNormOptions {
  /** Added to a variance before its root, above 0. Default 1e-5. */
  epsilon?: number | undefined;
}

/** Options of `batchNorm`. */
export interface BatchNormOptions extends LayerNormOptions {
  /** The share of a batch in the running moments, in (0, 1], as PyTorch's `momentum`. Default 0.1. */
  momentum?: number | undefined;
}

const ones: Initializer = { kind: 'ones', options: {}, fill: (out) => out.fill(1) };

/** A layer, and what it may ask for. */
interface Asking {
  readonly context: LayerContext;
  readonly layer: string;
}

/** Returns x · gain + shift with the parameters `gain` and `b` of the layer, [1, cols] each. */
function learned(x: Tensor, { context, layer }: Asking): Tensor {
  const own = { rows: 1, cols: x.cols, decays: false, penalised: false, layer } as const;
  const name = `${layer}.gain`;
  const gain = context.parameter(name, { ...own, initializer: ones });
  const shift = context.parameter(`${layer}.b`, { ...own, initializer: zeros(), under: name });
  return bias(multiply(x, gain), shift);
}

/** Returns centred / √(variance + epsilon) · gain + shift. */
function scaled(centred: Tensor, variance: Tensor, epsilon: number, asking: Asking): Tensor {
  const number = (value: number) => constant(centred.trace, value);
  const inverse = divide(number(1), sqrt(add(variance, number(epsilon)))); // its gradient takes fewer passes than a quotient's
  return learned(multiply(centred, inverse), asking);
}

/**
 * Layer normalisation: each row minus its mean, over its deviation, times a gain and plus a shift of each column, which
 * are learned. Training and evaluation are alike. Source: Ba, Kiros, Hinton, arXiv 1607.06450, equation 4.
 * @throws RangeError if `epsilon` is not above 0; when a model is traced, if a row has one column, which is its own mean
 */
export function layerNorm(options: LayerNormOptions = {}): Layer {
  const kind = 'layerNorm';
  checkOptions(kind, options, ['epsilon']);
  const { epsilon = 1e-5 } = options;
  checkNumber(kind, 'epsilon', epsilon, ABOVE_0);
  return asKnown({
    kind,
    options: { epsilon },
    apply(x, context) {
      if (x.cols === 1) throw new RangeError('layerNorm: a row must have at least 2 columns, got 1');
      return learned(normalizeRows(x, constant(x.trace, epsilon)), { context, layer: context.layerName(kind) });
    },
  });
}

/**
 * Batch normalisation: each column minus its mean, over its deviation, times a gain and plus a shift, which are learned.
 * Training takes the moments of the valid rows of the batch, each row as often as its weight says, so that a row of weight 0
 * does not count. Evaluation and `predictSamples` take running moments: after each step
 * running ← (1 - momentum) · running + momentum · moment, with the variance of n rows times n / (n - 1), as in algorithm 2,
 * unless rows have weights. A batch of one row leaves the running variance alone.
 * Source: Ioffe and Szegedy, "Batch normalization" (2015), algorithms 1 and 2.
 * @throws RangeError if `epsilon` is not above 0 or `momentum` not in (0, 1]
 */
export function batchNorm(options: BatchNormOptions = {}): Layer {
  const kind = 'batchNorm';
  checkOptions(kind, options, ['epsilon', 'momentum']);
  const { epsilon = 1e-5, momentum = 0.1 } = options;
  checkNumber(kind, 'epsilon', epsilon, ABOVE_0);
  checkNumber(kind, 'momentum', momentum, SHARE);
  return asKnown({
    kind,
    options: { epsilon, momentum },
    apply(x, context) {
      const layer = context.layerName(kind);
      const mean = context.state(`${layer}.mean`, { rows: 1, cols: x.cols, start: 0 });
      const variance = context.state(`${layer}.variance`, { rows: 1, cols: x.cols, start: 1 });
      if (!context.training) return scaled(subtract(x, mean), variance, epsilon, { context, layer });
      const { batch, weights } = context;
      const meanOf = (values: Tensor) => sumRows(perExample(weights ? multiply(values, weights) : values, batch));
      const batchMean = meanOf(x);
      const centred = subtract(x, batchMean);
      const batchVariance = meanOf(multiply(centred, centred));
      const move = (state: Tensor, value: Tensor, name: string, share: HostRate) => {
        const moved = context.scalar(`${layer}.${name}`, (host) => [share(host)]);
        const kept = context.scalar(`${layer}.${name}Kept`, (host) => [1 - (share(host) && momentum)]);
        context.update(state, average(state, value, kept, moved));
      };
      const share: HostRate = ({ count, weight = count }) => (weight > 0 ? momentum : 0);
      move(mean, batchMean, 'meanShare', share);
      move(variance, batchVariance, 'varianceShare', (host) => {
        const { count, weight } = host;
        return count === 1 ? 0 : share(host) * (weight === undefined ? count / (count - 1) : 1);
      });
      return scaled(centred, batchVariance, epsilon, { context, layer });
    },
  });
}
