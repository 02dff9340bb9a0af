import type { Draw } from '../ops/tensor.js';

/** Any number, small and large, 0 too. */
export const any: Draw = (r) => (r.next() < 0.05 ? 0 : r.next() < 0.5 ? r.uniform(-8, 8) : r.scaled(1e-12, 1e4));
/** Any number but 0. */
export const divisor: Draw = (r) => (r.next() < 0.5 ? r.scaled(0.1, 8) : r.scaled(1e-8, 1e8));
/** A gradient, mostly small. */
export const gradient: Draw = (r) => (r.next() < 0.05 ? 0 : r.scaled(1e-8, 1e3));
/** An input near which exp(-x²/2), or exp(-|x|), underflows. */
const vanishing: Draw = (r) => r.pick([-1, 1]) * r.pick([r.uniform(12.5, 14.6), r.uniform(84, 105)]);
/** An input of an activation that levels off. */
export const logit: Draw = (r) =>
  r.next() < 0.5 ? r.uniform(-4, 4) : r.next() < 0.9 ? r.scaled(1e-6, 120) : vanishing(r);
/** A target in [0, 1]. */
export const target: Draw = (r) => r.pick([0, 1, 1, 0, r.next()]);
/** A positive slope. */
export const slope: Draw = (r) => r.uniform(0.01, 1.5);
/** A momentum or decay in [0, 1). */
export const fraction: Draw = (r) => r.pick([0, 0.9, 0.999, 0.1, 0.001]);
/** A running mean of squares. */
export const square: Draw = (r) => (r.next() < 0.2 ? 0 : Math.abs(r.scaled(1e-20, 1e4)));
/** A positive number, small, large or near 1. */
export const positive: Draw = (r) => (r.next() < 0.5 ? r.uniform(0.3, 3) : Math.abs(r.scaled(1e-30, 1e30)));
/** An exponent whose exponential is within float32, or vanishes. */
export const exponent: Draw = (r) => (r.next() < 0.8 ? r.uniform(-8, 8) : r.uniform(-105, 88));
/** A cross-entropy: at least 0. */
export const entropy: Draw = (r) =>
  r.next() < 0.05 ? 0 : r.next() < 0.7 ? r.uniform(0, 6) : Math.abs(r.scaled(1e-9, 100));
/** The exponent of the focal loss. */
export const focusing: Draw = (r) => r.pick([0, 0.5, 1, 2, r.uniform(0, 5)]);
/** An output of tanh. */
export const tanhOutput: Draw = (r) => Math.tanh(r.uniform(-9, 9));
/** An output of sigmoid. */
export const sigmoidOutput: Draw = (r) => 1 / (1 + Math.exp(r.uniform(-15, 15)));
