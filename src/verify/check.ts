import { firstDifference } from '../debug/first-difference.js';
import { EngineError, OutOfTime } from '../errors/engine-error.js';
import type { Values } from '../ops/tensor.js';
import { describeWorst, mayOverflow, worst } from '../reference/comparison.js';
import type { Check, Repetition, Section, WorstElement } from './report.js';
import type { Verification } from './verification.js';

/** Collects the results of comparisons: the worst element of all, and everything that is wrong. */
export class Findings {
  /** Elements that were compared. */
  compared = 0;
  /** Elements that were not compared, because they may overflow float32. */
  unchecked = 0;
  /** The tensor of the first of them. */
  firstUnchecked: string | undefined;
  worst: WorstElement | undefined;
  readonly problems: string[] = [];
  /** Facts worth knowing that are no failures. */
  readonly notes: string[] = [];

  /** Holds elements against values and bounds; `where` says of which tensor and when. */
  compare(where: string, got: ArrayLike<number>, want: Values): boolean {
    if (got.length !== want.data.length) {
      this.problems.push(`${where} has ${got.length} elements instead of ${want.data.length}`);
      return false;
    }
    const found = worst(got, want);
    this.compared += got.length - found.unchecked;
    this.unchecked += found.unchecked;
    if (found.unchecked) this.firstUnchecked ??= where;
    const wrong = !(found.used <= 1);
    if (wrong) this.problems.push(describeWorst(where, want.cols, found));
    if (found.used > (this.worst?.used ?? -1)) {
      const place = want.data.length > 1 ? `[${Math.floor(found.index / want.cols)}, ${found.index % want.cols}]` : '';
      const { got, want: wanted, allowed, used } = found;
      this.worst = { where: `${where}${place}`, got: got + 0, want: wanted + 0, allowed, used }; // JSON has no -0
    }
    return !wrong;
  }

  /**
   * Demands equal bits. With the reference's values `want` the bits are those of floats: elements that may overflow are left out, and
   * zeros of either sign are equal.
   */
  equal(where: string, a: Uint32Array, b: Uint32Array, want?: Values): boolean {
    const kept = (words: Uint32Array) => (want ? words.map((word, i) => (mayOverflow(want, i) ? 0 : word)) : words);
    this.compared += a.length - (want ? a.filter((_, i) => mayOverflow(want, i)).length : 0);
    const index = want ? firstDifference(kept(a), kept(b)) : a.findIndex((word, i) => word !== b[i]);
    if (index < 0 && a.length === b.length) return true;
    const [x, y] = [a, b].map((words) => (words[index] ?? 0).toString(16).padStart(8, '0'));
    this.problems.push(`${where}: word ${index} of ${a.length} is ${x} and ${y}`);
    return false;
  }

  /** Notes what is wrong unless it holds. */
  demand(holds: boolean, problem: string): void {
    if (!holds) this.problems.push(problem);
  }

  /** Adds the findings of another comparison; `where` says what it compared. */
  add({ compared, unchecked, firstUnchecked, worst, problems, notes }: Findings, where = ''): void {
    const before = where && `${where}: `;
    this.compared += compared;
    this.unchecked += unchecked;
    if (firstUnchecked !== undefined) this.firstUnchecked ??= before + firstUnchecked;
    this.notes.push(...notes.map((note) => before + note));
    this.problems.push(...problems.map((problem) => before + problem));
    if (!worst || worst.used <= (this.worst?.used ?? -1)) return;
    this.worst = { ...worst, where: where ? `${worst.where} at ${where}` : worst.where };
  }
}

/** The name of a check and the call that repeats it. */
export interface CheckHead {
  readonly section: Section;
  readonly name: string;
  readonly repeat: Repetition;
}

/** Returns a check with these findings. */
export function checkOf(
  { section, name, repeat }: CheckHead,
  findings: Findings,
  notes: readonly string[] = [],
): Check {
  const { compared, unchecked, firstUnchecked, worst, problems } = findings;
  const passed = problems.length === 0;
  const total = (compared + unchecked).toLocaleString('en');
  const overflow = `${unchecked.toLocaleString('en')} of ${total} elements may overflow float32 and are not checked, first of ${firstUnchecked}`;
  const all = [...notes, ...findings.notes, ...(unchecked ? [overflow] : [])];
  return { section, name, passed, compared, unchecked, worst, notes: all, problems, repeat };
}

/** Failures of the device or of the caller, after which nothing can be checked. */
const ENDS = new Set(['lost', 'disposed', 'aborted']);
/** The device is too small for a check: that says nothing about its numbers. */
const TOO_SMALL = new Set(['limit', 'memory', 'unsupported']);

/**
 * Runs checks. An error of WebGPU or of the engine is a finding, unless it ends everything; a check that does not fit the
 * device or the time is noted as left out.
 */
export async function attempt(
  head: CheckHead,
  verification: Verification,
  run: () => Promise<readonly Check[]>,
): Promise<readonly Check[]> {
  if (verification.isOver) {
    verification.omit(head.name);
    return [];
  }
  try {
    return await run();
  } catch (error) {
    if (error instanceof OutOfTime) {
      verification.omit(head.name);
      return [];
    }
    if (error instanceof EngineError) {
      if (ENDS.has(error.kind)) throw error;
      if (TOO_SMALL.has(error.kind)) {
        verification.omit(head.name, error.message);
        return [];
      }
    }
    const findings = new Findings();
    findings.demand(false, error instanceof Error ? error.message : String(error));
    return [checkOf(head, findings)];
  }
}
