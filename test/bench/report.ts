import type { Environment } from './environment.js';
import type { Results } from './run-suites.js';
import { stepTables } from './step-tables.js';
import type { Table } from './table.js';

/** Everything that was measured, and where. */
export interface Report extends Results {
  readonly environment: Environment;
}

/** All of it, in the order of the suites. */
export function reportTables(report: Report): Table[] {
  return [environmentTable(report), ...(report.step ?? []).flatMap(stepTables)];
}

function environmentTable({ environment, adapter }: Report): Table {
  const { date, command, host, cpu, load, versions } = environment;
  const loads = load.map(([minute]) => minute.toFixed(1));
  return {
    title: 'Measured',
    head: ['what', 'with what'],
    rows: [
      ['adapter', adapter],
      ['host', host],
      ['processor', cpu],
      ['date', date],
      ['command', command],
      ['load average', `${loads[0]} before, ${loads[1]} after`],
      [
        'versions',
        Object.entries(versions)
          .map(([name, version]) => `${name} ${version}`)
          .join(', '),
      ],
    ],
  };
}
