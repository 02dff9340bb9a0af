import { checkNumber, checkOptions, show } from '../errors/arguments.js';
import { HYPER_PARAMETERS, type HyperParameters, isHyperParameter, RANGES } from '../nn/hyper-parameters.js';

/** Returns `value` if the hyper-parameter at `place`, such as `l2.0`, may have it. @throws TypeError or RangeError */
export function checkHyperParameter(where: string, place: string, value: unknown): number {
  const name = place.split('.')[0];
  return checkNumber(where, place, value, isHyperParameter(name) ? RANGES[name] : {});
}

/**
 * Returns `hyper` with `changes` made; `l2` and `dropout` stand for all layers that have one.
 * @throws TypeError or RangeError if a value is out of range, or the model has no such hyper-parameter
 */
export function changeHyperParameters(
  where: string,
  hyper: Readonly<Record<string, number>>,
  changes: HyperParameters,
): Record<string, number> {
  checkOptions(where, changes, HYPER_PARAMETERS);
  const changed = { ...hyper };
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) continue;
    const range = RANGES[name as keyof HyperParameters];
    const places = Object.keys(hyper).filter((key) => key === name || key.startsWith(`${name}.`));
    if (places.length === 0) throw new RangeError(`${where}: this model has no ${name}`);
    if (!Array.isArray(value)) {
      const checked = checkNumber(where, name, value, range);
      for (const place of places) changed[place] = checked;
      continue;
    }
    if (value.length !== places.length) {
      throw new RangeError(`${where}: ${name} must have ${places.length} values, one a layer, got ${show(value)}`);
    }
    for (const [i, place] of places.entries()) changed[place] = checkNumber(where, `${name}[${i}]`, value[i], range);
  }
  return changed;
}
