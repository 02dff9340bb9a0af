import type { GpuEngine } from '../gpu/engine.js';
import { Random } from '../random/random.js';
import { checkBatchArrays } from '../train/batch.js';
import type { Session } from '../train/session.js';
import { attempt, checkOf } from './check.js';
import type { Course } from './course.js';
import { Findings } from './findings.js';
import { checkDifferences, type Gradient, gradientsOf } from './gradients.js';
import { ModelRun, type Rows, randomRows, type TakenStep } from './model-run.js';
import type { Check } from './report.js';
import { type CheckedStep, checkStep, Drift } from './steps.js';
import type { CheckedVerifyOptions, VerifyOptions } from './verify-options.js';

/** What is checked, and how to call it again. */
export interface ModelSubject {
  readonly session: Session;
  /** Rows of the caller's to check the steps on. */
  readonly rows: Rows | undefined;
  /** The call that repeats a section, such as `verify(trainer, { sections: ['steps'], seed: 1 })`. */
  reproduce(section: 'gradients' | 'steps'): string;
  /** Goes before the names of checks. */
  readonly title: string;
}

/** Seeded directions a parameter. */
const DIRECTIONS = { quick: 2, full: 8 };

/**
 * What the float64 reference with its bounds needs for a floating-point operation, in seconds; measured on an AMD EPYC
 * (2026-11): 2 to 3 ns. Only decides whether a step is begun.
 */
const SECONDS_A_FLOP = 2.5e-9;

/** The caller's batch, checked as `step` checks it. */
export function rowsOf(where: string, { options, compiled }: Session, batch: VerifyOptions['batch']): Rows | undefined {
  if (batch === undefined) return undefined;
  const { features, batchSize, loss } = options;
  const shape = { features, batchSize, outputs: compiled.outputs, classes: loss.targets === 'classes' };
  const count = checkBatchArrays(where, batch, shape);
  return { x: batch.x as Float32Array, y: batch.y as Float32Array | Uint32Array, count };
}

/** The gradients and the steps of a trainer's own model, from its own state. */
export async function checkModel(
  engine: GpuEngine,
  subject: ModelSubject,
  options: CheckedVerifyOptions,
  course: Course,
  onCheck: (check: Check) => void,
): Promise<void> {
  const { session, title } = subject;
  const head = { section: 'steps', name: `${title}steps`, reproduce: subject.reproduce('steps') } as const;
  let run: ModelRun | undefined;
  const made = await attempt(head, async () => {
    run = await ModelRun.create(engine, session, options.members);
    return checkOf(head, new Findings());
  });
  if (!run) {
    onCheck(made);
    return;
  }
  try {
    await checkRun(run, subject, options, course, onCheck);
  } finally {
    run.dispose();
  }
}

async function checkRun(
  run: ModelRun,
  subject: ModelSubject,
  options: CheckedVerifyOptions,
  course: Course,
  onCheck: (check: Check) => void,
): Promise<void> {
  const { sections, steps, members, seed } = options;
  const { session, title } = subject;
  const random = new Random(seed);
  const { batchSize } = session.options;
  const { fusesMultiplyAdd } = await run.executor.engine.probe();
  const flops = run.program.plan.dispatches.reduce((sum, { kernel, dimensions }) => sum + kernel.flops(dimensions), 0);
  const drift = new Drift(run);
  const wanted = sections.has('steps') ? steps : 1;
  for (let i = 0; i < wanted; i++) {
    const count = i % 2 === 0 ? batchSize : Math.ceil(random.next() * batchSize);
    const rows = subject.rows ?? randomRows(session, random, count);
    const head = {
      section: 'steps',
      name: `${title}step ${i} (${rows.count} of ${batchSize} rows)`,
      reproduce: subject.reproduce('steps'),
    } as const;
    course.progress({ section: 'steps', name: head.name, done: i, total: wanted });
    await course.rest();
    if (flops * SECONDS_A_FLOP * members > course.left || course.isOver(head.name)) {
      if (course.left > 0)
        course.omitted.push(`${head.name}: it needs about ${Math.ceil(flops * SECONDS_A_FLOP * members)} s`);
      return;
    }
    let taken: TakenStep | undefined;
    let checked: CheckedStep | undefined;
    const check = await attempt(head, async () => {
      taken = await run.take(rows);
      checked = await checkStep(run, taken, !fusesMultiplyAdd, course);
      await drift.follow(taken, course);
      return checkOf(head, checked.findings, [`float64 that runs on freely is off by ${drift.describe(taken)}`]);
    });
    if (i === 0 && taken && checked && sections.has('gradients')) {
      await checkGradients(run, taken, checked, subject, options, course, onCheck);
    }
    if (sections.has('steps') || !check.passed) onCheck(check);
    if (!check.passed) return; // what follows a wrong state says nothing
  }
}

/** The gradients that the step computed against float64, and float64 against central differences. */
async function checkGradients(
  run: ModelRun,
  taken: TakenStep,
  checked: CheckedStep,
  { title, reproduce }: ModelSubject,
  { quick, seed }: CheckedVerifyOptions,
  course: Course,
  onCheck: (check: Check) => void,
): Promise<void> {
  const section = 'gradients';
  const directions = quick ? DIRECTIONS.quick : DIRECTIONS.full;
  const found = gradientsOf(run);
  for (const [done, gradient] of found.entries()) {
    const { name } = gradient;
    const head = { section, name: `${title}${name}`, reproduce: reproduce(section) } as const;
    course.progress({ section, name: head.name, done, total: found.length });
    if (course.isOver(`gradient of ${name}`)) continue;
    const check = await attempt(head, async () => {
      const findings = new Findings();
      compareGradient(run, taken, checked, gradient, findings);
      const differences = await checkDifferences(run, taken, gradient, { directions, seed, course });
      const { omitted } = differences;
      findings.add(differences.findings, `${directions - omitted} central differences`);
      return checkOf(
        head,
        findings,
        omitted ? [`${omitted} of ${directions} directions cross a kink and were left out`] : [],
      );
    });
    onCheck(check);
  }
}

function compareGradient(
  run: ModelRun,
  taken: TakenStep,
  { interior }: CheckedStep,
  { name, gradient }: Gradient,
  findings: Findings,
): void {
  const place = run.interior.indexOf(gradient);
  const want = interior.get(gradient);
  // A parameter on which the objective does not depend has the gradient 0, which nobody computes.
  if (place >= 0 && want) findings.compare(`gradient of ${name}`, taken.interior[0][place].values, want);
}
