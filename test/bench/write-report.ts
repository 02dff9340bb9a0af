import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Report, reportTables } from './report.js';
import { stepChart } from './step-chart.js';
import { markdownOf } from './table.js';

/** Writes the tables as markdown, and a chart of the steps of each place, into a folder, which it makes. */
export function writeReport(folder: string, report: Report): void {
  mkdirSync(folder, { recursive: true });
  const charts: string[] = [];
  for (const { step, adapter, host } of report.places) {
    if (!step) continue;
    const name = host.startsWith('Chromium') ? 'step-chromium.svg' : 'step.svg';
    writeFileSync(join(folder, name), stepChart(step, `${adapter.replace(/:.*$/, '')} in ${host.split(/[ ,]/)[0]}`));
    charts.push(`![Milliseconds a training step](${name})`);
  }
  const parts = ['# Benchmark', ...charts, ...reportTables(report).map(markdownOf)];
  writeFileSync(join(folder, 'results.md'), `${parts.join('\n\n')}\n`);
}
