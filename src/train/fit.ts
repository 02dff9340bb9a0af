import { EngineError } from '../errors/engine-error.js';
import type { Program } from '../graph/engine.js';
import { changeHyperParameters } from '../nn/hyper-parameters.js';
import type { DataCache, LoadedData } from './data-cache.js';
import type { EarlyStopping } from './early-stopping.js';
import { type Evaluator, penaltiesOf } from './evaluate.js';
import type { CheckedFit, EarlyStoppingOptions, FitOptions } from './fit-options.js';
import type { MeasuredStep } from './ledger.js';
import { batchesOf, chunks, Pace } from './pace.js';
import { type EpochReport, meansOf, type PerMember, type StepMetrics, type StepReport } from './reports.js';
import type { Schedule, Session } from './session.js';

/** The parts of a trainer that `fit` works with. */
export interface FitParts {
  readonly session: Session;
  readonly data: DataCache;
  readonly evaluator: Evaluator;
}

/** A report of `fit`, measures by member. */
export type FitReport = PerMember<EpochReport> | PerMember<StepReport>;

/** Trains epoch after epoch; finishes an interrupted epoch first. With early stopping it ends with the best weights. */
export async function* fitEpochs(parts: FitParts, options: CheckedFit): AsyncGenerator<FitReport, void, undefined> {
  const { session } = parts;
  const { signal, earlyStopping } = options;
  throwIfAborted(signal, session);
  if (session.fitting) throw new TypeError('fit: the trainer is in another fit; let it end or leave its loop first');
  session.fitting = true;
  try {
    const stopping = earlyStopping && (await stoppingOf(session, earlyStopping));
    try {
      yield* fitLoaded(parts, options, stopping);
    } catch (error) {
      const { withLikelyCause } = await import('./likely-cause.js');
      throw withLikelyCause(error, session, options.data);
    } finally {
      if (isUsable(session)) await stopping?.finish();
    }
  } finally {
    session.fitting = false;
  }
}

/** Trains epoch after epoch on data that stay in memory meanwhile. */
async function* fitLoaded(
  parts: FitParts,
  options: CheckedFit,
  stopping: EarlyStopping | undefined,
): AsyncGenerator<FitReport, void, undefined> {
  const { session } = parts;
  const { ledger } = session;
  const { data, epochs, signal, maxSteps, weights, validation, validationWeights } = options;
  const loaded = await parts.data.take(data);
  try {
    const gather = await loaded.gather(weights !== undefined);
    await session.useWeights(weights !== undefined); // reads the steps started before: they belong to no epoch
    if (stopping && validation) await stopping.begin(await parts.evaluator.evaluate(validation, validationWeights));
    const end = ledger.steps + maxSteps;
    for (let i = 0; i < epochs && ledger.steps < end; i++) {
      const report = yield* fitEpoch(parts, { loaded, gather, end }, options);
      if (!report) break;
      const stopped = await stopping?.note(report);
      yield stopped ? { ...report, stopped } : report;
      throwIfAborted(signal, session);
      if (stopped?.every((each) => each)) break;
    }
  } finally {
    parts.data.giveBack(data);
  }
}

/** Returns false once the session is disposed or its device is lost: its next call says so. */
function isUsable(session: Session): boolean {
  try {
    session.check();
    return true;
  } catch {
    return false;
  }
}

/** Returns the early stopping of a session's members; its code is loaded on demand. */
async function stoppingOf(session: Session, options: Required<EarlyStoppingOptions>): Promise<EarlyStopping> {
  const { bestStatesOf, EarlyStopping } = await import('./early-stopping.js');
  return new EarlyStopping(session.members.length, options, await bestStatesOf(session));
}

/** The data of an epoch, and the step before which it ends at the latest. */
interface EpochParts {
  readonly loaded: LoadedData;
  readonly gather: Program;
  readonly end: number;
}

