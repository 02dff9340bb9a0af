import type { Knobs, State } from './state.js';
import type { Reach, ViewFacts } from './view-facts.js';

/**
 * A message from the page to its worker. A state is sent whole: the worker finds the parts to make again and keeps the
 * rest. Both sides count orders, from 1, so that an answer to an order can be told from news that was already on its
 * way.
 */
export type Order =
  | { readonly kind: 'state'; readonly state: State }
  | { readonly kind: 'play' }
  | { readonly kind: 'pause' }
  /** Take one step of every run, then measure. */
  | { readonly kind: 'step' }
  /** Start all runs again, with the knobs as they are. */
  | { readonly kind: 'reset' }
  /** Limit each run to so many steps a second; Infinity means no limit. */
  | { readonly kind: 'speed'; readonly stepsPerSecond: number }
  | { readonly kind: 'view'; readonly view: View }
  | { readonly kind: 'search'; readonly plan: SearchPlan }
  | { readonly kind: 'stop search' }
  | { readonly kind: 'export search'; readonly format: 'csv' | 'json' }
  | { readonly kind: 'verify' }
  | { readonly kind: 'stop verify' }
  /** Open dropped files: a CSV, an IDX pair, a model, a configuration. */
  | {
      readonly kind: 'open';
      readonly files: readonly { readonly name: string; readonly bytes: ArrayBuffer }[];
      /** Their origin, as a sentence; default: they are the person's own. */
      readonly origin?: string;
    }
  /** Predict a row of the person's own table with the selected run: the text of each column that it learned from. */
  | { readonly kind: 'predict'; readonly row: Readonly<Record<string, string>> }
  /**
   * Send a file: the selected run's model as safetensors or ONNX, the same model with a program that uses it, its
   * configuration as JSON, the person's own table with a prediction for each row, or every run's history as CSV, which
   * keeps the page's address.
   */
  | {
      readonly kind: 'export';
      readonly what: 'model' | 'onnx' | 'code' | 'config' | 'predictions' | 'history';
      readonly address?: string;
    }
  /** Destroy the device, to show recovery. */
  | { readonly kind: 'lose device' };

/** The view that a person has open. The worker computes it and no other. */
export type View =
  | { readonly kind: 'nothing' }
  /** The network's answer over the plane of two features, or along the line of one. */
  | {
      readonly kind: 'answer';
      /** True to have the selected run's network, too. */
      readonly network?: boolean;
    }
  | { readonly kind: 'weights' }
  /** The mask of dropout layer `layer` in the last step taken. */
  | { readonly kind: 'mask'; readonly layer: number }
  /** The time that a search takes. */
  | { readonly kind: 'search' }
  /** MC-dropout; `drawing` is a digit of 28 x 28 in [0, 1]. */
  | { readonly kind: 'uncertainty'; readonly samples: number; readonly drawing?: Float32Array }
  | { readonly kind: 'mistakes' };

/** A search on a grid of λ and p. Each cell is a network; all train side by side. */
export interface SearchPlan {
  readonly l2: readonly number[];
  readonly dropout: readonly number[];
  readonly epochs: number;
  readonly strategy: 'grid' | 'halving';
}

/**
 * A message from the worker to the page, at most ten a second. An absent part has not changed. Typed arrays are
 * transferred.
 */
export interface Frame {
  readonly engine?: EngineFacts;
  readonly data?: DataFacts;
  readonly training?: TrainingFacts;
  /** All jobs that have begun and not ended; training is one while it plays. */
  readonly jobs?: readonly JobFacts[];
  /** All runs, in the order of the state. */
  readonly runs?: readonly RunFacts[];
  readonly view?: ViewFacts;
  readonly search?: SearchFacts;
  readonly verify?: VerifyFacts;
  /** A notice for the person; an empty text removes it. */
  readonly notice?: string;
  /** An error message; an empty text removes it. */
  readonly problem?: string;
  /** Parts of a state that did not fit, and what the worker uses instead, as of the order `obeyed`. */
  readonly correction?: { readonly part: Partial<State>; readonly obeyed: number };
  /** The changes that an opened file asks for: of the settings, and of the selected run. */
  readonly opened?: Opened;
  /** The answer to the last order `predict`. */
  readonly prediction?: PredictionFacts;
  /** Files to hand to the person. */
  readonly files?: readonly { readonly name: string; readonly type: string; readonly bytes: Uint8Array<ArrayBuffer> }[];
}

export interface PredictionFacts {
  readonly run: number;
  readonly row: Readonly<Record<string, string>>;
  /** The name of the likeliest class, or a number in the table's units. */
  readonly answer: string | number;
  /** One probability per class. */
  readonly probabilities?: readonly number[];
}

export interface Opened {
  readonly change: Partial<State>;
  /** Knobs of the selected run; with `network` they are of a run of its own. */
  readonly run?: Knobs & { readonly network?: number };
  /** The address of the experiment to set up again, with fresh runs. */
  readonly address?: string;
}

export interface EngineFacts {
  /** 'reference' is the CPU. */
  readonly backend: 'webgpu' | 'reference';
  readonly adapter: string;
  readonly software: boolean;
  /** Lost devices that were replaced so far. */
  readonly recovered: number;
  /** True from the moment a device is lost until the next one is open. */
  readonly lost: boolean;
}

