import { show } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import type { Shape } from '../ops/tensor.js';
import type { Weights } from './members.js';
import type { Session } from './session.js';

const WHERE = 'setWeights';

/**
 * Sets all parameters of a session of one member and their averages, or none; other optimiser states stay. All steps are read first.
 * @throws TypeError, RangeError or EngineError of kind `data` naming what in the weights is wrong
 */
export async function setWeights(session: Session, weights: readonly Weights[]): Promise<void> {
  session.check();
  const { parameters } = session.model;
  const data = checkedData(weights, parameters);
  do await session.ledger.read();
  while (session.ledger.hasUnread);
  session.check();
  if (session.fitting) throw new TypeError(`${WHERE}: a fit is under way; let it end or leave its loop first`);
  const averages = new Map(session.model.optimizerStates.map(({ name, tensor }) => [name, tensor]));
  for (const [i, parameter] of parameters.entries()) {
    session.executor.write(parameter.tensor, data[i]);
    const average = averages.get(session.model.averageOf(parameter) ?? '');
    if (average) session.executor.write(average, data[i]);
  }
  session.ledger.keep(); // going back from here on must not bring the old weights back
  await session.settle();
}

/** Returns the values of the parameters in their order; the weights may come in any. */
function checkedData(weights: unknown, parameters: readonly { name: string; tensor: Shape }[]): Float32Array[] {
  if (!Array.isArray(weights)) {
    throw new TypeError(`${WHERE}: weights must be an array such as weights() returns, got ${show(weights)}`);
  }
  const given = new Map<unknown, Weights>();
  const known = parameters.map(({ name }) => name);
  for (const [i, each] of weights.entries()) {
    const name: unknown = each?.name;
    if (!known.some((other) => other === name)) {
      throw new TypeError(`${WHERE}: weights[${i}].name must be one of ${known.join(', ')}, got ${show(name)}`);
    }
    if (given.has(name)) throw new TypeError(`${WHERE}: '${name}' is given twice`);
    given.set(name, each);
  }
  const missing = known.filter((name) => !given.has(name));
  if (missing.length > 0) throw new TypeError(`${WHERE}: weights lack ${missing.join(', ')}`);
  return parameters.map(({ name, tensor }) => checkedValues(given.get(name) as Weights, tensor));
}

function checkedValues({ name, shape, data }: Weights, { rows, cols }: Shape): Float32Array {
  if (!(data instanceof Float32Array)) {
    throw new TypeError(`${WHERE}: the data of '${name}' must be a Float32Array, got ${show(data)}`);
  }
  if (!Array.isArray(shape) || shape.length !== 2 || shape[0] !== rows || shape[1] !== cols) {
    throw new RangeError(`${WHERE}: '${name}' must have the shape [${rows}, ${cols}], got ${show(shape)}`);
  }
  if (data.length !== rows * cols) {
    throw new RangeError(`${WHERE}: '${name}' must have ${rows * cols} elements, got ${data.length}`);
  }
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return data;
  const place = `at row ${Math.floor(bad / cols)}, column ${bad % cols}`;
  throw new EngineError('data', `${WHERE}: '${name}' holds ${data[bad]} ${place}`);
}
