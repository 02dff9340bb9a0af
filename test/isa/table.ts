import { textTable } from '../../src/cli/terminal/lines.js';
import { type Compiled, sharesOf } from './chip-report.js';
import { HEADINGS, type Heading, type Text } from './texts.js';

/** The texts as every chip's compiler made them. */
export interface Measured {
  readonly chips: readonly string[];
  readonly texts: readonly Text[];
  compiled(chip: string, name: string): Compiled | undefined;
  /** True if the chip gets the text for some sizes without asking for the variant by name. */
  chosen(chip: string, name: string): boolean;
}

/** Explains a cell. */
export const LEGEND = [
  'In a cell: multiply-adds in percent of the instructions issued / of vector instructions, in a turn of the loop over k with',
  'what it stages (*: turns are unknown, the inner loop alone); registers of a lane / waves that can be resident. S: registers',
  "spilled. L: accesses of a lane's own memory, in the inner loop + elsewhere.",
];

/** Returns what a compiler made of a text, as `38/64  64/4 L8+5`. */
export function cellOf(compiled: Compiled | undefined): string {
  if (!compiled) return '-';
  const { loop, registers, waves, spills, own } = compiled;
  const [issued, vector] = loop ? sharesOf(loop) : [];
  const shares =
    issued === undefined || vector === undefined ? '-' : `${issued.toFixed(0).padStart(3)}/${vector.toFixed(0)}`;
  const cell = `${shares}${loop?.whole === false ? '*' : ''}`.padEnd(7);
  const resident = waves === undefined ? '' : `/${waves}`;
  const spilled = spills > 0 ? ` S${spills}` : '';
  const accesses = own.all > 0 ? ` L${own.inner}+${own.all - own.inner}` : '';
  return `${cell} ${String(registers).padStart(3)}${resident}${spilled}${accesses}`;
}

/** Returns the table of some texts, in lines. */
export function tableLines({ chips, compiled }: Measured, shown: readonly Text[]): string[] {
  const rowOf = ({ name, title }: Text) => {
    const cells = chips.map((chip) => compiled(chip, name));
    const any = cells.find((cell) => cell !== undefined);
    const facts = any ? [String(any.lanes), String(any.sharedBytes)] : ['-', '-'];
    return [title.slice(0, 56), ...facts, ...cells.map(cellOf)];
  };
  const head = ['', 'lanes', 'shared', ...chips];
  const lines = textTable([head, ...shown.map(rowOf)], (column) => column === 1 || column === 2);
  const under = (heading: Heading) => lines.filter((_, i) => i > 0 && shown[i - 1].heading === heading);
  const parts = Object.entries(HEADINGS).map(([heading, text]) => ({ text, rows: under(heading as Heading) }));
  return [lines[0], ...parts.flatMap(({ text, rows }) => (rows.length > 0 ? [text, ...rows] : []))];
}
