import { EngineError } from '../errors/engine-error.js';
import { Findings } from './findings.js';
import type { Check, Section } from './report.js';

/** What a check is called and how it is repeated. */
export interface CheckHead {
  readonly section: Section;
  readonly name: string;
  readonly reproduce: string;
}

/** A check of what was found. */
export function checkOf(
  { section, name, reproduce }: CheckHead,
  findings: Findings,
  notes: readonly string[] = [],
): Check {
  const { compared, worst, problems } = findings;
  return { section, name, passed: problems.length === 0, compared, worst, notes, problems, reproduce };
}

/** Failures of the device or of the caller, after which nothing can be checked. */
const ENDS = new Set(['lost', 'disposed', 'aborted', 'diverged']);

/** Runs a check; what WebGPU or the engine refuses in it is a finding, unless it ends everything. */
export async function attempt(head: CheckHead, run: () => Promise<Check>): Promise<Check> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof EngineError && ENDS.has(error.kind)) throw error;
    const findings = new Findings();
    findings.demand(false, error instanceof Error ? error.message : String(error));
    return checkOf(head, findings);
  }
}
