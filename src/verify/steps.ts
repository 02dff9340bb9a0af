import { leafName, type Tensor, type Values } from '../ops/index.js';
import type { Plan } from '../plan/plan.js';
import { nameOf } from '../plan/ride.js';
import { interpretSlowly } from '../reference/interpret.js';
import { Findings } from './check.js';
import { gradientsOf } from './gradients.js';
import { shapeText } from './kernel-cases.js';
import type { ModelRun, TakenStep } from './model-run.js';
import type { Verification } from './verification.js';

/** The dispatch that stored a tensor: kernel, variant, what rides on it, sizes. */
function storedBy({ dispatches, view }: Plan, tensor: Tensor): string {
  const place = view(tensor);
  const dispatch = dispatches.find(({ writes }) => writes.some((written) => view(written) === place));
  return dispatch ? ` by ${dispatch.title} at ${shapeText(dispatch.dimensions)}` : '';
}

/** A step that was held against the reference. */
export interface CheckedStep {
  readonly findings: Findings;
  /** The reference's values and bounds of the objective's gradients, of member 0. */
  readonly gradients: ReadonlyMap<Tensor, Values>;
}

/**
 * Holds every new state, every metric and every tensor on the way against the float64 graph as it was written, which
 * starts from the GPU's own state and from the scalars as uploaded.
 */
export async function checkStep(
  run: ModelRun,
  taken: TakenStep,
  sameBits: boolean,
  verification: Verification,
): Promise<CheckedStep> {
  const { step, states, interior } = run;
  const findings = new Findings();
  const values = step.updates.map(({ value }) => value);
  const gradientsWanted = new Set(gradientsOf(run).map(({ gradient }) => gradient));
  const gradients = new Map<Tensor, Values>();
  for (const [member] of taken.contexts.entries()) {
    const of = run.executor.members > 1 ? ` of member ${member}` : '';
    const compare = (name: string, got: ArrayLike<number>, want: Values, plan: Plan, tensor: Tensor) => {
      const { unchecked, problems } = findings;
      const before = problems.length;
      findings.compare(`${name}${of}`, got, want);
      if (problems.length > before) problems[before] += storedBy(plan, tensor);
      return findings.unchecked > unchecked;
    };
    /** The names that may be flagged as not finite. */
    const overflowing = new Set<string | undefined>();
    // Compared as soon as it is computed, so that the whole reference is never in memory at once.
    const visit = (tensor: Tensor, want: Values) => {
      if (member === 0 && gradientsWanted.has(tensor)) gradients.set(tensor, want);
      const i = interior.indexOf(tensor);
      if (i < 0) return;
      const { values: got, padsAreZero } = taken.interior[member][i];
      const storing = run.tapped.find(({ taps }) => taps.includes(tensor))?.program ?? run.program;
      compare(nameOf(tensor), got, want, storing.plan, tensor);
      findings.demand(padsAreZero, `a pad of ${nameOf(tensor)}${of} is not 0`);
    };
    const wanted = [...values, ...step.metrics];
    const reference = await interpretSlowly(
      wanted,
      run.feed(member, taken),
      { bounds: true },
      verification.yieldToHost,
      visit,
    );
    for (const [i, state] of states.entries()) {
      const { values: got, padsAreZero, words } = taken.after[member][i];
      const name = `the new ${leafName(state)}`;
      if (compare(name, got, reference[i], run.program.plan, values[i])) overflowing.add(leafName(state));
      findings.demand(padsAreZero, `a pad of ${name}${of} is not 0`);
      if (!sameBits) continue;
      for (const tapped of taken.afterTapped) {
        findings.equal(`${name}${of}, with and without taps`, words, tapped[member][i].words, reference[i]);
      }
    }
    for (const [i, metric] of step.metrics.entries()) {
      const want = reference[values.length + i];
      if (compare(nameOf(metric), taken.metrics[member].values[i], want, run.program.plan, metric))
        overflowing.add('loss');
    }
    const { bad } = taken.metrics[member];
    findings.demand(bad === undefined || overflowing.has(bad), `${bad}${of} was flagged as not finite`);
  }
  for (const name of taken.brokenGuards) findings.demand(false, `a guard row of ${name} was written to`);
  return { findings, gradients };
}

/** The states of a training that goes on freely in float64, beside the GPU's; shown, not judged. */
export class Drift {
  readonly #run: ModelRun;
  #states: readonly Values[] | undefined;

  constructor(run: ModelRun) {
    this.#run = run;
  }

  /** Takes the step that the GPU took, of member 0. */
  async follow(taken: TakenStep, { yieldToHost }: Verification): Promise<void> {
    const { states, step } = this.#run;
    const [own] = taken.before;
    const start = this.#states ?? own.map(({ values }, i) => ({ ...sizeOf(states[i]), data: values }));
    const feed = this.#run.feed(0, taken);
    const given = new Map(states.map((state, i) => [state, start[i]]));
    const values = step.updates.map(({ value }) => value);
    this.#states = await interpretSlowly(values, feed, { given }, yieldToHost);
  }

  /**
   * Returns the GPU's distance from float64 as a sentence: the largest error of an element of a parameter, over the largest
   * element.
   */
  describe({ after }: TakenStep): string {
    const { states, session } = this.#run;
    let furthest = { off: -1, name: '' };
    for (const { name, tensor } of session.model.parameters) {
      const i = states.indexOf(tensor);
      const want = this.#states?.[i].data;
      if (!want) continue;
      const got = after[0][i].values;
      let [distance, size] = [0, 0];
      for (let at = 0; at < got.length; at++) {
        distance = Math.max(distance, Math.abs(got[at] - want[at]));
        size = Math.max(size, Math.abs(want[at]));
      }
      const off = distance / (size || 1);
      if (!(off < Infinity)) return 'float64 that runs on freely is not compared: the GPU overflows float32';
      if (off > furthest.off) furthest = { off, name };
    }
    return `float64 that runs on freely is off by ${furthest.off.toExponential(1)} of the largest element of ${furthest.name}`;
  }
}

function sizeOf({ rows, cols }: Tensor): { rows: number; cols: number } {
  return { rows, cols };
}
