import type { Terminal } from './terminal.js';

/** Columns of the names before facts. */
const NAME_WIDTH = 13;

/** Returns a text in lines of at most `width` columns, broken at spaces; a longer word stands on a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** Returns `a, b or c`. */
export const list = (names: readonly string[]) => `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;

/**
 * Returns cells as lines, in columns as wide as their widest cell.
 * @param right true for a column whose cells stand at its right end; default: none
 */
export function textTable(
  rows: readonly (readonly string[])[],
  right: (column: number) => boolean = () => false,
): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const pad = (cell: string, column: number) =>
    right(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column]);
  return rows.map((row) => row.map(pad).join('  ').trimEnd());
}

/** A name and its value, as a person reads them. */
export type Fact = readonly [name: string, value: string];

/** Writes facts, names beside values, in lines that fit. */
export function writeFacts(terminal: Terminal, facts: readonly Fact[]): void {
  for (const [name, value] of facts) {
    const lines = wrap(value, terminal.columns - NAME_WIDTH);
    terminal.write(`${name.padEnd(NAME_WIDTH)}${lines.join(`\n${' '.repeat(NAME_WIDTH)}`)}\n`);
  }
}

/** Writes a command beside its name, unbroken, so that it can be copied. */
export function writeCommand(terminal: Terminal, name: string, command: string): void {
  terminal.write(`${name.padEnd(NAME_WIDTH)}${command}\n`);
}
