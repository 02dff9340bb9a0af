import type { Dataset } from './dataset.js';

/** Data sets with their targets read in the other way, so that each is made, and uploaded, once. */
const others = new WeakMap<Dataset, Dataset>();

/**
 * Returns `data` with targets of the kind that a loss takes: whole numbers >= 0 in one column are class indices, and class
 * indices numbers; `data` itself if it holds that kind, or if it cannot be read so.
 */
export function asTargets(data: Dataset, kind: 'classes' | 'values'): Dataset {
  if ((data.classes !== undefined) === (kind === 'classes')) return data;
  const known = others.get(data);
  if (known) return known;
  const read = kind === 'classes' ? asClasses(data) : asValues(data);
  others.set(data, read);
  return read;
}

function asClasses(data: Dataset): Dataset {
  const { y, outputs } = data;
  if (outputs !== 1 || !y.every((value) => Number.isInteger(value) && value >= 0 && value < 2 ** 32)) return data;
  const indices = Uint32Array.from(y);
  return { ...data, y: indices, classes: indices.reduce((most, each) => Math.max(most, each), 0) + 1 };
}

/** Two names may stand for no and yes; more are no numbers. */
function asValues({ classes, classNames, ...data }: Dataset): Dataset {
  if (classNames && classNames.length > 2) return { ...data, classes, classNames };
  return { ...data, y: Float32Array.from(data.y) };
}
