import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mergeResults, type Run } from './merge-results.js';
import { type Report, reportTables } from './report.js';
import { searchChart } from './search-chart.js';
import { stepChart } from './step-chart.js';
import { markdownOf } from './table.js';

/**
 * Writes the tables as markdown, and charts of steps and searches, into a folder, which it makes. What an earlier run wrote
 * there stays where this one has not measured it anew.
 */
export function writeReport(folder: string, report: Report): void {
  mkdirSync(folder, { recursive: true });
  const charts: string[] = [];
  const chart = (name: string, text: string, svg: string) => {
    writeFileSync(join(folder, name), svg);
    charts.push(`![${text}](${name})`);
  };
  for (const { step, search, adapter, host } of report.places) {
    if (step) {
      const name = host.startsWith('Chromium') ? 'step-chromium.svg' : 'step.svg';
      const place = `${adapter.replace(/:.*$/, '')} in ${host.split(/[ ,]/)[0]}`;
      chart(name, 'Milliseconds a training step', stepChart(step, place));
    }
    if (search) chart('search.svg', "Losses that searches found, beside random search's", searchChart(search));
  }
  const tables = reportTables(report).map((table) => ({ title: table.title, text: markdownOf(table) }));
  const run: Run = { command: report.environment.command, charts, tables };
  const file = join(folder, 'results.md');
  writeFileSync(file, mergeResults(existsSync(file) ? readFileSync(file, 'utf8') : '', run));
}
