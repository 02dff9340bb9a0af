import { checkChoice, checkNumber, checkOptions, checkPositiveInteger } from '../errors/arguments.js';

/** When to stop, for `fit`: the best weights come back at the end. */
export interface EarlyStoppingOptions {
  /** Epochs without anything better after which training stops; at least 1. */
  patience: number;
  /** What must become better on the validation set. Default 'loss'. */
  metric?: 'loss' | 'accuracy';
  /** By how much it must be better than the best so far. Default 0. */
  minDelta?: number;
}

/** Returns the options, checked. @throws TypeError or RangeError naming what is wrong */
export function checkEarlyStopping(where: string, options: EarlyStoppingOptions): Required<EarlyStoppingOptions> {
  const place = `${where}: earlyStopping`;
  checkOptions(place, options, ['patience', 'metric', 'minDelta']);
  const { patience, metric = 'loss', minDelta = 0 } = options;
  checkPositiveInteger(place, 'patience', patience);
  checkChoice(place, 'metric', metric, ['loss', 'accuracy']);
  checkNumber(place, 'minDelta', minDelta, { min: 0 });
  return { patience, metric, minDelta };
}
