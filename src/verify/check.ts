import { EngineError } from '../errors/engine-error.js';
import { OutOfTime } from '../errors/out-of-time.js';
import type { Course } from './course.js';
import { Findings } from './findings.js';
import type { Check, Repetition, Section } from './report.js';

/** What a check is called and how it is repeated. */
export interface CheckHead {
  readonly section: Section;
  readonly name: string;
  readonly repeat: Repetition;
}

/** A check of what was found. */
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
 * Runs checks. What WebGPU or the engine refuses in them is a finding, unless it ends everything; what does not fit the
 * device or the time is noted as left out.
 */
export async function attempt(
  head: CheckHead,
  course: Course,
  run: () => Promise<readonly Check[]>,
): Promise<readonly Check[]> {
  if (course.isOver) {
    course.omit(head.name);
    return [];
  }
  try {
    return await run();
  } catch (error) {
    if (error instanceof OutOfTime) {
      course.omit(head.name);
      return [];
    }
    if (error instanceof EngineError) {
      if (ENDS.has(error.kind)) throw error;
      if (TOO_SMALL.has(error.kind)) {
        course.omit(head.name, error.message);
        return [];
      }
    }
    const findings = new Findings();
    findings.demand(false, error instanceof Error ? error.message : String(error));
    return [checkOf(head, findings)];
  }
}
