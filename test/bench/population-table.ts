import { figure, ratioText, share, spreadText } from './figures.js';
import { nameOf } from './network.js';
import type { PopulationRow } from './population-suite.js';
import type { Table } from './table.js';

/** Populations of several sizes. */
export function populationTable(rows: readonly PopulationRow[]): Table {
  return {
    title: 'Populations: networks in the same dispatches',
    head: [
      'networks',
      'batch',
      'dispatches',
      'ms a step, min / median / max',
      'beside one',
      'GFLOP/s',
      'of the large step',
      'error',
    ],
    rows: rows.map(({ network, members, dispatches, accuracy, milliseconds, besideOne, gflops, ofLarge }) => [
      `${members} of ${nameOf(network)}`,
      String(network.batchSize),
      String(dispatches),
      milliseconds ? spreadText(milliseconds) : `WRONG: ${accuracy.wrong}`,
      besideOne ? ratioText(besideOne) : '',
      gflops === undefined ? '' : figure(gflops),
      ofLarge ? share(ofLarge.median) : '',
      accuracy.error.toExponential(1),
    ]),
    notes: ['One gather is among the dispatches. Beside one: time over that of a population of one, round by round.'],
  };
}
