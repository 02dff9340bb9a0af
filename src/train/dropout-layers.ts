import type { Tensor } from '../ops/tensor.js';
import type { Session } from './session.js';

/**
 * Returns the outputs [batch, cols] of a model's dropout layers in training, by layer.
 * @throws RangeError naming `where` if it has none
 */
export function dropoutLayersOf(where: string, { model, compiled }: Session): Tensor[] {
  const layers = model.dropouts(compiled.x);
  if (layers.length === 0) throw new RangeError(`${where}: the model has no dropout layer`);
  return layers;
}
