import type { Environment } from './environment.js';

/** The sections of a verification, in their order. */
export const SECTIONS = ['randomness', 'kernels', 'gradients', 'steps'] as const;
export type Section = (typeof SECTIONS)[number];

/** The element with the largest error, as a share of what its derived bound allows. */
export interface WorstElement {
  /** Tensor, row and column, and the shape or the step at which it was seen. */
  readonly where: string;
  /** In JSON null if it is not finite. */
  readonly got: number;
  readonly want: number;
  /** |got - want| may be at most this. */
  readonly allowed: number;
  /** |got - want| / allowed; in JSON null if it is infinite. */
  readonly used: number;
}

/** A call that repeats a check alone: `verifyEngine(engine, options)`, or `verify(trainer, options)`. */
export interface Repetition {
  readonly call: 'verifyEngine' | 'verify';
  /** Plain data; a batch of the caller's must be given again. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** The text of a call that repeats a check. */
export function callText({ call, options }: Repetition): string {
  const value = (given: unknown): string => {
    if (typeof given === 'string') return `'${given}'`;
    if (Array.isArray(given)) return `[${given.map(value).join(', ')}]`;
    if (typeof given === 'object' && given !== null) return `{ ${pairs(given)} }`;
    return String(given);
  };
  const pairs = (given: object) =>
    Object.entries(given)
      .map(([name, each]) => (name === 'batch' ? 'batch' : `${name}: ${value(each)}`))
      .join(', ');
  return `${call}(${call === 'verify' ? 'trainer' : 'engine'}, { ${pairs(options)} })`;
}

/** One check and its outcome. */
export interface Check {
  readonly section: Section;
  readonly name: string;
  readonly passed: boolean;
  /** Elements, words or bits that were compared. */
  readonly compared: number;
  readonly worst?: WorstElement | undefined;
  /** Facts worth knowing that are no failures. */
  readonly notes: readonly string[];
  /** Everything that is wrong, in the order in which it was found. */
  readonly problems: readonly string[];
  /** The call that repeats this check alone. */
  readonly repeat: Repetition;
}

/** The result of a verification. `toString()` is for people, JSON for machines. */
export interface Report {
  /** True if every check that was made has passed. */
  readonly passed: boolean;
  /** The outcome in one line. */
  readonly verdict: string;
  readonly environment: Environment;
  readonly checks: readonly Check[];
  /** Checks left out because the time was over or the device too small; empty if everything was checked. */
  readonly omitted: readonly string[];
  /** The seed of random shapes, batches and directions; give it again to repeat them. */
  readonly seed: number;
  readonly seconds: number;
  toString(): string;
}

/** Returns the share of the allowed error that an element has, as text. */
export function usedText(used: number): string {
  if (used > 1) return `${Number.isFinite(used) ? used.toPrecision(3) : 'infinitely many'} times what is allowed`;
  return `${used < 0.005 && used > 0 ? '< 1' : (100 * used).toFixed(0)} % of what is allowed`;
}

/** Returns the outcome in one line. */
export function verdictOf(checks: readonly Check[], omitted: readonly string[]): string {
  const failed = checks.filter(({ passed }) => !passed);
  const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
  const left = omitted.length ? `; not checked: ${omitted.join(', ')}` : '';
  if (failed.length) {
    const [first] = failed;
    return `FAILS: ${failed.length} of ${count(checks.length, 'check')}, first ${first.section}, ${first.name}: ${first.problems[0]}${left}`;
  }
  if (checks.length === 0) return `nothing was checked${left}`;
  const compared = checks.reduce((sum, check) => sum + check.compared, 0);
  const worst = Math.max(0, ...checks.map((check) => check.worst?.used ?? 0));
  const most = `largest error: ${usedText(worst)}`;
  return `holds: ${count(checks.length, 'check')}, ${compared.toLocaleString('en')} elements compared, ${most}${left}`;
}
