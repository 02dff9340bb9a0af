/** The kinds of change that a mutant makes. */
export const KINDS = [
  'operator',
  'constant',
  'index',
  'argument',
  'condition',
  'statement',
  'barrier',
  'result',
] as const;
export type Kind = (typeof KINDS)[number];

/** One change of one place of a file. */
export interface Mutant {
  /** From the root of the repository. */
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
  readonly kind: Kind;
  readonly start: number;
  readonly end: number;
  /** The text between `start` and `end`, and its replacement. */
  readonly before: string;
  readonly after: string;
}

/** Makes the mutants of one text; drops those that change nothing. */
export class MutantList {
  readonly found: Mutant[] = [];
  readonly #file: string;
  readonly #text: string;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
  }

  add(kind: Kind, start: number, end: number, after: string): void {
    const before = this.#text.slice(start, end);
    if (before === after) return;
    const line = this.#text.slice(0, start).split('\n').length;
    const same = this.found.some((each) => each.start === start && each.end === end && each.after === after);
    if (!same) this.found.push({ file: this.#file, line, kind, start, end, before, after });
  }
}

/** The text with the mutant in it. */
export function planted(text: string, { start, end, after }: Mutant): string {
  return text.slice(0, start) + after + text.slice(end);
}

/** The line of a mutant before and after, without what is equal in every line around. */
export function describeMutant(text: string, mutant: Mutant): string {
  const lineAt = (of: string) => (of.split('\n')[mutant.line - 1] ?? '').trim();
  const [before, after] = [lineAt(text), lineAt(planted(text, mutant))];
  return `${mutant.file}:${mutant.line} ${before} -> ${mutant.kind === 'statement' || mutant.kind === 'barrier' ? '(deleted)' : after}`;
}
