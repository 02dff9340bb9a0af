import { textTable } from '../../src/cli/terminal/lines.js';

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
  const lines = textTable([head, ...rows], (column) => column > 0 && !wide);
  return [title, ...[...lines, ...notes].map((line) => `  ${line}`)].join('\n');
}

/** The table in GitHub's markdown, under a heading. */
export function markdownOf({ title, head, rows, wide, notes = [] }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = line(head.map((_, i) => (i === 0 || wide ? '---' : '---:')));
  return [`### ${title}`, '', line(head), rule, ...rows.map(line), ...notes.flatMap((note) => ['', note])].join('\n');
}
