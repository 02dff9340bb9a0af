import type { Dataset } from '../data/dataset.js';
import { EngineError } from '../errors/engine-error.js';
import type { Session } from './session.js';

/** Standardised numbers are smaller than this. */
const LARGE = 100;

/** Returns `error`; if a training on `data` diverged, it names the likely cause. */
export function withLikelyCause(error: unknown, { members, options }: Session, data: Dataset): unknown {
  if (!(error instanceof EngineError) || error.kind !== 'diverged') return error;
  const { x, y, features, outputs, scale, offset } = data;
  const found =
    largest('x', x, features, (value) => value * scale + offset) ??
    (options.loss.targets === 'values' ? largest('y', y, outputs) : undefined);
  const { learningRate } = members[0].hyper;
  const cause = found
    ? `${found}; standardise each column: subtract its mean, divide by its deviation`
    : `the learning rate, which is ${learningRate}`;
  return new EngineError('diverged', `${error.message}. The likely cause: ${cause}`, { cause: error });
}

/** Returns the largest of the values in size, with its place, if it is large: `x holds 1e12 at row 3, column 0`. */
function largest(
  name: string,
  values: ArrayLike<number>,
  columns: number,
  read = (value: number) => value,
): string | undefined {
  let at = 0;
  for (let i = 1; i < values.length; i++) if (Math.abs(read(values[i])) > Math.abs(read(values[at]))) at = i;
  const value = read(values[at]);
  if (!(Math.abs(value) > LARGE)) return undefined;
  const rounded = Number(value.toPrecision(6));
  const shown = Math.abs(value) < 1e6 ? rounded : rounded.toExponential();
  return `${name} holds ${shown} at row ${Math.floor(at / columns)}, column ${at % columns}`;
}
