import { type Accuracy, type Arithmetic, dice, exact } from './float32.js';
import { type Batch, type Network, type Parameters, pass } from './network64.js';
import type { Rule } from './update-rules.js';

/** The results of a training that are compared. */
export interface Trajectory {
  /** loss + penalty of every step, before its update. */
  readonly objectives: readonly number[];
  /** The parameters after the last step. */
  readonly parameters: Parameters;
}

/** A training in float64, which also knows where ReLU was on, [steps, m, hidden]; empty without ReLU. */
export interface Trajectory64 extends Trajectory {
  readonly on: readonly boolean[];
}

/** A training: network, optimizer, start and examples. */
export interface Training {
  readonly network: Network;
  readonly rule: Rule;
  readonly start: Parameters;
  readonly batches: readonly Batch[];
}

/** Trains in float64 by the textbook, in the arithmetic given. */
export function train64({ network, rule, start, batches }: Training, arithmetic: Arithmetic = exact): Trajectory64 {
  const { states, next } = rule(arithmetic);
  const parameters = start.map((values) => Float64Array.from(values));
  const memory = parameters.map((values) => Array.from(values, () => new Float64Array(states)));
  const objectives: number[] = [];
  const on: boolean[] = [];
  for (const [step, batch] of batches.entries()) {
    const { loss, penalty, gradients, hiddenInputs } = pass(network, parameters, batch, arithmetic);
    objectives.push(loss + penalty);
    if (network.activation === 'relu') for (const z of hiddenInputs) on.push(z > 0);
    for (const [p, values] of parameters.entries()) {
      for (const [i, gradient] of gradients[p].entries()) {
        values[i] = next(values[i], gradient, memory[p][i], step + 1, p % 2 === 0);
      }
    }
  }
  return { objectives, parameters, on };
}

/** The largest distances of two trajectories. */
export interface Distance {
  readonly objective: number;
  readonly parameter: number;
}

const NAMES = ['w1', 'b1', 'w2', 'b2'];

/** The worst step and the worst parameter, and in words which they are. */
export function between(a: Trajectory, b: Trajectory): Distance & { where: string } {
  const objective = worst(a.objectives, b.objectives);
  const parameters = a.parameters.map((values, p) => ({ name: NAMES[p], ...worst(values, b.parameters[p]) }));
  const parameter = parameters.reduce((most, each) => (each.by > most.by ? each : most));
  const where = `objective of step ${objective.at} by ${objective.by}, ${parameter.name}[${parameter.at}] by ${parameter.by}`;
  return { objective: objective.by, parameter: parameter.by, where };
}

function worst(a: ArrayLike<number>, b: ArrayLike<number>): { at: number; by: number } {
  let [at, by] = [0, 0];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const distance = Math.abs(a[i] - b[i]);
    if (Number.isNaN(distance)) return { at: i, by: Infinity };
    if (distance > by) [at, by] = [i, distance];
  }
  return { at, by };
}

/** Bounds on a trajectory in float32. */
export interface Allowance extends Distance {
  /** True if a dice engine found a ReLU on where it is off, or the other way about. */
  readonly flipped: boolean;
}

const THROWS = 3;

/**
 * Bounds the distance of an engine of that accuracy from the float64 trajectory. The worst case over all signs of all roundings
 * grows by 1 + lr·L a step and says nothing after 100 of them. But roundings do not know which way trajectories diverge:
 * so a few engines run that are in every operation as wrong as float32 allows, in a direction of chance, and the worst of
 * them sets the bound. They pass on rounding through the same steps as a real engine does, whose own are smaller, most of
 * them many times (see `dice`). ReLU has a kink, at which however little tips the gradient: hence `flipped`.
 */
export function allowance(training: Training, accuracy: Accuracy, truth: Trajectory64): Allowance {
  const runs = Array.from({ length: THROWS }, (_, seed) => train64(training, dice(seed + 1, accuracy)));
  const distances = runs.map((run) => between(run, truth));
  return {
    objective: Math.max(...distances.map(({ objective }) => objective)),
    parameter: Math.max(...distances.map(({ parameter }) => parameter)),
    flipped: runs.some((run) => run.on.some((each, i) => each !== truth.on[i])),
  };
}
