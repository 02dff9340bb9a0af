import { dropout } from '../ops/random.js';
import { asKnown, checkDescribed } from './described.js';
import { layerRate, maskSource } from './dropout-rate.js';
import type { Layer } from './layer.js';
import type { Schedule } from './schedules.js';

/**
 * DropConnect: in training each weight of `layer` is 0 with probability p and scaled by 1 / (1 - p) otherwise, with one mask
 * for all rows of a batch and a fresh one every step; in evaluation all weights are as they are. Biases are left alone. The
 * mask is that of dropout for the rows and columns of the weights. Source: Wan et al. (2013), who draw a mask for every row.
 * @param layer a layer with weights, such as `dense(64)`
 * @param p the probability of dropping a weight, in [0, 1), or a schedule with such a base
 */
export function dropConnect(layer: Layer, p: number | Schedule): Layer {
  checkDescribed('dropConnect', 'layer', layer, 'apply', 'dense(10)');
  const { options, starts, declare } = layerRate('dropConnect', p);
  return asKnown({
    kind: 'dropConnect',
    options: { layer, ...options },
    starts,
    apply(x, context) {
      const rate = declare(context, context.layerName('dropConnect'));
      if (!context.random) return layer.apply(x, context);
      return layer.apply(x, {
        ...context,
        parameter(name, request) {
          const tensor = context.parameter(name, request);
          return request.decays ? dropout(tensor, maskSource(context, rate, { ofParameter: true })) : tensor;
        },
      });
    },
  });
}
