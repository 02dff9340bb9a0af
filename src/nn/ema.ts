import { checkNumber } from '../errors/arguments.js';
import { average } from '../ops/index.js';
import { asKnown, checkDescribed } from './described.js';
import { BELOW_1 } from './hyper-parameters.js';
import type { Optimizer } from './optimizers.js';

/**
 * Keeps an exponential moving average of every parameter that an optimiser changes, avg <- decay·avg + (1-decay)·θ from its
 * initial value on. Evaluation and prediction read the averages; training and `weights()` the parameters.
 * Source: Polyak and Juditsky (1992), in the exponential form of `tf.train.ExponentialMovingAverage`.
 * @param decay in [0, 1), default 0.999; the hyper-parameter `emaDecay`
 */
export function ema(optimizer: Optimizer, decay = 0.999): Optimizer {
  checkDescribed('ema', 'optimizer', optimizer, 'update', 'adam()');
  checkNumber('ema', 'decay', decay, BELOW_1);
  if (optimizer.average) throw new TypeError(`ema: ${optimizer.kind} has averages already`);
  return asKnown({
    ...optimizer,
    kind: 'ema',
    options: { optimizer, decay },
    average(parameter, value, context) {
      context.hyper('emaDecay', decay, BELOW_1);
      const rest = context.scalar('1 - emaDecay', ({ hyper }) => [1 - hyper.emaDecay]);
      const state = context.optimizerState(parameter, 'ema', 'value');
      return { state, value: average(state, value, context.scalar('emaDecay'), rest) };
    },
  });
}
