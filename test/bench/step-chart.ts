import { type BarGroup, barChart } from './bar-chart.js';
import { figure } from './figures.js';
import { nameOf } from './network.js';
import type { StepTable } from './step-suite.js';

/** The steps of all engines as bars; an engine that is wrong has none. */
export function stepChart(tables: readonly StepTable[], place: string): string {
  const groups = tables.map(({ network, feed, rows }): BarGroup => {
    const where = feed === 'resident' ? 'batch on the device' : 'batch uploaded at every step';
    return {
      title: `${nameOf(network)}, batch ${network.batchSize}, ${where}`,
      bars: rows.flatMap(({ engine, milliseconds, ratio }) => {
        if (!milliseconds) return [];
        const { median, min, max } = milliseconds;
        const own = engine === 'wgrad';
        const text = `${figure(median)} ms${own || !ratio ? '' : `, ${figure(ratio.median)}x`}`;
        return [{ label: engine, value: median, min, max, text, own }];
      }),
    };
  });
  return barChart(`Milliseconds a step on ${place}: shorter is better`, groups);
}