/** Trains to the end of the epoch, and returns its report. One run of submits is under way while the one before is read. */
async function* fitEpoch(
  parts: FitParts,
  { loaded, gather, end }: EpochParts,
  options: CheckedFit,
): AsyncGenerator<FitReport, PerMember<EpochReport> | undefined, undefined> {
  const { session } = parts;
  const { ledger } = session;
  const { data, shuffle, steps, signal, weights } = options;
  throwIfAborted(signal, session);
  const { batchSize } = session.options;
  const { examples } = data;
  const { epoch, row: firstRow } = ledger.enterEpoch(examples);
  const whole = Math.ceil(examples / batchSize);
  const left = batchesOf(examples, batchSize, firstRow);
  const batches = left.slice(0, end - ledger.steps);
  const pace = new Pace(session.compiled.program.slots);
  const started = performance.now();
  const schedule = options.schedule && scheduleOf(session, options.schedule);
  let done = 0;
  let pending: Promise<MeasuredStep[]> | undefined;
  let penalties: Promise<number[]> | undefined;
  try {
    for (let next = 0; next < batches.length || pending; ) {
      if (next < batches.length) throwIfAborted(signal, session); // an epoch whose steps are all started is reported
      // All members have diverged.
      if (ledger.diverged.every((each) => each) && !pending) return undefined;
      const run = batches.slice(next, next + pace.steps);
      next += run.length;
      const before = pending;
      pending = run.length ? start(run) : undefined;
      pending?.catch(() => {}); // awaited in the next round
      // Read together with the last steps.
      if (next === left.length) penalties ??= session.executor.allCompiled().then(() => penaltiesOf(session));
      penalties?.catch(() => {}); // awaited when the epoch is over
      if (!before) continue;
      const read = await before;
      pace.note(read.length);
      for (const step of read) {
        done++;
        const stepInEpoch = whole - left.length + done;
        if (steps) yield { kind: 'step', epoch: epoch + 1, stepInEpoch, steps: whole, ...stepMetrics(session, step) };
      }
      await session.executor.allCompiled(); // the first steps do not need all
    }
  } finally {
    await penalties?.catch(() => {});
    await pending; // a caller who leaves the loop leaves no read behind, and hears its error
  }
  if (!penalties) return undefined;
  const seconds = (performance.now() - started) / 1000;
  return epochReport(parts, { epoch, penalties: await penalties, seconds, done }, options);

  async function start(run: readonly { row: number; count: number }[]): Promise<MeasuredStep[]> {
    const first = ledger.steps;
    loaded.set(shuffle ? epoch : 'as is', weights); // an evaluation may have set its own since
    for (const submit of chunks(run, pace.submit)) {
      const rows = { epoch, row: submit[0].row, examples };
      session.run(
        submit.map(({ row, count }) => loaded.batchOf(row, count)),
        { rows, gather, schedule },
      );
    }
    // The read includes steps that the caller started before.
    return (await ledger.read()).filter(({ step }) => step >= first);
  }
}

function throwIfAborted(signal: AbortSignal | undefined, { ledger }: Session): void {
  if (!signal?.aborted) return;
  const { steps, position } = ledger;
  throw new EngineError(
    'aborted',
    `fit: aborted after step ${steps} (${position.epoch} epochs and ${position.row} examples); the trainer can go on from there`,
    { cause: signal.reason },
  );
}

/** Returns the hyper-parameters of members where a schedule changes them. */
function scheduleOf(session: Session, schedule: NonNullable<FitOptions['schedule']>): Schedule {
  return (step, member) =>
    changeHyperParameters(
      'fit: schedule',
      session.model.hyperTable,
      session.members[member].hyper,
      schedule(step, member),
    );
}

/** Returns the means that a step measured. */
export function stepMetrics({ compiled }: Session, measured: MeasuredStep): PerMember<StepMetrics> {
  return { step: measured.step, ...meansOf(measured, compiled.loss) };
}

interface EpochMeasures {
  /** Complete epochs before it. */
  readonly epoch: number;
  readonly penalties: readonly number[];
  /** Wall time and number of the steps taken now; those before an interruption do not count. */
  readonly seconds: number;
  readonly done: number;
}

async function epochReport(
  { session, evaluator }: FitParts,
  { epoch, penalties, seconds, done }: EpochMeasures,
  { validation, validationWeights }: CheckedFit,
): Promise<PerMember<EpochReport> | undefined> {
  const totals = session.ledger.totalsOf(epoch);
  if (!totals) return undefined;
  const { loss, accuracy } = meansOf(totals, session.compiled.loss);
  const found = validation && (await evaluator.evaluate(validation, validationWeights));
  return {
    kind: 'epoch',
    epoch: epoch + 1,
    steps: totals.steps,
    trainLoss: loss,
    trainPenalty: penalties,
    trainObjective: loss.map((each, member) => each + penalties[member]),
    trainAccuracy: accuracy,
    validationLoss: found?.loss,
    validationPenalty: found?.penalty,
    validationAccuracy: found?.accuracy,
    seconds,
    stepMilliseconds: (seconds * 1000) / done,
  };
}
