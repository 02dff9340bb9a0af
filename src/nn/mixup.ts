import { checkNumber } from '../errors/arguments.js';
import type { HostContext } from '../graph/step.js';
import { add, multiply } from '../ops/arithmetic.js';
import { constant } from '../ops/leaves.js';
import { ROLL_WORDS, rollRows } from '../ops/roll-rows.js';
import { select } from '../ops/selection.js';
import type { Tensor } from '../ops/tensor.js';
import { philox, STREAMS } from '../random/philox.js';
import type { Augmentation } from './augmentation.js';
import { asKnown } from './described.js';
import { AT_LEAST_0 } from './hyper-parameters.js';

/**
 * Mixup: in training every example is mixed with another one of its batch, λ · x + (1 - λ) · x', and its loss is λ · loss(y) +
 * (1 - λ) · loss(y'), with one λ from Beta(alpha, alpha) for a batch. Row i is mixed with row (i + k) mod n of the n valid ones,
 * with one k from 1 to n - 1 for a batch; the contract of randomness says how both are drawn. Each loss counts with the weight
 * of its own example, and an example of weight 0 is in no mix. Evaluation does nothing.
 * Source: Zhang, Cisse, Dauphin, Lopez-Paz, "mixup: Beyond empirical risk minimization" (2018), equation 2 and figure 1.
 * @param alpha at least 0, 0 for no mixing: the hyper-parameter `mixup`
 */
export function mixup(alpha: number): Augmentation {
  const kind = 'mixup';
  checkNumber(kind, 'alpha', alpha, AT_LEAST_0);
  return asKnown({
    kind,
    options: { alpha },
    starts: ['alpha'],
    augment({ x, y, weights }, context) {
      context.hyper(kind, alpha, AT_LEAST_0);
      const drawn = (host: HostContext) => drawMixup(host, host.hyper[kind]);
      const share = context.scalar('mixup.share', (host) => [drawn(host).share]);
      const rest = context.scalar('mixup.rest', (host) => [1 - drawn(host).share]);
      const roll = context.words('mixup.roll', ROLL_WORDS, (host) => [drawn(host).distance, host.count]);
      const mix = (a: Tensor, b: Tensor) => add(multiply(a, share), multiply(b, rest));
      const others = weights && rollRows(weights, roll);
      /** Returns what is `both` where both examples count; weights are at least 0. */
      const where = (both: Tensor, own: number, other: number) =>
        others ? select(others, select(weights, both, constant(x.trace, other)), constant(x.trace, own)) : both;
      return {
        x: add(multiply(x, where(share, 1, 0)), multiply(rollRows(x, roll), where(rest, 0, 1))),
        weights: weights && others && mix(weights, others),
        loss(lossOf) {
          const [a, b] = [lossOf(y, weights), lossOf(rollRows(y, roll), others)];
          const weighted = weights && others && mix(multiply(a.losses, weights), multiply(b.losses, others));
          return {
            ...a,
            losses: mix(a.losses, b.losses),
            lossSums: mix(a.lossSums, b.lossSums),
            weighted,
            correctSums: a.correctSums && b.correctSums && mix(a.correctSums, b.correctSums),
          };
        },
      };
    },
  });
}

const words = new Uint32Array(4);

/** Returns the share of the own examples, λ, and the distance to the other ones at a step, by the contract of randomness. */
export function drawMixup(
  { seed, step, count }: Pick<HostContext, 'seed' | 'step' | 'count'>,
  alpha: number,
): { readonly share: number; readonly distance: number } {
  const [u, v, w] = philox(0, step >>> 0, STREAMS.mixup << 24, 0, seed, words);
  return { share: symmetricBeta(alpha, (u + 1) * 2 ** -32, v * 2 ** -32), distance: distanceOf(w, count) };
}

const distanceOf = (word: number, count: number) => (count < 2 ? 0 : 1 + Math.floor(word * 2 ** -32 * (count - 1)));

/**
 * Returns a number of the distribution Beta(alpha, alpha) from u in (0, 1] and v in [0, 1), uniform; 1 for an alpha of 0.
 * Source: Bailey, "Polar generation of random variates with the t-distribution" (1994): r · cos(2πv) with r² = u^(-1/alpha) - 1 is
 * t / √(2 alpha) for t of 2 alpha degrees of freedom, of which 1/2 + t / (2 √(2 alpha + t²)) has that distribution.
 */
function symmetricBeta(alpha: number, u: number, v: number): number {
  if (alpha === 0) return 1;
  const q = u ** (1 / alpha);
  const cosine = Math.cos(2 * Math.PI * v);
  return (1 + cosine / Math.sqrt(q / (1 - q) + cosine ** 2)) / 2;
}
