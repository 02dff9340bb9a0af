import { type Dataset, type Preparation, type Table, take } from 'wgrad';
import type { DataFacts, TableFacts } from '../../contract/protocol.js';
import type { DataName } from '../../contract/state.js';
import { lineReach, reachOf } from '../views/reach.js';

/** Training and validation examples of all runs. */
export interface LoadedData {
  readonly name: DataName;
  /** Name for people. */
  readonly title: string;
  /** Origin and licence. */
  readonly source: string;
  readonly train: Dataset;
  /** The training examples before a person's edits; absent if there are none. */
  readonly unedited?: Dataset;
  readonly validation: Dataset;
  /** Examples by which nothing is chosen: the winner of a search is tested on them. */
  readonly test: Dataset;
  /** Training examples that there are. */
  readonly available: number;
  /** Names of the classes; absent for regression. */
  readonly classes?: readonly string[];
  /** The inputs that the targets depend on, if the page knows. */
  readonly matter?: readonly number[];
  /** Size of an image; absent if examples are no images. */
  readonly image?: { readonly width: number; readonly height: number };
  /** The table that the examples are of, and the way in which its rows became numbers. */
  readonly table?: { readonly facts: TableFacts; readonly rows: Table; readonly preparation: Preparation };
}

/** Most examples that are measured: more would take longer and show the same. */
export const MOST_MEASURED = 1000;

/** Returns the training examples on which runs are measured. */
export function measuredPart({ train }: LoadedData): Dataset {
  return take(train, Math.min(train.examples, MOST_MEASURED));
}

/** Returns the number of columns of the network's output. */
export function outputsOf({ classes, train }: LoadedData): number {
  return classes?.length ?? train.outputs;
}

/** Returns the facts for the page. @param room the training examples that the device takes */
export function dataFacts(data: LoadedData, room: number): DataFacts {
  const { title, source, train, validation, classes, available, table, matter } = data;
  return {
    name: title,
    source,
    features: train.features,
    train: train.examples,
    validation: validation.examples,
    available,
    room: room < available ? room : undefined,
    baseline: baselineOf(data),
    table: table?.facts,
    matter,
    classes,
    points: train.features <= 2 && train.outputs === 1 ? pointsOf(data) : undefined,
  };
}

/** Returns copies of the examples, because their buffers are transferred. */
function pointsOf(data: LoadedData) {
  const { train, validation } = data;
  return {
    x: Float32Array.from([...train.x, ...validation.x]),
    y: Float32Array.from([...train.y, ...validation.y]),
    reach: train.features === 2 ? reachOf(data) : lineReach(data),
  };
}

/** Returns the measures on the validation set of an answer that is always the same: the training shares of the classes, or the mean. */
function baselineOf({ train, validation, classes }: LoadedData): DataFacts['baseline'] {
  if (!classes) {
    const meanOf = (values: Iterable<number>, count: number) =>
      [...values].reduce((sum, each) => sum + each / count, 0);
    const mean = meanOf(train.y, train.y.length);
    const squares = Float64Array.from(validation.y, (y) => (y - mean) ** 2);
    return { loss: meanOf(squares, squares.length) };
  }
  const shares = new Float64Array(classes.length);
  for (const label of train.y) shares[label] += 1 / train.examples;
  const most = shares.indexOf(Math.max(...shares));
  let [loss, right] = [0, 0];
  for (const label of validation.y) {
    loss -= Math.log(Math.max(shares[label], 1 / train.examples)); // a class that no training example has
    if (label === most) right++;
  }
  return { loss: loss / validation.examples, accuracy: right / validation.examples };
}
