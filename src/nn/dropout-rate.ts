import { checkNumber, type NumberRange } from '../errors/arguments.js';
import type { HostContext } from '../graph/step.js';
import { bitsFromFloat } from '../ops/leaves.js';
import type { Tensor } from '../ops/tensor.js';
import { STREAMS } from '../random/philox.js';
import { dropoutThreshold } from '../random/source.js';
import { asKnown } from './described.js';
import { BELOW_1 } from './hyper-parameters.js';
import type { Layer, LayerContext } from './layer.js';
import { constantRate, describeRate, isSchedule, type Schedule } from './schedules.js';

/** The range of a rate: one that rounds to 1 in 32 bits would drop everything. */
export const DROPOUT_RATE: NumberRange = {
  ...BELOW_1,
  float32: false,
  accepts: (p) => dropoutThreshold(p) < 2 ** 32,
};

/** The largest rate that a schedule may reach. */
const LARGEST = 1 - 2 ** -32;

/** Returns the rate of a layer at a step. */
type RateAt = (host: HostContext) => number;

/** All that a kind of dropout draws its masks or noise from. */
export interface Drawing {
  readonly context: LayerContext;
  /** The layer's name. */
  readonly layer: string;
  readonly rate: RateAt;
}

/**
 * Returns a layer of a rate, which it declares as `LAYER.dropout`, beside the hyper-parameters of its schedule.
 * @param options those beside p
 * @param draw the outputs in training and in samples
 * @param keep the outputs in evaluation. Default: the inputs
 * @throws TypeError or RangeError naming the kind and its p
 */
export function layerOfRate(
  kind: string,
  p: number | Schedule,
  draw: (x: Tensor, drawing: Drawing) => Tensor,
  { options = {}, keep = (x) => x }: { options?: object; keep?: (x: Tensor, context: LayerContext) => Tensor } = {},
): Layer {
  checkNumber(kind, isSchedule(p) ? 'the base of p' : 'p', isSchedule(p) ? p.base : p, DROPOUT_RATE);
  const schedule = isSchedule(p) ? p : constantRate(p);
  return asKnown({
    kind,
    options: { ...options, p: describeRate(schedule) },
    starts: schedule === p ? [] : ['p'], // a hyper-parameter's start if it is constant
    apply(x, context) {
      const layer = context.layerName(kind);
      const own = Object.entries(schedule.hyper ?? {});
      context.hyper(`${layer}.dropout`, schedule.base, DROPOUT_RATE);
      for (const [name, { start, range }] of own) context.hyper(`${layer}.${name}`, start, range);
      const rate: RateAt = ({ hyper, step }) => {
        const now = Object.fromEntries(own.map(([name]) => [name, hyper[`${layer}.${name}`]]));
        return Math.min(hyper[`${layer}.dropout`] * schedule.factor(step, now), LARGEST);
      };
      return context.random ? draw(x, { context, layer, rate }) : keep(x, context);
    },
  });
}

/** Returns the name of the scalar that is the rate of the masks of layer number `layer`. */
export const maskRateName = (layer: number) => `maskRate${layer}`;

/** The use of a mask. */
interface MaskUse {
  /** The factor of kept values at rate p. Default: 1 / (1 - p). */
  readonly scale?: (p: number) => number;
  /** True: the rows are those of a parameter, the same in every batch. Default false. */
  readonly ofParameter?: boolean;
}

/** Declares the words from which `dropout` draws masks of a rate, by the contract of randomness (stream 0). */
export function maskSource(
  context: LayerContext,
  rate: RateAt,
  { scale = (p) => 1 / (1 - p), ofParameter = false }: MaskUse = {},
): Tensor {
  return context.dropoutSource((layer) => {
    context.scalar(maskRateName(layer), (host) => [rate(host)]);
    return (host) => {
      const { seed, step, sample, start } = host;
      const p = rate(host);
      return [
        ...seed,
        step >>> 0,
        layer | (STREAMS.dropout << 24),
        sample,
        dropoutThreshold(p),
        bitsFromFloat(scale(p)),
        sample === 0 || ofParameter ? 0 : start, // a training mask's rows count in the batch, a sample's in the whole input
      ];
    };
  });
}
