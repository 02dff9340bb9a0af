// A stranger's parts: nothing of wgrad but its public entries.
import type { Constraint, Layer, Optimizer, Parts, Regularizer } from 'wgrad';
import * as ops from 'wgrad/ops';

/** x / (1 + |x|), an op of its own. */
export const softsign = ops.defineOp({
  name: 'softsign',
  wgsl: 'fn softsign(x: vec4f) -> vec4f { return x / (1.0 + abs(x)); }',
  value: (x) => x / (1 + Math.abs(x)),
  gradient(dy, _y, [x]) {
    const d = ops.add(ops.abs(x), ops.constant(x.trace, 1));
    return [ops.divide(dy, ops.multiply(d, d))];
  },
  ulps: 5,
});

/** The softsign of Bergstra et al. (2009). */
export function softsignLayer(): Layer {
  return { kind: 'ownSoftsign', options: {}, apply: (x) => softsign(x) };
}

/** λ·Σ|θ|. */
export function lasso(strength: number): Regularizer {
  return {
    kind: 'lasso',
    options: { strength },
    penalty({ tensor, penalised, layer }, context) {
      if (!penalised) return undefined;
      const name = `${layer}.lasso`;
      context.hyper(name, strength, { min: 0 });
      return ops.multiply(ops.sumAll(ops.abs(tensor)), context.scalar(name));
    },
  };
}

/** (x - mean) / √(variance + ε) of each row, times a gain and plus a bias of each column. */
export function layerNorm(epsilon = 1e-5): Layer {
  return {
    kind: 'ownLayerNorm',
    options: { epsilon },
    apply(x, context) {
      const layer = context.layerName('ownLayerNorm');
      const row = (name: string, start: number) =>
        context.parameter(`${layer}.${name}`, {
          rows: 1,
          cols: x.cols,
          decays: false,
          penalised: false,
          layer,
          initializer: { kind: 'constant', options: { start }, fill: (out) => out.fill(start) },
        });
      const centred = ops.subtract(x, ops.meanCols(x));
      const variance = ops.meanCols(ops.multiply(centred, centred));
      const deviation = ops.sqrt(ops.add(variance, ops.constant(x.trace, epsilon)));
      return ops.bias(ops.multiply(ops.divide(centred, deviation), row('gain', 1)), row('bias', 0));
    },
  };
}

/** x·(1 + σ·z), z standard normal, σ² = p / (1 - p). Source: Srivastava et al. (2014), section 10. */
export function gaussianDropout(p: number): Layer {
  return {
    kind: 'ownGaussianDropout',
    options: { p },
    apply(x, context) {
      const layer = context.layerName('ownGaussianDropout');
      const rate = `${layer}.rate`;
      context.hyper(rate, p, { min: 0, max: 1, exclusive: 'max' });
      if (!context.random) return x;
      const deviation = context.scalar(`${layer}.deviation`, ({ hyper }) => [
        Math.sqrt(hyper[rate] / (1 - hyper[rate])),
      ]);
      const z = ops.randomNormal(ops.random(context, layer), x);
      return ops.multiply(x, ops.add(ops.constant(x.trace, 1), ops.multiply(deviation, z)));
    },
  };
}

/** Scales the weights into a unit to this norm wherever theirs is greater. Source: Srivastava et al. (2014), section 5.1. */
export function mostNorm(norm: number): Constraint {
  return {
    kind: 'mostNorm',
    options: { norm },
    starts: ['norm'],
    constrain({ penalised, layer }, value, context) {
      if (!penalised) return value;
      const name = `${layer}.mostNorm`;
      context.hyper(name, norm, { min: 0, exclusive: 'min' });
      const most = context.scalar(name);
      const norms = ops.sqrt(ops.sumRows(ops.multiply(value, value)));
      return ops.multiply(value, ops.divide(most, ops.maximum(norms, most)));
    },
  };
}

/** An optimizer whose gradients are scaled so that all of them together have at most this norm. */
export function clipByNorm(inner: Optimizer, norm: number): Optimizer {
  return {
    ...inner,
    kind: 'clipByNorm',
    options: { inner, norm },
    update(gradients, context) {
      context.hyper('clip', norm, { min: 0, exclusive: 'min' });
      const limit = context.scalar('clip');
      const squares = gradients.map(({ gradient }) => ops.sumAll(ops.multiply(gradient, gradient)));
      const scale = ops.divide(limit, ops.maximum(ops.sqrt(squares.reduce(ops.add)), limit));
      const clipped = gradients.map((each) => ({ ...each, gradient: ops.multiply(each.gradient, scale) }));
      return inner.update(clipped, context);
    },
  };
}

/** The functions that make these parts again from what a file has of them. */
export const parts: Parts = {
  ownSoftsign: softsignLayer,
  lasso: ({ strength }: { strength: number }) => lasso(strength),
  ownLayerNorm: ({ epsilon }: { epsilon: number }) => layerNorm(epsilon),
  ownGaussianDropout: ({ p }: { p: number }) => gaussianDropout(p),
  mostNorm: ({ norm }: { norm: number }) => mostNorm(norm),
  clipByNorm: ({ inner, norm }: { inner: Optimizer; norm: number }) => clipByNorm(inner, norm),
};
