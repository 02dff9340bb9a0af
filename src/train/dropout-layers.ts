import { live } from '../graph/live.js';
import { leafName } from '../ops/leaves.js';
import { dropoutOp } from '../ops/random.js';
import type { Tensor } from '../ops/tensor.js';
import type { Session } from './session.js';

/**
 * The outputs [batch, cols] of a model's dropout layers in training, by layer.
 * @throws RangeError naming `where` if it has none
 */
export function dropoutLayersOf(where: string, { model, compiled }: Session): Tensor[] {
  const layers: Tensor[] = [];
  for (const tensor of live([model.output(compiled.x, true)])) {
    const [, layer] = (tensor.op === dropoutOp && leafName(tensor.inputs[1])?.match(/^dropout(\d+)$/)) || [];
    if (layer !== undefined) layers[Number(layer)] = tensor;
  }
  if (layers.length === 0) throw new RangeError(`${where}: the model has no dropout layer`);
  return layers;
}
