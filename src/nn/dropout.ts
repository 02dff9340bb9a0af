import { checkNumber, checkOptions } from '../errors/arguments.js';
import { dropout as dropoutOf } from '../ops/random.js';
import { STREAMS } from '../random/philox.js';
import { type Seed, seedKey } from '../random/seed.js';
import { dropoutThreshold, maskWord } from '../random/source.js';
import { DROPOUT_RATE, layerOfRate, maskSource } from './dropout-rate.js';
import type { Layer } from './layer.js';
import type { Schedule } from './schedules.js';

/**
 * Inverted dropout: in training each element is 0 with probability p and scaled by 1 / (1 - p) otherwise, with a fresh
 * mask every step; in evaluation nothing happens. The mask is a function of (seed, step, layer, row, column).
 * Source: Srivastava et al., JMLR 15 (2014). A schedule as p anneals it: `linearDecay(0.5, { steps })` as Rennie et al.
 * (2014), `warmup(0.5, { steps })` as the curriculum of Morerio et al. (2017), in a straight line.
 * @param p the probability of dropping an element, in [0, 1), or a schedule with such a base
 */
export function dropout(p: number | Schedule): Layer {
  return layerOfRate('dropout', p, (x, { context, rate }) => dropoutOf(x, maskSource(context, rate)));
}

/** The numbers that determine a mask by the contract of randomness, and its shape. */
export interface DropoutMaskOptions {
  seed: Seed;
  /** Optimiser steps before this one. */
  step: number;
  /** The dropout layer, counted from 0. */
  layer: number;
  /** Rows of the batch; in a sample of `predictSamples`, of its whole x. */
  rows: number;
  /** Columns of the layer's input. */
  cols: number;
  /** The probability of dropping an element, in [0, 1). */
  rate: number;
  /** 0 in training, from 1 in `predictSamples`. Default 0. */
  sample?: number | undefined;
}

const KNOWN = ['seed', 'step', 'layer', 'rows', 'cols', 'rate', 'sample'];

/** The largest array that every browser allows. */
const MOST_ELEMENTS = 2 ** 31 - 1;

/**
 * Returns the mask [rows, cols] that training draws by the contract of randomness, computed on the host: 1 where an element is
 * kept, 0 where it is dropped.
 * @throws TypeError or RangeError naming the option that is wrong
 */
export function dropoutMask(options: DropoutMaskOptions): Uint8Array {
  const where = 'dropoutMask';
  checkOptions(where, options, KNOWN);
  const { seed, step, layer, rows, cols, rate, sample = 0 } = options;
  const key = seedKey(where, 'seed', seed);
  const whole = (name: string, value: number, min: number, max: number) =>
    checkNumber(where, name, value, { min, max, integer: true });
  whole('step', step, 0, 0xffffffff);
  whole('layer', layer, 0, 2 ** 24 - 1);
  whole('sample', sample, 0, 0xffffffff);
  whole('cols', cols, 1, MOST_ELEMENTS);
  whole('rows', rows, 1, Math.floor(MOST_ELEMENTS / cols));
  const threshold = dropoutThreshold(checkNumber(where, 'rate', rate, DROPOUT_RATE));
  const words = [...key, step, layer | (STREAMS.dropout << 24), sample, threshold, 0, 0];
  const kept = new Uint8Array(rows * cols);
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) {
      kept[row * cols + col] = maskWord(words, row, col, cols) < threshold ? 0 : 1;
    }
  }
  return kept;
}
