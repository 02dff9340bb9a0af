import { type Compiled, sharesOf } from './chip-report.js';
import { TABLE_CHIPS } from './chips.js';
import type { Measured } from './table.js';

/** Percent of multiply-adds: in issued instructions, in vector instructions. */
type Pair = readonly [ofIssued: number, ofVector: number];

/** The table in the repository, `shares.json`: of each text on each chip. */
export interface Shares {
  /** The version of Mesa that it was made with. */
  readonly mesa: string;
  readonly shares: Readonly<Record<string, Readonly<Record<string, Pair>>>>;
}

/** Percentage points that a share may fall. */
export const MAY_FALL = 2;

const rounded = (share: number) => Math.round(10 * share) / 10;

/** Returns the shares of the products that a GPU gets without asking for them, and of their variants alone. */
export function sharesIn({ chips, texts, compiled, chosen }: Measured, mesa: string): Shares {
  const pairs = (results: readonly (readonly [string, Compiled | undefined])[]) =>
    Object.fromEntries(
      results.flatMap(([chip, result]) => {
        if (!result?.loop) return [];
        const [issued, vector] = sharesOf(result.loop);
        return [[chip, [rounded(issued), rounded(vector)] as const]];
      }),
    );
  const rows = texts.flatMap(({ name, tile, heading }) => {
    const kept = chips.filter((chip) => heading === 'bare' || chosen(chip, name));
    return tile && kept.length > 0
      ? [[name, pairs(kept.map((chip) => [chip, compiled(chip, name)] as const))] as const]
      : [];
  });
  return { mesa, shares: Object.fromEntries(rows) };
}

/** Returns the shares that fell, and those that are no longer there, as lines; only of the chips in `now`. */
export function fallen(before: Shares, now: Shares, chips: readonly string[]): string[] {
  return Object.entries(before.shares).flatMap(([name, byChip]) => {
    const own = now.shares[name];
    if (!own) return [`${name} is not rendered any more`];
    return chips.flatMap((chip) => {
      const was = byChip[chip];
      const is = own[chip];
      if (!was) return [];
      if (!is) return [`${name} on ${chip}: ${pairText(was)} before, no share now`];
      const fell = was.some((share, i) => share - is[i] > MAY_FALL);
      return fell ? [`${name} on ${chip}: ${pairText(was)} before, ${pairText(is)} now`] : [];
    });
  });
}

const pairText = (pair: Pair) => pair.map((share) => share.toFixed(1)).join('/');

/** Returns the file's text: a line for each text. */
export function sharesText({ mesa, shares }: Shares): string {
  const rows = Object.entries(shares).map(([name, byChip]) => `    ${JSON.stringify(name)}: ${JSON.stringify(byChip)}`);
  return `{\n  "mesa": ${JSON.stringify(mesa)},\n  "shares": {\n${rows.join(',\n')}\n  }\n}\n`;
}

const BEGIN = '<!-- written by npm run isa -- --write -->';
const END = '<!-- end -->';

/** Returns a document with the table of shares between its marks. @throws Error if it has no marks */
export function withTable(document: string, shares: Shares): string {
  const [before, rest, ...others] = document.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined || others.length > 0) throw new Error('isa: docs/kernels.md has no place for the table');
  return `${before}${BEGIN}\n${markdownTable(shares)}\n${END}${after}`;
}

function markdownTable({ shares }: Shares): string {
  const chips = TABLE_CHIPS.filter((chip) => Object.values(shares).some((byChip) => byChip[chip]));
  const rows = Object.entries(shares).map(([name, byChip]) => {
    const [heading, title] = name.split('--');
    const cells = chips.map((chip) => byChip[chip]?.map((share) => share.toFixed(0)).join('/') ?? '');
    return [heading === 'bare' ? 'alone' : heading, title.replaceAll('_', ' '), ...cells];
  });
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [['where', 'product', ...chips], ['---', '---', ...chips.map(() => '---:')], ...rows].map(line).join('\n');
}
