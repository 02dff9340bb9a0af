/** Figures to be read by people. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The last column holds sentences, and begins where the others would end. */
  readonly wide?: boolean;
  /** Sentences under the table. */
  readonly notes?: readonly string[];
}

/** The table in columns of text: the first one to the left, the others to the right. */
export function textOf({ title, head, rows, wide, notes = [] }: Table): string {
  const lines = [head, ...rows];
  const widths = head.map((_, i) => Math.max(...lines.map((line) => (line[i] ?? '').length)));
  const lineOf = (line: readonly string[]) =>
    line
      .map((cell, i) => (i === 0 || wide ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join('  ')
      .trimEnd();
  return [title, ...lines.map((line) => `  ${lineOf(line)}`), ...notes.map((note) => `  ${note}`)].join('\n');
}

/** The table in GitHub's markdown, under a heading. */
export function markdownOf({ title, head, rows, wide, notes = [] }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = line(head.map((_, i) => (i === 0 || wide ? '---' : '---:')));
  return [`### ${title}`, '', line(head), rule, ...rows.map(line), ...notes.flatMap((note) => ['', note])].join('\n');
}
