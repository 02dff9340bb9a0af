import { type Dataset, take } from 'wgrad';
import type { DataFacts } from '../../contract/protocol.js';
import type { DataName } from '../../contract/state.js';

/** Training and validation examples of all runs. */
export interface LoadedData {
  readonly name: DataName;
  /** Name for people. */
  readonly title: string;
  /** Origin and licence. */
  readonly source: string;
  readonly train: Dataset;
  readonly validation: Dataset;
  /** Names of the classes; absent for regression. */
  readonly classes?: readonly string[];
  /** Size of an image; absent if examples are no images. */
  readonly image?: { readonly width: number; readonly height: number };
  /** The scales by which a person's own numbers were standardised: a network's are (value - mean) / deviation. */
  readonly standardised?: { readonly x: Scale | undefined; readonly y: Scale | undefined };
}

/** Means and deviations by column. */
export interface Scale {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Most examples that are measured: more would take longer and show the same. */
const MOST_MEASURED = 1000;

/** Returns the training examples on which runs are measured. */
export function measuredPart({ train }: LoadedData): Dataset {
  return take(train, Math.min(train.examples, MOST_MEASURED));
}

/** Returns the number of columns of the network's output. */
export function outputsOf({ classes, train }: LoadedData): number {
  return classes?.length ?? train.outputs;
}

/** Returns the facts for the page. */
export function dataFacts(data: LoadedData): DataFacts {
  const { title, source, train, validation, classes } = data;
  return {
    name: title,
    source,
    features: train.features,
    train: train.examples,
    validation: validation.examples,
    classes,
    points: train.features <= 2 && train.outputs === 1 ? pointsOf(data) : undefined,
  };
}

/** Returns copies of the examples, because their buffers are transferred. */
function pointsOf({ train, validation }: LoadedData) {
  return {
    x: Float32Array.from([...train.x, ...validation.x]),
    y: Float32Array.from([...train.y, ...validation.y]),
  };
}
