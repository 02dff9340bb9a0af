import type { Answers } from './answers.js';

/** Lines that are made at once: a text of all of them may be longer than a string can be. */
const LINES = 10_000;

/** Yields predictions as CSV (RFC 4180, lines end in \n), in pieces: a line of names, then one for each row. */
export function* csvOf({ rows, columns }: Answers): Generator<string> {
  yield `${columns.map(({ name }) => quoted(name)).join()}\n`;
  for (let start = 0; start < rows; start += LINES) {
    let text = '';
    for (let row = start; row < Math.min(rows, start + LINES); row++) {
      text += `${columns.map((column) => quoted(column.text(row))).join()}\n`;
    }
    yield text;
  }
}

function quoted(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
