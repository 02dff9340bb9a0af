import { checkNumber } from '../errors/arguments.js';
import { atOnce } from '../promises/turns.js';
import { type Key, philox, STREAMS } from './philox.js';

/**
 * Returns the order in which epoch `epoch` reads `n` examples: a permutation of 0 .. n - 1, uniform among all n!.
 *
 * The algorithm is a public contract. The words are those of Philox4x32-10 under `key` at the counters
 * (quad, epoch, 2 << 24, 0), quad = 0, 1, 2, ..., words 0 to 3 of each, in that order, none left out. Start from
 * p[i] = i. For i = n - 1 down to 1 take the next word until one is below floor(2^32 / (i + 1)) * (i + 1) (so that
 * every remainder is equally likely), let j = word mod (i + 1), and exchange p[i] and p[j].
 * Source: Fisher-Yates as Durstenfeld wrote it (CACM algorithm 235, 1964).
 *
 * @param n in [0, 2^32 - 1]
 * @param key of `shuffleSeed`
 * @param epoch in [0, 2^32 - 1], counted from 0
 * @throws TypeError or RangeError if `n` or `epoch` is not an integer in its range.
 */
export function permutation(n: number, key: Key, epoch: number): Uint32Array {
  checkNumber('permutation', 'n', n, { min: 0, max: 0xffffffff, integer: true });
  checkNumber('permutation', 'epoch', epoch, { min: 0, max: 0xffffffff, integer: true });
  return atOnce(permuting(n, key, epoch));
}

/** Exchanges that are made at once. */
const PIECE = 2 ** 14;

/** Returns what `permutation` returns; yields wherever a caller may let others run. */
export function* permuting(n: number, key: Key, epoch: number): Generator<void, Uint32Array, void> {
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;

  const words = new Uint32Array(4);
  let taken = 0;
  for (let i = n - 1; i > 0; i--) {
    if (i % PIECE === 0) yield;
    const choices = i + 1;
    const fair = 2 ** 32 - (2 ** 32 % choices);
    let word: number;
    do {
      if (taken % 4 === 0) philox(taken / 4, epoch, STREAMS.shuffle << 24, 0, key, words);
      word = words[taken++ % 4];
    } while (word >= fair);
    const j = word % choices;
    const last = order[i];
    order[i] = order[j];
    order[j] = last;
  }
  return order;
}

/**
 * The epoch number of the permutation that holds rows out: the last one there is, so that training with the same seed does not
 * draw the same words.
 */
export const SPLIT_EPOCH = 0xffffffff;
