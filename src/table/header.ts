import { isMissing, numberFormatOf, parseNumber } from './number-format.js';

/** The names of a table's columns, and how they were found. */
export interface Header {
  /** One name a column; `''` for an index without a name. */
  readonly names: readonly string[];
  /** True if the first line holds values instead of names. */
  readonly isData: boolean;
  /** Facts about it that a person should know. */
  readonly notes: readonly string[];
}

/**
 * Returns the names of the columns.
 * @param first the values of the first line
 * @param sample the values of some lines after it
 * @param header true or false where the caller knows; otherwise it is judged
 */
export function headerOf(
  first: readonly string[],
  sample: readonly (readonly string[])[],
  header: boolean | undefined,
): Header {
  const isHeader = header ?? looksLikeHeader(first, sample);
  if (!isHeader) {
    const names = first.map((_, i) => `c${i + 1}`);
    const note = `the first line holds values, so the columns are called ${listOf(names)}`;
    return { names, isData: true, notes: header === undefined ? [note] : [] };
  }
  const notes: string[] = [];
  const names = first.map((name) => name.replace(/\s+/g, ' ').replace(/^#\s*/, ''));
  const width = commonWidth(sample);
  // R writes the names of rows without a name of their column.
  if (width === names.length + 1 && !sample.every((cells) => cells.at(-1) === '')) names.unshift('');
  return { names: unique(names, notes), isData: false, notes };
}

/** Returns true unless the first line fits the columns under it as one more line of values. */
function looksLikeHeader(first: readonly string[], sample: readonly (readonly string[])[]): boolean {
  if (sample.length === 0) return !first.some((cell) => isNumber(cell));
  const offset = commonWidth(sample) === first.length + 1 ? 1 : 0;
  let numbersAsData = 0;
  for (const [i, name] of first.entries()) {
    const below = sample.map((cells) => cells[i + offset] ?? '').filter((cell) => !isMissing(cell));
    if (below.length === 0 || below.filter(isNumber).length < 0.8 * below.length) continue;
    if (!isMissing(name) && !isNumber(name)) return true; // a name over numbers
    if (isNumber(name)) numbersAsData++;
  }
  if (numbersAsData > 0 && !hasYears(first)) return false;
  // A header's names are all different, and do not occur among the values.
  const isName = (name: string, i: number) => !sample.some((cells) => cells[i + offset] === name);
  return new Set(first).size === first.length && first.every(isName);
}

/** Returns true for texts and at least two years, one after the other at equal steps. */
function hasYears(first: readonly string[]): boolean {
  const years = first.filter((cell) => /^[12]\d{3}$/.test(cell)).map(Number);
  const step = years[1] - years[0];
  const isEven = years.every((year, i) => i === 0 || year - years[i - 1] === step);
  return years.length >= 2 && step > 0 && isEven && first.filter(isNumber).length === years.length;
}

function isNumber(text: string): boolean {
  const format = numberFormatOf([text]);
  return format !== undefined && parseNumber(text, format) !== undefined;
}

/** Returns the number of values that most lines have. */
export function commonWidth(sample: readonly (readonly string[])[]): number {
  const counts = new Map<number, number>();
  for (const { length } of sample) counts.set(length, (counts.get(length) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 0;
}

/** Returns names that are all different: the second `x` becomes `x.2`. An empty name stays. */
function unique(names: readonly string[], notes: string[]): string[] {
  const made: string[] = [];
  for (const name of names) {
    let free = name;
    for (let i = 2; free !== '' && made.includes(free); i++) free = `${name}.${i}`;
    if (free !== name) notes.push(`another column is named ${name}, too: it is called ${free}`);
    made.push(free);
  }
  return made;
}

/** Returns names as a list; of many, the first ones. */
export function listOf(names: readonly string[]): string {
  const quoted = names.map((name) => (/[,"\n]|^$/.test(name) ? JSON.stringify(name) : name));
  const shown = quoted.length > 12 ? [...quoted.slice(0, 10), '...', quoted[quoted.length - 1]] : quoted;
  return shown.join(', ');
}
