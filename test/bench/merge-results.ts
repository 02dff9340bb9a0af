/** The results of one run of the benchmark. */
export interface Run {
  readonly command: string;
  /** Images, as markdown. */
  readonly charts: readonly string[];
  readonly tables: readonly Section[];
}

/** A table as markdown, heading included. */
export interface Section {
  readonly title: string;
  readonly text: string;
}

/** The tables of a run that say how the others came about, or repeat them. */
const ABOUT = ['Measured', 'Targets'];

/**
 * Returns the file of results with a run in it. A table of an older run stays under that run's heading, beside what
 * that was measured with, unless the new one has a table of the same title; a run of which nothing is left goes.
 */
export function mergeResults(file: string, run: Run): string {
  const has = (title: string) => run.tables.some((table) => table.title === title);
  const older = runsIn(file).flatMap((old): Run[] => {
    const tables = old.tables.filter(({ title }) => ABOUT.includes(title) || !has(title));
    const charts = old.charts.filter((chart) => !run.charts.includes(chart));
    return tables.every(({ title }) => ABOUT.includes(title)) ? [] : [{ ...old, charts, tables }];
  });
  const parts = [...older, run].map(({ command, charts, tables }) =>
    [`## ${command}`, ...charts, ...tables.map(({ text }) => text)].join('\n\n'),
  );
  return `${['# Benchmark', ...parts].join('\n\n')}\n`;
}

/** The runs in a file of results. */
function runsIn(file: string): Run[] {
  return file.split(/^## /m).slice(1).map(runOf);
}

function runOf(text: string): Run {
  const [head, ...tables] = text.split(/^### /m);
  const [command, ...lines] = head.split('\n');
  return {
    command,
    charts: lines.filter((line) => line.startsWith('![')),
    tables: tables.map((table) => ({ title: table.split('\n')[0], text: `### ${table.trimEnd()}` })),
  };
}
