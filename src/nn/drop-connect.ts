import { dropout } from '../ops/random.js';
import type { Tensor } from '../ops/tensor.js';
import { checkDescribed } from './described.js';
import { type Drawing, layerOfRate, maskSource } from './dropout-rate.js';
import type { Layer, LayerContext } from './layer.js';
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
  const draw = (x: Tensor, { context, rate }: Drawing) =>
    layer.apply(x, {
      ...context,
      parameter(name, request) {
        const tensor = context.parameter(name, request);
        return request.decays ? dropout(tensor, maskSource(context, rate, { ofParameter: true })) : tensor;
      },
    });
  const keep = (x: Tensor, context: LayerContext) => layer.apply(x, context);
  return layerOfRate('dropConnect', p, draw, { options: { layer }, keep });
}
