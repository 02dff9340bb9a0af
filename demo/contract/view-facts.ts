/** The facts that the worker sends of the view that a person has open. Typed arrays are transferred. */
export type ViewFacts =
  /** Nothing of this kind can be seen, for the reason `why`. */
  | { readonly kind: 'none'; readonly why: string }
  /** On columns x rows places of the plane, from the top left: each run's likeliest class and its certainty, 0 to 1. */
  | {
      readonly kind: 'plane';
      readonly columns: number;
      readonly rows: number;
      readonly reach: Reach;
      readonly runs: readonly { readonly id: number; readonly winner: Uint8Array; readonly certainty: Float32Array }[];
      /** Steps that the CPU took while the kernels of the GPU are compiled; absent if the networks are the GPU's. */
      readonly onCpu?: number;
      readonly network?: NetworkFacts;
    }
  /** Along the line: each run's answer at x. */
  | {
      readonly kind: 'line';
      readonly x: Float32Array;
      readonly runs: readonly { readonly id: number; readonly y: Float32Array }[];
      readonly onCpu?: number;
    }
  /** The answers of each run to the first `examples` validation examples, for data that no plane shows. */
  | {
      readonly kind: 'outcomes';
      readonly examples: number;
      readonly runs: readonly {
        readonly id: number;
        /** Examples of each class, row by row, by the class that the network takes them for; absent for regression. */
        readonly confusion?: Uint32Array;
        /** Target and answer of each example, one pair after another; absent for classes. */
        readonly pairs?: Float32Array;
      }[];
    }
  | { readonly kind: 'search'; readonly epochTime: EpochTime }
  | {
      readonly kind: 'weights';
      /** One entry per dense layer; all runs share its bins. */
      readonly layers: readonly {
        readonly name: string;
        readonly min: number;
        readonly max: number;
        readonly runs: readonly { readonly id: number; readonly counts: Uint32Array; readonly norm: number }[];
      }[];
      /** The first layer of each run: a picture of the weights, and the numbers of all weights and of those that are exactly 0. */
      readonly first: readonly {
        readonly id: number;
        readonly all: number;
        readonly zeros: number;
        readonly picture?: WeightPicture;
      }[];
    }
  | {
      readonly kind: 'mask';
      readonly run: number;
      readonly layer: number;
      /** The step that used this mask, from 0. */
      readonly step: number;
      readonly rows: number;
      readonly cols: number;
      /** 1 is kept, 0 is dropped, as the GPU's training kernel stored it. */
      readonly kept: Uint8Array;
      readonly rate: number;
      /** Number of elements that differ from the mask computed on the CPU from (seed, step, layer, element). */
      readonly differing: number;
    }
  | {
      readonly kind: 'uncertain plane';
      readonly run: number;
      readonly samples: number;
      readonly columns: number;
      readonly rows: number;
      readonly reach: Reach;
      /** The class of the largest mean probability over the samples; `mean` is that probability. */
      readonly winner: Uint8Array;
      readonly mean: Float32Array;
      /** Standard deviation of the winner's probability over the samples. */
      readonly deviation: Float32Array;
      /** Entropy of the mean probabilities, in bits. */
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
      /** Mean probability of each class. */
      readonly mean: Float32Array;
      readonly deviation: Float32Array;
      /** Entropy of the mean probabilities, in bits. */
      readonly entropy: number;
    }
  | {
      readonly kind: 'mistakes';
      readonly run: number;
      /** [class, guess] of the validation set. */
      readonly confusion: Uint32Array;
      /** Indices of the misclassified validation examples, ascending. */
      readonly wrong: Uint32Array;
      /** The most confident of these mistakes, worst first. */
      readonly worst: readonly Mistake[];
      /** Images of `worst`, one after another, in [0, 1]; absent if examples are no images. */
      readonly images?: { readonly width: number; readonly height: number; readonly pixels: Float32Array };
    }
  /** For regression: target and answer of every validation example, one pair after another. */
  | { readonly kind: 'errors'; readonly run: number; readonly pairs: Float32Array };

/** The weights of the first units: as images, one after another, or those of each input, [inputs, units]. */
export type WeightPicture =
  | { readonly kind: 'images'; readonly width: number; readonly height: number; readonly images: Float32Array }
  | { readonly kind: 'inputs'; readonly units: number; readonly weights: Float32Array };

/** A network with its weights, and the units that its last step kept. */
export interface NetworkFacts {
  readonly run: number;
  readonly step: number;
  /** Weights of each dense layer, [from, to]. */
  readonly layers: readonly { readonly from: number; readonly to: number; readonly data: Float32Array }[];
  /** For each hidden layer the mask of the first example: 1 is kept, 0 is dropped; undefined if nothing was dropped. */
  readonly kept: readonly (Uint8Array | undefined)[];
}

/** The part of the plane that is shown. */
export interface Reach {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

export interface Mistake {
  /** Index in the validation set, from 0. */
  readonly index: number;
  readonly label: number;
  readonly guess: number;
  /** Probability that the network gives its guess. */
  readonly probability: number;
  /** Features of the example; absent if there are many. */
  readonly features?: readonly number[];
}

/** Milliseconds that networks side by side need for an epoch of a search: `each` times their number, and `fixed`. */
export interface EpochTime {
  readonly fixed: number;
  readonly each: number;
}
