import type { Random } from '../random/random.js';

/** Draws an operand's element. */
export type Draw = (random: Random) => number;

/** Operands on which an elementwise op is checked. */
export interface Operands {
  /** One an operand, the words left out. */
  readonly draw: readonly Draw[];
  /** The kind of words that the op takes, if any: a random source, or the valid rows of a batch. */
  readonly words?: 'source' | 'batch';
}

const any: Draw = (r) => (r.next() < 0.05 ? 0 : r.next() < 0.5 ? r.uniform(-8, 8) : r.scaled(1e-12, 1e4));
const gradient: Draw = (r) => (r.next() < 0.05 ? 0 : r.scaled(1e-8, 1e3));
/** Arguments at which exp(-x²/2), or exp(-|x|), is about to vanish. */
const vanishing: Draw = (r) => r.pick([-1, 1]) * r.pick([r.uniform(12.5, 14.6), r.uniform(84, 105)]);
const logit: Draw = (r) => (r.next() < 0.5 ? r.uniform(-4, 4) : r.next() < 0.9 ? r.scaled(1e-6, 120) : vanishing(r));
const target: Draw = (r) => r.pick([0, 1, 1, 0, r.next()]);
const slope: Draw = (r) => r.uniform(0.01, 1.5);
const fraction: Draw = (r) => r.pick([0, 0.9, 0.999, 0.1, 0.001]);
const square: Draw = (r) => (r.next() < 0.2 ? 0 : Math.abs(r.scaled(1e-20, 1e4)));
const tanhOutput: Draw = (r) => Math.tanh(r.uniform(-9, 9));
const sigmoidOutput: Draw = (r) => 1 / (1 + Math.exp(r.uniform(-15, 15)));

/** Operands of ops by their names, other than those of an activation. */
const OPERANDS: Readonly<Record<string, Operands>> = {
  add: { draw: [any, any] },
  subtract: { draw: [any, any] },
  multiply: { draw: [any, any] },
  bias: { draw: [any, any] },
  expand: { draw: [any] },
  relu: { draw: [any] },
  reluGradient: { draw: [gradient, any] },
  leakyRelu: { draw: [any, slope] },
  leakyReluGradient: { draw: [gradient, any, slope] },
  tanhGradient: { draw: [gradient, tanhOutput] },
  sigmoidGradient: { draw: [gradient, sigmoidOutput] },
  geluGradient: { draw: [gradient, logit] },
  dropout: { draw: [any], words: 'source' },
  reluDropoutGradient: { draw: [gradient, any], words: 'source' },
  squaredError: { draw: [any, any] },
  squaredErrorGradient: { draw: [gradient, any, any] },
  binaryCrossEntropy: { draw: [logit, target] },
  binaryCrossEntropyGradient: { draw: [gradient, logit, target] },
  binaryCorrect: { draw: [logit, target] },
  perExample: { draw: [any], words: 'batch' },
  velocity: { draw: [any, gradient, fraction] },
  average: { draw: [any, gradient, fraction, fraction] },
  averageSquare: { draw: [square, gradient, fraction, fraction] },
  adamDirection: { draw: [gradient, square, (r) => r.uniform(4, 32), (r) => r.pick([1e-8, 1e-6, 1e-3])] },
  descend: { draw: [any, gradient, (r) => r.pick([0.1, 1e-3, 1])] },
};

/** Returns the operands on which an elementwise op is checked. Default: those of an activation. */
export const operandsOf = (op: string): Operands => OPERANDS[op] ?? { draw: [logit] };
