import type { Terminal } from '../../src/cli/terminal/terminal.js';

/** A terminal that nobody watches, unless `options` say otherwise, and what was written to it, piece by piece. */
export function recorder(options: Partial<Terminal> = {}): { terminal: Terminal; written: string[] } {
  const written: string[] = [];
  const write = (text: string) => void written.push(text);
  return { written, terminal: { live: false, color: false, columns: 80, rows: 24, ...options, write } };
}
