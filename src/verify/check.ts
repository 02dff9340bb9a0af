import { EngineError } from '../errors/engine-error.js';
import { OutOfTime } from '../errors/out-of-time.js';
import { Findings } from './findings.js';
import type { Check, Repetition, Section } from './report.js';
import type { Verification } from './verification.js';

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
  const { compared, worst, problems } = findings;
  const passed = problems.length === 0;
  return { section, name, passed, compared, worst, notes: [...notes, ...findings.notes], problems, repeat };
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
