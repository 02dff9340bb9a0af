import type { State } from './state.js';

/**
 * What the page tells its worker. State is told whole: the worker finds what has to be made anew, and keeps the rest. Both
 * count the orders, so that an answer to one can be told from what was under way before: the first one is number 1.
 */
export type Order =
  | { readonly kind: 'state'; readonly state: State }
  | { readonly kind: 'play' }
  | { readonly kind: 'pause' }
  /** One step of every run, then a look. */
  | { readonly kind: 'step' }
  /** All runs from the start, with the knobs as they are. */
  | { readonly kind: 'reset' }
  /** Steps a second of each run at most; Infinity: as fast as it goes. */
  | { readonly kind: 'speed'; readonly stepsPerSecond: number }
  | { readonly kind: 'view'; readonly view: View }
  | { readonly kind: 'search'; readonly plan: SearchPlan }
  | { readonly kind: 'stop search' }
  | { readonly kind: 'export search'; readonly format: 'csv' | 'json' }
  | { readonly kind: 'verify' }
  | { readonly kind: 'stop verify' }
  /** Files that were dropped: a CSV, an IDX pair, a model. */
  | { readonly kind: 'open'; readonly files: readonly { readonly name: string; readonly bytes: ArrayBuffer }[] }
  /** The selected run's model as safetensors, its configuration as JSON, or every run's history as CSV. */
  | { readonly kind: 'export'; readonly what: 'model' | 'config' | 'history' }
  /** Destroys the device, to see what happens. */
  | { readonly kind: 'lose device' };

/** What is looked at. The worker computes that and nothing else. */
export type View =
  | { readonly kind: 'nothing' }
  /** The network's answer over the plane of two features, or along the line of one. */
  | { readonly kind: 'answer' }
  | { readonly kind: 'weights' }
  /** The mask of dropout layer `layer` in the last step taken. */
  | { readonly kind: 'mask'; readonly layer: number }
  /** MC-dropout; `drawing` is a digit of 28 x 28 in [0, 1]. */
  | { readonly kind: 'uncertainty'; readonly samples: number; readonly drawing?: Float32Array }
  | { readonly kind: 'mistakes' };

/** λ and p on a grid, every cell a network; all of them train side by side. */
export interface SearchPlan {
  readonly l2: readonly number[];
  readonly dropout: readonly number[];
  readonly epochs: number;
  readonly strategy: 'grid' | 'halving';
}

/**
 * What the worker tells the page, at most ten times a second. A part that is absent has not changed. Typed arrays are
 * transferred.
 */
export interface Frame {
  readonly engine?: EngineFacts;
  readonly data?: DataFacts;
  readonly training?: TrainingFacts;
  /** Every run there is, in the order of the state. */
  readonly runs?: readonly RunFacts[];
  readonly view?: ViewFacts;
  readonly search?: SearchFacts;
  readonly verify?: VerifyFacts;
  /** What a person should know; an empty text takes it away. */
  readonly notice?: string;
  /** What went wrong; an empty text takes it away. */
  readonly problem?: string;
  /** What the page should be set to, since a setting does not fit the data; or, without `obeyed`, a file was opened. */
  readonly correction?: { readonly state: State; readonly obeyed?: number };
  /** Files to hand to the person. */
  readonly files?: readonly { readonly name: string; readonly type: string; readonly bytes: Uint8Array<ArrayBuffer> }[];
}

export interface EngineFacts {
  /** 'reference' is the CPU. */
  readonly backend: 'webgpu' | 'reference';
  readonly adapter: string;
  readonly software: boolean;
  /** Devices lost and replaced so far. */
  readonly recovered: number;
  /** True between the loss of a device and the next one. */
  readonly lost: boolean;
}

export interface DataFacts {
  readonly name: string;
  readonly features: number;
  /** Names of the classes; absent where numbers are learned. */
  readonly classes?: readonly string[];
  readonly train: number;
  readonly validation: number;
  /** Where it is from, and under which licence. */
  readonly source: string;
  /** Examples with one or two features, to be drawn: x [examples, features], y [examples]; training first, then validation. */
  readonly points?: { readonly x: Float32Array; readonly y: Float32Array };
}

export interface TrainingFacts {
  readonly playing: boolean;
  /** The number of the last order that this takes into account. */
  readonly obeyed: number;
  /** Pausing by itself after this many steps, or 0. */
  readonly steps: number;
  /** Of one step of one run, lately; absent before the first. */
  readonly stepMilliseconds?: number;
  readonly gigaflops?: number;
  readonly dispatches: number;
  /** Bytes of all runs on the GPU. */
  readonly memory: number;
  /** Why the next step takes long: 'compiling', 'loading data', ... */
  readonly busy?: string;
}

/** Numbers of a history's row: step, then the measures; NaN where there is no such thing. */
export const HISTORY = [
  'step',
  'trainLoss',
  'validationLoss',
  'trainAccuracy',
  'validationAccuracy',
  'penalty',
] as const;

