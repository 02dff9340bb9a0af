import { philox } from './philox.js';

/** Random numbers from a seed, for the inputs of checks. */
export class Random {
  readonly #words = new Uint32Array(4);
  #drawn = 0;

  constructor(readonly seed: number) {}

  /** Returns a number uniform in [0, 1). */
  next = (): number => {
    if (this.#drawn % 4 === 0) philox(this.#drawn / 4, 0, 0, 0, [this.seed, 0x7e57], this.#words);
    return this.#words[this.#drawn++ % 4] / 2 ** 32;
  };

  uniform(from: number, to: number): number {
    return from + (to - from) * this.next();
  }

  /** Returns a number of either sign whose logarithm is uniform. */
  scaled(smallest: number, largest: number): number {
    const size = smallest * (largest / smallest) ** this.next();
    return this.next() < 0.5 ? -size : size;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.next() * choices.length)];
  }

  /** Returns `count` numbers, uniform between `from` and `to`, as f32. */
  floats(count: number, from = -2, to = 2): Float32Array {
    return Float32Array.from({ length: count }, () => this.uniform(from, to));
  }
}
