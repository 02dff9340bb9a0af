import type { Environment } from './environment.js';

/** What a verification is made of, in its order. */
export const SECTIONS = ['randomness', 'kernels', 'gradients', 'steps'] as const;
export type Section = (typeof SECTIONS)[number];

/** The element that used most of what the derivation of its bound allows. */
export interface WorstElement {
  /** Tensor, row and column, and the shape or the step at which it was seen. */
  readonly where: string;
  /** In JSON null if it is not finite. */
  readonly got: number;
  readonly want: number;
  /** |got - want| may be at most this. */
  readonly allowed: number;
  /** |got - want| / allowed. */
  readonly used: number;
}

/** One thing that was checked. */
export interface Check {
  readonly section: Section;
  readonly name: string;
  readonly passed: boolean;
  /** Elements, words or bits that were compared. */
  readonly compared: number;
  readonly worst?: WorstElement | undefined;
  /** What is worth knowing and no failure. */
  readonly notes: readonly string[];
  /** What is wrong; the first one is what went wrong first. */
  readonly problems: readonly string[];
  /** The call that repeats this check alone. */
  readonly reproduce: string;
}

/** What a GPU's training was held against and how it came out. `toString()` is for people, JSON for machines. */
export interface Report {
  /** Every check that was made has passed. */
  readonly passed: boolean;
  /** One line. */
  readonly verdict: string;
  readonly environment: Environment;
  readonly checks: readonly Check[];
  /** What the time did not suffice for; empty if everything was checked. */
  readonly omitted: readonly string[];
  /** Of the random shapes, batches and directions; give it again to repeat them. */
  readonly seed: number;
  readonly seconds: number;
  toString(): string;
}

/** The one line that says how it came out. */
export function verdictOf(checks: readonly Check[], omitted: readonly string[]): string {
  const failed = checks.filter(({ passed }) => !passed);
  const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
  const left = omitted.length ? `; out of time, not checked: ${omitted.join(', ')}` : '';
  if (failed.length) {
    const [first] = failed;
    return `FAILS: ${failed.length} of ${count(checks.length, 'check')}, first ${first.section}, ${first.name}: ${first.problems[0]}${left}`;
  }
  if (checks.length === 0) return `nothing was checked${left}`;
  const compared = checks.reduce((sum, check) => sum + check.compared, 0);
  const worst = Math.max(0, ...checks.map((check) => check.worst?.used ?? 0));
  const most = `the worst element used ${(100 * worst).toFixed(0)} % of its bound`;
  return `holds: ${count(checks.length, 'check')}, ${compared.toLocaleString('en')} elements compared, ${most}${left}`;
}
