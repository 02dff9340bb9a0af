import type { GpuEngine } from '../gpu/engine.js';
import { Random } from '../random/random.js';
import type { Session } from '../train/session.js';
import { attempt, type CheckHead, checkOf, Findings } from './check.js';
import { checkDifferences, type Gradient, gradientsOf, type Slope, slopeOf } from './gradients.js';
import { finiteStates, ModelRun, type Rows, randomRows, type TakenStep } from './model-run.js';
import type { Check, Repetition } from './report.js';
import { type CheckedStep, checkStep, Drift } from './steps.js';
import type { Verification } from './verification.js';
import type { CheckedVerifyOptions } from './verify-options.js';

/** The model to check, and the call that repeats it. */
export interface ModelSubject {
  readonly session: Session;
  /** Rows of the caller's to check the steps on. */
  readonly rows: Rows | undefined;
  repeat(section: 'gradients' | 'steps'): Repetition;
  /** Prefix of the names of checks. */
  readonly title: string;
}

/** Seeded directions per parameter. */
const DIRECTIONS = { quick: 2, full: 8 };

/** One verification of a model. */
interface ModelCheck {
  readonly engine: GpuEngine;
  readonly run: ModelRun;
  readonly subject: ModelSubject;
  readonly options: CheckedVerifyOptions;
  readonly verification: Verification;
  readonly onCheck: (check: Check) => void;
}

/**
 * Checks the gradients and the steps of a trainer's own model, from its own state.
 * @throws EngineError of kind `diverged` if that state is not finite
 */
export async function checkModel(
  engine: GpuEngine,
  subject: ModelSubject,
  options: CheckedVerifyOptions,
  verification: Verification,
  onCheck: (check: Check) => void,
): Promise<void> {
  const { session, title } = subject;
  const start = await finiteStates(session);
  const head = { section: 'steps', name: `${title}gradients and steps`, repeat: subject.repeat('steps') } as const;
  let run: ModelRun | undefined;
  const refused = await attempt(head, verification, async () => {
    run = await ModelRun.create(engine, session, start, options.members);
    return [];
  });
  for (const check of refused) onCheck(check);
  if (!run) return;
  try {
    await checkSteps({ engine, run, subject, options, verification, onCheck });
  } finally {
    run.dispose();
  }
}

async function checkSteps(check: ModelCheck): Promise<void> {
  const { engine, run, subject, options, verification, onCheck } = check;
  const { sections, steps, seed } = options;
  const { session, title } = subject;
  const random = new Random(seed);
  const { batchSize } = session.options;
  const { fusesMultiplyAdd } = await engine.probe();
  const drift = new Drift(run);
  const wanted = sections.has('steps') ? steps : 1;
  let stop: string | undefined;
  for (let i = 0; i < wanted; i++) {
    const count = i % 2 === 0 ? batchSize : Math.ceil(random.next() * batchSize);
    const rows = subject.rows ?? randomRows(session, random, count);
    const name = `${title}step ${i} (${rows.count} of ${batchSize} rows)`;
    const head: CheckHead = { section: 'steps', name, repeat: subject.repeat('steps') };
    if (stop) {
      verification.omit(name, stop);
      continue;
    }
    verification.progress({ section: 'steps', name, done: i, total: wanted });
    let seen: { taken: TakenStep; checked: CheckedStep } | undefined;
    const made = await attempt(head, verification, async () => {
      const taken = await run.take(rows);
      const checked = await checkStep(run, taken, !fusesMultiplyAdd, verification);
      seen = { taken, checked };
      await drift.follow(taken, verification);
      return [checkOf(head, checked.findings, [...run.notes, drift.describe(taken)])];
    });
    if (i === 0 && sections.has('gradients')) await checkGradients(check, seen);
    for (const each of made) if (sections.has('steps') || !each.passed) onCheck(each);
    if (!made.every(({ passed }) => passed)) stop = 'the step before it is wrong';
    else if (seen && !isStillFinite(seen.taken)) stop = 'the step before it overflows float32';
  }
}

/** True if a step left every state finite. */
function isStillFinite({ after }: TakenStep): boolean {
  return after.every((own) => own.every(({ values }) => values.every(Number.isFinite)));
}

/** Checks the gradients of the first step against float64, and float64 against central differences. */
async function checkGradients(
  { run, subject, options, verification, onCheck }: ModelCheck,
  seen: { taken: TakenStep; checked: CheckedStep } | undefined,
): Promise<void> {
  const { quick, seed } = options;
  const section = 'gradients';
  const directions = quick ? DIRECTIONS.quick : DIRECTIONS.full;
  const found = gradientsOf(run);
  let slope: Slope | undefined;
  for (const [done, gradient] of found.entries()) {
    const name = `${subject.title}${gradient.name}`;
    const head: CheckHead = { section, name, repeat: subject.repeat(section) };
    if (!seen) {
      verification.omit(`gradient of ${name}`);
      continue;
    }
    const { taken, checked } = seen;
    verification.progress({ section, name, done, total: found.length });
    const made = await attempt({ ...head, name: `gradient of ${name}` }, verification, async () => {
      const findings = new Findings();
      compareGradient(run, taken, checked, gradient, findings);
      slope ??= await slopeOf(run, taken, verification);
      const differences = await checkDifferences(slope, gradient, checked.gradients, {
        directions,
        seed,
        verification,
      });
      const { omitted } = differences;
      findings.add(differences.findings);
      const left = `${omitted === directions ? 'all ' : ''}${omitted} of ${directions} central differences are left out: a kink is in the way`;
      return [checkOf(head, findings, omitted ? [left] : [])];
    });
    for (const each of made) onCheck(each);
  }
}

function compareGradient(
  run: ModelRun,
  taken: TakenStep,
  { gradients }: CheckedStep,
  { name, gradient }: Gradient,
  findings: Findings,
): void {
  if (gradient.op.kind === 'leaf') {
    findings.notes.push('the objective does not depend on it');
    return;
  }
  const place = run.interior.indexOf(gradient);
  const want = gradients.get(gradient);
  if (place >= 0 && want) findings.compare(`gradient of ${name}`, taken.interior[0][place].values, want);
  else if (!run.unstorable.includes(gradient)) findings.demand(false, `the step computes no gradient of ${name}`);
}
