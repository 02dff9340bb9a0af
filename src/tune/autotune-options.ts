import { checkNumber, checkSignal, show } from '../errors/arguments.js';
import type { Model } from '../nn/layer.js';
import { type CheckedOptions, checkTrainerOptions, type TrainerOptions } from '../train/trainer-options.js';
import type { TuningStore } from './stored-shape.js';

/** The progress of tuning. */
export interface AutotuneProgress {
  /** The shape to be measured next: a kernel and its sizes, such as 'matmul-nn m=64,k=784,n=128'. */
  readonly shape: string;
  /** The number of shapes that are done, and of all. */
  readonly done: number;
  readonly total: number;
}

/** Options of `autotune`: those of `createTrainer`, and these. */
export interface AutotuneOptions extends TrainerOptions {
  /** Keeps results for the next time. Default: none are kept. */
  store?: TuningStore;
  /** Seconds after which shapes not yet measured stay as planned. Default 10. */
  seconds?: number;
  /** Stops tuning, which then rejects with an EngineError of kind `aborted`. */
  signal?: AbortSignal;
  /** Called before each shape. */
  onProgress?: (progress: AutotuneProgress) => void;
}

/** The options, checked, with their defaults. */
export interface CheckedAutotuneOptions {
  readonly training: CheckedOptions;
  readonly store: TuningStore | undefined;
  readonly seconds: number;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: AutotuneProgress) => void) | undefined;
}

/** Returns the options, checked. @throws TypeError or RangeError naming `where` and the option */
export function checkAutotuneOptions(where: string, model: Model, options: AutotuneOptions): CheckedAutotuneOptions {
  const training = checkTrainerOptions(where, model, options, ['store', 'seconds', 'signal', 'onProgress']);
  const { store, seconds = 10, signal, onProgress } = options;
  checkNumber(where, 'seconds', seconds, { min: 0, exclusive: 'min' });
  if (store !== undefined && (typeof store?.get !== 'function' || typeof store.set !== 'function')) {
    throw new TypeError(`${where}: store must have the functions get and set, as a Map has, got ${show(store)}`);
  }
  checkSignal(where, signal);
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new TypeError(`${where}: onProgress must be a function, got ${show(onProgress)}`);
  }
  return { training, store, seconds, signal, onProgress };
}