export interface DataFacts {
  readonly name: string;
  readonly features: number;
  /** Names of the classes; absent for regression. */
  readonly classes?: readonly string[];
  readonly train: number;
  readonly validation: number;
  /** Training examples that there are; the state may ask for fewer. */
  readonly available: number;
  /** Training examples that the device takes at most, if those are fewer. */
  readonly room?: number;
  /** The measures on the validation set of an answer that is always the same: the classes' shares, or the mean. */
  readonly baseline: { readonly loss: number; readonly accuracy?: number };
  /** The inputs that the targets depend on, if the page knows. */
  readonly matter?: readonly number[];
  /** A person's own table, as it is understood. */
  readonly table?: TableFacts;
  /** Origin and licence. */
  readonly source: string;
  /**
   * Examples of one or two features, to be drawn: x [examples, features], y [examples]; training first, then
   * validation. `reach` is the part of the plane, or of the picture of one feature, that is shown.
   */
  readonly points?: { readonly x: Float32Array; readonly y: Float32Array; readonly reach: Reach };
}

export interface TableFacts {
  readonly rows: number;
  readonly target: string;
  readonly task: 'classes' | 'number';
  readonly columns: readonly ColumnFacts[];
  /** Facts that a person should know. */
  readonly notes: readonly string[];
}

export interface ColumnFacts {
  readonly name: string;
  /** 'number', 'category', 'yes/no', 'date', 'text', 'index', 'constant' or 'empty'. */
  readonly kind: string;
  /** Rows without a value. */
  readonly missing: number;
  /** Different values. */
  readonly distinct: number;
  /** The most frequent values of a category. */
  readonly values?: readonly string[];
  /** The smallest and the largest number. */
  readonly range?: readonly [min: number, max: number];
  /** The value in the first row, as it is written. */
  readonly first: string;
  /** Reason why it is not used; absent for the target and for columns that are learned from. */
  readonly leftOut?: string;
}

export interface TrainingFacts {
  readonly playing: boolean;
  /** Number of the last order that this frame takes into account. */
  readonly obeyed: number;
  /** Training pauses by itself after this many steps; 0 means never. */
  readonly steps: number;
  /** Recent time of one step of one run; absent before the first step. */
  readonly stepMilliseconds?: number;
  readonly gigaflops?: number;
  readonly dispatches: number;
  /** Bytes of all runs on the GPU. */
  readonly memory: number;
  /** Reason for a delay: 'compiling', 'loading data', ... */
  readonly busy?: string;
}

/** Numbers of a history's row: step, then the measures; NaN for a measure that does not exist. */
export const HISTORY = [
  'step',
  'trainLoss',
  'validationLoss',
  'trainAccuracy',
  'validationAccuracy',
  'penalty',
] as const;

export interface JobFacts {
  readonly job: 'train' | 'search' | 'verify' | 'open';
  /** Share that is done, from 0 to 1; absent where the end is open. */
  readonly progress?: number;
  /** The job that it waits for; absent while it takes turns. */
  readonly waitsFor?: JobFacts['job'];
}

export interface RunFacts {
  /** Identity of the run, as in the state; a run that starts again keeps it. */
  readonly id: number;
  readonly steps: number;
  readonly epochs: number;
  /** New rows of `HISTORY`, one after another; `replace` drops the earlier ones. All are measured without dropout. */
  readonly history?: { readonly rows: Float32Array; readonly replace: boolean };
  /** All turns of knobs while it trained: the step and the change. */
  readonly marks: readonly { readonly step: number; readonly text: string }[];
  /** The turn of its knobs since its last step, as in a mark; it has not trained with it. */
  readonly turned?: string;
  /** First 12 hex digits of the SHA-256 of its weights, while it stands still. */
  readonly hash?: string;
  /** Reason of its divergence; it trains no more. */
  readonly diverged?: string;
}

export interface SearchFacts {
  readonly plan: SearchPlan;
  readonly running: boolean;
  /** True if it came to its end. */
  readonly complete: boolean;
  /** Reason why it ended before: a person asked for it, or the data or the network were changed. */
  readonly stopped?: 'asked' | 'changed';
  /** The round, from 0, with its finished and its total epochs. */
  readonly round: number;
  readonly epoch: number;
  readonly epochs: number;
  readonly seconds: number;
  /** Trials of the cells, row-major: one row per λ, one column per p. */
  readonly trials: readonly TrialFacts[];
  /** The best cell so far, by validation. */
  readonly best?: number;
  /** The test of the best cell, once the search is complete. */
  readonly winner?: WinnerFacts;
}

/** The best cell of a search, trained again from other seeds and tested on examples by which nothing was chosen. */
export interface WinnerFacts {
  /** Networks that are trained, each from a seed of its own. */
  readonly seeds: number;
  /** Epochs that are done, and all there are. */
  readonly epoch: number;
  readonly epochs: number;
  /** Loss and accuracy on the test examples, when all epochs are done. */
  readonly loss?: Spread;
  readonly accuracy?: Spread;
  /** The same on the validation examples: the cells of the map differ by chance as these networks do. */
  readonly validation?: { readonly loss?: Spread; readonly accuracy?: Spread };
  /** Networks that diverged; they do not count. */
  readonly diverged?: number;
}

export interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

export interface TrialFacts {
  readonly l2: number;
  readonly dropout: number;
  readonly status: 'waiting' | 'running' | 'finished' | 'stopped early' | 'dropped' | 'diverged';
  /** One entry per epoch: training loss, validation loss, validation accuracy (NaN for regression). */
  readonly epochs: readonly (readonly [train: number, validation: number, accuracy: number])[];
}

export interface VerifyFacts {
  readonly running: boolean;
  readonly done: number;
  readonly total: number;
  /** The check that is running. */
  readonly doing: string;
  readonly report?: {
    readonly passed: boolean;
    readonly verdict: string;
    /** Number of checks that were left out. */
    readonly omitted: number;
    readonly text: string;
    readonly json: string;
  };
  /** Reason why there is no report. */
  readonly failed?: string;
}
