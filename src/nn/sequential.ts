import { show } from '../errors/arguments.js';
import { checkDescribed } from './described.js';
import type { Layer, Model } from './layer.js';

/**
 * A model of layers one after another.
 * @throws TypeError if `layers` is no array of layers, RangeError if it is empty
 */
export function sequential(layers: readonly Layer[]): Model {
  if (!Array.isArray(layers)) throw new TypeError(`sequential: layers must be an array, got ${show(layers)}`);
  if (layers.length === 0) throw new RangeError('sequential: layers must hold at least one layer');
  for (const [i, layer] of layers.entries()) checkDescribed('sequential', `layers[${i}]`, layer, 'apply', 'dense(10)');
  return { layers: [...layers] };
}