export interface RunFacts {
  /** Stays with a run while it is there; another run never has it. */
  readonly id: number;
  readonly steps: number;
  readonly epochs: number;
  /** Rows of `HISTORY` one after another, to be added, or instead of those there are. All measured without dropout. */
  readonly history?: { readonly rows: Float32Array; readonly replace: boolean };
  /** Knobs that were turned while it trained: at which step, and what. All there are. */
  readonly marks: readonly { readonly step: number; readonly text: string }[];
  /** The first 12 hex digits of the SHA-256 of its weights, where it stands still. */
  readonly hash?: string;
  /** Why it trains no more. */
  readonly diverged?: string;
}

export type ViewFacts =
  /** There is nothing of this kind to see; why. */
  | { readonly kind: 'none'; readonly why: string }
  /** Over the plane: of every run the likeliest class at columns x rows places, and how sure: 0 to 1. From the top left. */
  | {
      readonly kind: 'plane';
      readonly columns: number;
      readonly rows: number;
      readonly reach: Reach;
      readonly runs: readonly { readonly id: number; readonly winner: Uint8Array; readonly certainty: Float32Array }[];
    }
  /** Along the line: of every run the answer at x. */
  | {
      readonly kind: 'line';
      readonly x: Float32Array;
      readonly runs: readonly { readonly id: number; readonly y: Float32Array }[];
    }
  | {
      readonly kind: 'weights';
      /** One a dense layer; the bins are the same for all runs. */
      readonly layers: readonly {
        readonly name: string;
        readonly min: number;
        readonly max: number;
        readonly runs: readonly { readonly id: number; readonly counts: Uint32Array; readonly norm: number }[];
      }[];
      /** What the first units of the selected run look for, as images one after another, where the input is one. */
      readonly filters?: { readonly width: number; readonly height: number; readonly images: Float32Array };
    }
  | {
      readonly kind: 'mask';
      readonly run: number;
      readonly layer: number;
      /** The step, from 0, in which this mask was used. */
      readonly step: number;
      readonly rows: number;
      readonly cols: number;
      /** 1 kept, 0 dropped; as the GPU's training kernel stored it. */
      readonly kept: Uint8Array;
      readonly rate: number;
      /** The same mask, computed on the CPU from (seed, step, layer, element): how many elements differ. */
      readonly differing: number;
    }
  | {
      readonly kind: 'uncertain plane';
      readonly run: number;
      readonly samples: number;
      readonly columns: number;
      readonly rows: number;
      readonly reach: Reach;
      /** The likeliest class by the mean of the samples' probabilities, and that mean. */
      readonly winner: Uint8Array;
      readonly mean: Float32Array;
      /** Deviation of the winner's probability between samples. */
      readonly deviation: Float32Array;
      /** Of the mean probabilities, in bits. */
      readonly entropy: Float32Array;
    }
  | {
      readonly kind: 'uncertain line';
      readonly run: number;
      readonly samples: number;
      readonly x: Float32Array;
      readonly mean: Float32Array;
      readonly deviation: Float32Array;
    }
  | {
      readonly kind: 'uncertain digit';
      readonly run: number;
      readonly samples: number;
      /** By class. */
      readonly mean: Float32Array;
      readonly deviation: Float32Array;
      /** Of the mean probabilities, in bits. */
      readonly entropy: number;
    }
  | {
      readonly kind: 'mistakes';
      readonly run: number;
      /** [class, guess] of the validation set. */
      readonly confusion: Uint32Array;
      /** Which validation examples it gets wrong, rising. */
      readonly wrong: Uint32Array;
      /** Those of them it was surest of, worst first. */
      readonly worst: readonly Mistake[];
      /** The images of `worst` one after another, 0 to 1, where examples are images. */
      readonly images?: { readonly width: number; readonly height: number; readonly pixels: Float32Array };
    }
  /** Where numbers are learned: target and answer of every validation example, one pair after another. */
  | { readonly kind: 'errors'; readonly run: number; readonly pairs: Float32Array };

/** What is shown of the plane. */
export interface Reach {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

export interface Mistake {
  /** In the validation set, from 0. */
  readonly index: number;
  readonly label: number;
  readonly guess: number;
  /** That it gave its guess. */
  readonly probability: number;
  /** The example's features, where there are few. */
  readonly features?: readonly number[];
}

export interface SearchFacts {
  readonly plan: SearchPlan;
  readonly running: boolean;
  /** It came to its end; otherwise, if it does not run, it was stopped. */
  readonly complete: boolean;
  /** Epochs done of the round, and how many it has; the round from 0. */
  readonly round: number;
  readonly epoch: number;
  readonly epochs: number;
  readonly seconds: number;
  /** Trials by cell: row-major, λ by row, p by column. */
  readonly trials: readonly TrialFacts[];
  /** The best cell so far. */
  readonly best?: number;
}

export interface TrialFacts {
  readonly l2: number;
  readonly dropout: number;
  readonly status: 'waiting' | 'running' | 'finished' | 'stopped early' | 'dropped' | 'diverged';
  /** One an epoch: training loss, validation loss, validation accuracy (NaN where there is none). */
  readonly epochs: readonly (readonly [train: number, validation: number, accuracy: number])[];
}

export interface VerifyFacts {
  readonly running: boolean;
  readonly done: number;
  readonly total: number;
  /** What is being checked. */
  readonly doing: string;
  readonly report?: {
    readonly passed: boolean;
    readonly verdict: string;
    readonly text: string;
    readonly json: string;
  };
  /** Why there is no report. */
  readonly failed?: string;
}
