import { figure, spreadText } from './figures.js';
import type { ScaleTable } from './scale-suite.js';
import type { Table } from './table.js';

/** A sweep of one dimension, and where it goes down. */
export function scaleTable({ dimension, rows }: ScaleTable): Table {
  const cliffs = rows.flatMap(({ cliff, value }) => (cliff ? [String(value)] : []));
  return {
    title: `Scale: ${dimension}, around 256 features, 2 hidden layers of 256, 10 classes, batch 64, one network`,
    head: [dimension, 'ms a step, min / median / max', 'GFLOP/s', 'dispatches', 'µs a dispatch', 'float64', ''],
    rows: rows.map(({ value, skipped, checked, milliseconds, gflops, dispatches, microsecondsADispatch, cliff }) => [
      value.toLocaleString('en-US'),
      milliseconds ? spreadText(milliseconds) : (skipped ?? ''),
      gflops === undefined ? '' : figure(gflops),
      dispatches === undefined ? '' : String(dispatches),
      microsecondsADispatch === undefined ? '' : figure(microsecondsADispatch),
      checked === undefined ? '' : checked ? 'agrees' : 'too large',
      cliff ? 'CLIFF' : '',
    ]),
    notes: [
      cliffs.length > 0
        ? `GFLOP/s fall although there is more to do at ${dimension} ${cliffs.join(', ')}.`
        : 'No cliff: GFLOP/s fall nowhere by a fifth or more.',
    ],
  };
}
