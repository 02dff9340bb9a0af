import { type ColdRow, coldTable } from './cold-suite.js';
import type { Environment } from './environment.js';
import { kernelTables } from './kernel-suite.js';
import { matmulTable } from './matmul-suite.js';
import type { Results } from './run-suites.js';
import { searchTable } from './search-suite.js';
import { type SizeRow, sizeTable } from './size-suite.js';
import { stepTables } from './step-suite.js';
import { sweepTables } from './sweep-tables.js';
import type { Table } from './table.js';
import { targetTables } from './targets.js';

/** The results of one place. */
export interface PlaceReport extends Results {
  /** Node or the browser. */
  readonly host: string;
}

/** Everything that was measured, and where. */
export interface Report {
  readonly environment: Environment;
  readonly places: readonly PlaceReport[];
  readonly cold?: readonly ColdRow[];
  readonly size?: readonly SizeRow[];
}

/** All of it, in the order of the suites; the targets first, since the rest is how we know. */
export function reportTables(report: Report): Table[] {
  const { places, cold, size } = report;
  return [
    environmentTable(report),
    ...targetTables(report),
    ...places.flatMap((place) => placeTables(place, `${place.host.split(',')[0]}: `)),
    ...(cold ? [coldTable(cold)] : []),
    ...(size ? [sizeTable(size)] : []),
  ];
}

function placeTables({ step = [], matmul = [], sweep = [], search, probes }: PlaceReport, where: string): Table[] {
  const tables = [
    ...step.flatMap(stepTables),
    ...matmul.map(matmulTable),
    ...sweep.flatMap(sweepTables),
    ...(search ? [searchTable(search)] : []),
    ...(probes ? kernelTables(probes) : []),
  ];
  return tables.map((table) => ({ ...table, title: `${where}${table.title}` }));
}

function environmentTable({ environment, places }: Report): Table {
  const { date, command, cpu, load, versions } = environment;
  const loads = load.map(([minute]) => minute.toFixed(1));
  return {
    title: 'Measured',
    head: ['what', 'with what'],
    rows: [
      ...places.map(({ host, adapter }) => ['adapter', `${adapter} in ${host}`]),
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
    wide: true,
  };
}
