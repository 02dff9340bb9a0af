import { bytesText, countOf, fasterText, figure, timeText } from './figures.js';
import { nameOf } from './network.js';
import type { StepRow, StepTable } from './step-suite.js';
import type { Table } from './table.js';

const FEED = {
  resident: 'batch on the device',
  uploaded: 'batch uploaded at every step',
} as const;

/** A training step on every engine: times, ratios, and what WebGPU was asked for. */
export function stepTables({ network, feed, rounds, stepsARound, rows }: StepTable): Table[] {
  const title = `${nameOf(network)}, batch ${network.batchSize}, ${FEED[feed]}`;
  const usesGpu = ({ calls }: StepRow) => calls.dispatches > 0;
  return [
    {
      title: `Step of ${title}`,
      head: ['engine', 'wgrad is faster by', 'ms a step, min / median / max', 'GFLOP/s', 'error'],
      rows: rows.map(({ engine, accuracy, ...times }) => [
        engine,
        fasterText(engine === 'wgrad', times),
        timeText(times, accuracy.wrong),
        figure(times.gflops),
        accuracy.error.toExponential(1),
      ]),
      notes: [
        `${rounds} rounds, engines in turn, ${stepsARound} steps queued before each wait. ` +
          `Error: of parameters after 3 steps without dropout, against float64, in units of their change; ` +
          `at most ${rows[0]?.accuracy.limit.toExponential(1)}.`,
      ],
    },
    {
      title: `Calls a step of ${title}`,
      head: ['engine', 'dispatches', 'submits', 'passes', 'bind groups', 'buffers', 'bytes bound', 'pipelines'],
      rows: rows
        .filter(usesGpu)
        .map(({ engine, calls, pipelines }) => [
          engine,
          ...[calls.dispatches, calls.submits, calls.passes, calls.bindGroups, calls.buffers].map(countOf),
          bytesText(calls.bytesBound),
          countOf(pipelines),
        ]),
      notes: [
        'Of one step more in a queue of steps; bind groups and buffers are those made anew, pipelines those in use.',
      ],
    },
  ];
}
