import { type Dataset, take } from 'wgrad';
import type { DataFacts } from '../../contract/protocol.js';
import type { DataName } from '../../contract/state.js';

/** What runs learn from, and are judged by. */
export interface LoadedData {
  readonly name: DataName;
  /** For people. */
  readonly title: string;
  /** Where it is from, and under which licence. */
  readonly source: string;
  readonly train: Dataset;
  readonly validation: Dataset;
  /** Names of the classes; absent where numbers are learned. */
  readonly classes?: readonly string[];
  /** The size of an example that is an image. */
  readonly image?: { readonly width: number; readonly height: number };
}

/** More examples would take more time to measure and show the same. */
const MOST_MEASURED = 1000;

/** The training examples on which runs are measured. */
export function measuredPart({ train }: LoadedData): Dataset {
  return take(train, Math.min(train.examples, MOST_MEASURED));
}

/** Columns of the network's output. */
export function outputsOf({ classes, train }: LoadedData): number {
  return classes?.length ?? train.outputs;
}

/** What the page is told of it. */
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

/** Copies of the examples: they are given away. */
function pointsOf({ train, validation }: LoadedData) {
  return {
    x: Float32Array.from([...train.x, ...validation.x]),
    y: Float32Array.from([...train.y, ...validation.y]),
  };
}
