import type { Trainer } from 'wgrad';
import type { ViewFacts } from '../../contract/view-facts.js';
import type { LoadedData } from '../data/loaded-data.js';
import { lineOf, placesOf, reachOf } from './reach.js';
import { argmax, softmax } from './softmax.js';

/** Places of the plane at which networks are asked. */
export interface Grid {
  readonly columns: number;
  readonly rows: number;
}

/** The usual grid, and one for networks that train on a slow device. */
export const FINE: Grid = { columns: 160, rows: 120 };
export const COARSE: Grid = { columns: 64, rows: 48 };

const LINE = 160;

/** Networks to ask, and the data that they learn. */
export interface Asked {
  readonly data: LoadedData;
  readonly runs: readonly { readonly id: number; readonly network: Pick<Trainer, 'predict'> }[];
}

/** Returns the answers of all runs over the plane of two features, along the line of one, or else to the validation examples. */
export async function answer(experiment: Asked, grid: Grid): Promise<ViewFacts> {
  const { data } = experiment;
  const { features, outputs } = data.train;
  const classes = data.classes?.length;
  if (features === 2 && classes) return plane(experiment, classes, grid);
  if (features === 1 && (classes === 2 || (!classes && outputs === 1))) return line(experiment, classes);
  return (await import('./outcomes.js')).outcomes(experiment);
}

async function plane({ data, runs }: Asked, classes: number, { columns, rows }: Grid): Promise<ViewFacts> {
  const reach = reachOf(data);
  const places = placesOf(reach, columns, rows);
  const facts = [];
  for (const { id, network } of runs) {
    const probabilities = softmax(await network.predict(places), classes);
    const winner = new Uint8Array(columns * rows);
    const certainty = Float32Array.from(winner, (_, i) => {
      const own = probabilities.subarray(i * classes, (i + 1) * classes);
      winner[i] = argmax(own);
      const certainty = classes > 1 ? (own[winner[i]] - 1 / classes) / (1 - 1 / classes) : 1;
      return Number.isFinite(certainty) ? certainty : 0; // the network has overflowed
    });
    facts.push({ id, winner, certainty });
  }
  return { kind: 'plane', columns, rows, reach, runs: facts };
}

/** Returns answers along a line; for two classes, the probability of the second. */
async function line({ data, runs }: Asked, classes: number | undefined): Promise<ViewFacts> {
  const x = lineOf(data, LINE);
  const facts = [];
  for (const { id, network } of runs) {
    const y = await network.predict(x);
    facts.push({ id, y: classes ? softmax(y, 2).filter((_, i) => i % 2 === 1) : y });
  }
  return { kind: 'line', x, runs: facts };
}
