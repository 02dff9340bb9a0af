import type { Tensor } from '../ops/tensor.js';
import { STREAMS } from '../random/philox.js';
import { SOURCE_WORDS } from '../random/source.js';
import type { LayerContext } from './layer.js';

/**
 * Returns the random words of a part of a model, for `randomUniform`, `randomNormal` and the ops of `defineRandomOp`: fresh
 * ones for every step, the same on every device, by the contract of randomness (stream 5).
 * @param name unique in the model, such as `context.layerName` makes it; parts of one name draw the same numbers
 */
export function random(context: LayerContext, name: string): Tensor {
  const number = context.randomNumber(name);
  return context.words(`random.${name}`, SOURCE_WORDS, ({ seed, step, sample, start }) => [
    ...seed,
    step >>> 0,
    number | (STREAMS.parts << 24),
    sample,
    0,
    0,
    sample === 0 ? 0 : start, // as for dropout: a training batch has its own rows, a sample those of the whole input
  ]);
}
