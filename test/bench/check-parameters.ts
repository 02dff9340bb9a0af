import { clearOfKinks } from './clear-of-kinks.js';
import { layersOf, type Network, type Problem, problemOf } from './network.js';
import { trainTextbook } from './textbook.js';

/** The distance of an engine from float64. */
export interface Accuracy {
  /** The largest error of a parameter, in units of the largest change of its tensor. */
  readonly error: number;
  /** Largest error that rounding alone can cause. */
  readonly limit: number;
  /** The mistake, if there is one. */
  readonly wrong?: string;
}

/**
 * Returns the largest error of float32, in units of the largest change: 2^-24 for every term of every sum that a
 * gradient goes through, forward, backward and over the batch, all in one direction, in every step. A penalty left out,
 * a λ that is twice what it should be or a momentum of another formula is off by more: test/node/bench.test.ts.
 */
export function limitOf({ sizes, batchSize }: Network, steps: number): number {
  const terms = 2 * sizes.reduce((sum, size) => sum + size, 0) + batchSize;
  return steps * terms * 2 ** -24;
}

/** Compares parameters after the checked steps, without dropout, with those of float64. */
export function accuracyOf(checked: CheckedProblem, parameters: readonly ArrayLike<number>[]): Accuracy {
  const { problem, steps, truth } = checked;
  const limit = limitOf(problem.network, steps);
  let error = 0;
  for (const [p, wanted] of truth.entries()) {
    const start = problem.start[p];
    const found = parameters[p];
    const name = `${p % 2 ? 'biases' : 'weights'} of layer ${p >> 1}`;
    if (found?.length !== wanted.length)
      return { error: Number.POSITIVE_INFINITY, limit, wrong: `${name}: ${found?.length} numbers` };
    let [change, off] = [0, 0];
    for (let i = 0; i < wanted.length; i++) {
      change = Math.max(change, Math.abs(wanted[i] - start[i]));
      off = Math.max(off, Math.abs(found[i] - wanted[i])); // NaN if any is
    }
    const relative = off / change;
    error = Math.max(error, relative);
    if (!(relative <= limit)) {
      return { error: relative, limit, wrong: `${name} are off by ${relative.toExponential(1)} of their change` };
    }
  }
  return { error, limit };
}

/** Returns a message if parameters trained with dropout are those that float64 gets without; otherwise undefined. */
export function idleDropout(checked: CheckedProblem, parameters: readonly ArrayLike<number>[]): string | undefined {
  return accuracyOf(checked, parameters).wrong === undefined ? 'dropout changes nothing' : undefined;
}

/** A problem without dropout, how many steps every engine takes of it, and what float64 makes of them. */
export interface CheckedProblem {
  readonly problem: Problem;
  readonly steps: number;
  readonly truth: readonly Float64Array[];
}

/** Three steps: the second one has a velocity, the third one an older one. */
const STEPS = 3;
/** With more inputs of ReLUs than this one will be near its kink after a step, and float64 takes its time. */
const MANY = 100_000;

/**
 * Draws batch and weights until no unit comes so near to the kink of ReLU that rounding could decide its side: engines
 * that add in another order would then rightly differ. Biases see to that at the first step; where there are very many
 * units it is the only one that is checked.
 */
export function checkedProblem(network: Network): CheckedProblem {
  return checkedProblems(network, [{}])[0];
}

/** Does the same for networks of one architecture with different hyper-parameters; all share batch and weights. */
export function checkedProblems(network: Network, changes: readonly Partial<Network>[]): CheckedProblem[] {
  const units = layersOf(network).reduce((sum, { cols }) => sum + cols, 0);
  const steps = units * network.batchSize > MANY ? 1 : STEPS;
  for (let seed = 1; ; seed++) {
    const drawn = clearOfKinks(problemOf({ ...network, dropout: 0 }, seed));
    const all = changes.map((change) => {
      const problem = { ...drawn, network: { ...drawn.network, ...change, dropout: 0 } };
      const { parameters, margin } = trainTextbook(problem, steps);
      return { problem, steps, truth: parameters, margin };
    });
    if (all.every(({ margin }) => margin > 2 ** -22) || seed === 8) return all;
  }
}
