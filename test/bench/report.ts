import { type ColdRow, coldTable } from './cold-suite.js';
import type { Environment } from './environment.js';
import { kernelTables } from './kernel-tables.js';
import { matmulTable } from './matmul-tables.js';
import { populationTable } from './population-table.js';
import type { Results } from './run-suites.js';
import { type SizeRow, sizeTable } from './size-suite.js';
import { stepTables } from './step-tables.js';
import type { Table } from './table.js';

/** Everything that was measured, and where. */
export interface Report extends Results {
  readonly environment: Environment;
  readonly cold?: readonly ColdRow[];
  readonly size?: readonly SizeRow[];
}

/** All of it, in the order of the suites. */
export function reportTables(report: Report): Table[] {
  const { step = [], matmul = [], population, probes, cold, size } = report;
  return [
    environmentTable(report),
    ...step.flatMap(stepTables),
    ...matmul.map(matmulTable),
    ...(population ? [populationTable(population)] : []),
    ...(probes ? kernelTables(probes) : []),
    ...(cold ? [coldTable(cold)] : []),
    ...(size ? [sizeTable(size)] : []),
  ];
}

function environmentTable({ environment, adapter }: Report): Table {
  const { date, command, host, cpu, load, versions } = environment;
  const loads = load.map(([minute]) => minute.toFixed(1));
  return {
    title: 'Measured',
    head: ['what', 'with what'],
    rows: [
      ['adapter', adapter ?? 'not asked'],
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
