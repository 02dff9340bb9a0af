import type { Problem } from './network.js';
import type { Sweeper } from './sweep.js';

/**
 * The place of the batch when the clock starts.
 *
 * `resident`: on the device, for every engine. Rivals train on the same tensors again and again and fetch nothing; wgrad
 * trains as `fit` does and gathers each batch from the data set, which is one dispatch more than they pay. This is the
 * headline, since it leaves out what rivals are slow at.
 * `uploaded`: in arrays of the host, uploaded anew by every step, as for `trainer.step({ x, y })`.
 */
export const FEEDS = ['resident', 'uploaded'] as const;
export type Feed = (typeof FEEDS)[number];

/** Work that can be repeated. */
export interface Repeatable {
  /** Queues the work `count` times, then waits once, by reading something that depends on all of it. */
  run(count: number): Promise<void>;
  dispose(): void;
}

/** A training under way. */
export interface Training extends Repeatable {
  /** Weights and biases of each layer in turn. */
  parameters(): Promise<ArrayLike<number>[]>;
}

/** Forms of a product: a · b, a · bᵀ, aᵀ · b. */
export const FORMS = ['nn', 'nt', 'tn'] as const;
export type Form = (typeof FORMS)[number];

/** A product of square matrices of `size` rows. */
export interface Product {
  readonly form: Form;
  readonly size: number;
  readonly a: Float32Array<ArrayBuffer>;
  readonly b: Float32Array<ArrayBuffer>;
}

/** A product that can be taken again. */
export interface Multiplication extends Repeatable {
  /** [size, size]. */
  result(): Promise<ArrayLike<number>>;
}

/** An engine on one backend. */
export interface Contender {
  readonly name: string;
  train(problem: Problem, feed: Feed): Promise<Training>;
  multiply(product: Product): Promise<Multiplication>;
  /** Returns the mistake in its dropout at the problem's rate; undefined if there is none. */
  dropoutFault(problem: Problem): Promise<string | undefined>;
  /** Its best ways to train many models. Default: each by `train`, one after another. */
  readonly sweepers?: readonly Sweeper[];
}

/** The names of all there are; wgrad first. */
export const RIVALS = ['jax-webgpu', 'tfjs-webgpu', 'tfjs-wasm', 'jax-wasm'] as const;
export type Rival = (typeof RIVALS)[number];
