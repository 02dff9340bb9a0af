import { checkNumber } from '../errors/arguments.js';
import { bitsFromFloat } from '../ops/leaves.js';
import { dropout as dropoutOf } from '../ops/random.js';
import { STREAMS } from '../random/philox.js';
import { dropoutThreshold } from '../random/source.js';
import { RANGES } from './hyper-parameters.js';
import type { Layer } from './layer.js';

/**
 * Inverted dropout: in training each element is 0 with probability p and scaled by 1 / (1 - p) otherwise, with a fresh
 * mask every step; in evaluation nothing happens. The mask is a function of (seed, step, layer, row, column).
 * Source: Srivastava et al., JMLR 15 (2014).
 * @param p the probability of dropping an element, in [0, 1)
 */
export function dropout(p: number): Layer {
  checkNumber('dropout', 'p', p, RANGES.dropout);
  return {
    kind: 'dropout',
    options: { p },
    apply(x, context) {
      const layer = context.layerNumber('dropout');
      const rate = `dropout.${layer}`;
      context.hyper(rate, p);
      if (!context.training) return x;
      const source = context.dropoutSource(layer, ({ seed, step, sample, start, hyper }) => {
        const p = hyper[rate];
        return [
          ...seed,
          step >>> 0,
          layer | (STREAMS.dropout << 24),
          sample,
          dropoutThreshold(p),
          bitsFromFloat(1 / (1 - p)),
          sample === 0 ? 0 : start, // a training mask's rows count in the batch, a sample's in the whole input
        ];
      });
      return dropoutOf(x, source);
    },
  };
}
