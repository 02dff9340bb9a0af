import { bytesText, countOf, fasterText, figure, share, timeText } from './figures.js';
import { nameOf } from './network.js';
import type { SweepRow, SweepTable } from './sweep-suite.js';
import type { Table } from './table.js';

/** Many models with hyper-parameters of their own: on every engine, and on wgrad in populations of several sizes. */
export function sweepTables({ network, models, checked, rounds, rows, sizes, memory }: SweepTable): Table[] {
  const title = `${nameOf(network)}, batch ${network.batchSize}`;
  const partly = rows.find(({ trained }) => trained < models);
  const steps = Math.max(...rows.map((row) => row.steps ?? 0));
  return [
    {
      title: `Sweep: ${models} models of ${title}`,
      head: [
        'engine',
        'population is faster by',
        `ms a step of all ${models}, min / median / max`,
        'GFLOP/s',
        'trained',
        'error',
      ],
      rows: rows.map(({ engine, how, trained, accuracy, ...times }) => [
        `${engine}, ${how}`,
        fasterText(how === 'population', times),
        timeText(times, accuracy.wrong),
        figure(times.gflops),
        `${trained} of ${models}`,
        accuracy.error.toExponential(1),
      ]),
      notes: [
        `Each model has its own λ, dropout rate and learning rate; weights, seeds and the batch, which lies on the device, are shared. ` +
          `${rounds} rounds, engines in turn, ${steps} steps of a model before each wait${slowOnes(rows, steps)}; making and compiling are not counted. ` +
          (partly
            ? `Of engines that train one model after another ${partly.trained} of ${models} were trained, evenly chosen from the grid; all do the same operations, so their time is taken ${models / partly.trained} times. `
            : '') +
          `Error: the worst of ${checked} models after 3 steps without dropout, against float64, in units of their change; at most ${rows[0]?.accuracy.limit.toExponential(1)}.`,
      ],
    },
    {
      title: `Populations of ${title}`,
      head: [
        'members',
        'dispatches',
        'ms a step, min / median / max',
        'beside one',
        'ms a member',
        'GFLOP/s',
        'of the large step',
      ],
      rows: sizes.map(({ members, dispatches, ofLarge, ...times }) => [
        String(members),
        String(dispatches),
        timeText(times),
        fasterText(false, times),
        figure(times.milliseconds && times.milliseconds.median / members),
        figure(times.gflops),
        share(ofLarge.median),
      ]),
      notes: [
        `A member takes ${bytesText(memory.each)} of the device, all of them ${bytesText(memory.shared)} in common: the default ` +
          `memory of 2^30 bytes holds ${countOf(Math.floor((2 ** 30 - memory.shared) / memory.each))}. Whatever the memory, ` +
          `${countOf(memory.most)} fit the limits of this device (${memory.limitedBy}). More of them are refused; a search has them take turns.`,
      ],
    },
  ];
}

function slowOnes(rows: readonly SweepRow[], usual: number): string {
  const slow = rows.flatMap(({ engine, how, steps }) =>
    steps !== undefined && steps < usual ? [`${engine}, ${how}: ${steps}`] : [],
  );
  return slow.length > 0 ? ` (${slow.join('; ')})` : '';
}
