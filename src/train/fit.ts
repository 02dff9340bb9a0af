import type { Dataset } from '../data/dataset.js';
import { checkSignal } from '../errors/abort-signal.js';
import { checkBoolean, checkOptions, checkPositiveInteger, show } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import type { HyperParameters } from '../nn/hyper-parameters.js';
import { changeHyperParameters } from './change-hyper-parameters.js';
import { chunks } from './chunks.js';
import type { DataCache, LoadedData } from './data-cache.js';
import type { EarlyStopping } from './early-stopping.js';
import { checkEarlyStopping, type EarlyStoppingOptions } from './early-stopping-options.js';
import { batchesOf, type Evaluator, type MemberWeights } from './evaluate.js';
import { meansOf } from './metric-totals.js';
import { Pace } from './pace.js';
import type { EpochReport, PerMember, StepMetrics, StepReport } from './reports.js';
import type { EpochTotals, MeasuredStep, Schedule, Session } from './session.js';

/** How `fit` trains. */
export interface FitOptions {
  /** Passes over the data. */
  epochs: number;
  /** Measured after every epoch. */
  validation?: Dataset;
  /** A new order every epoch, from `shuffleSeed`. Default true. */
  shuffle?: boolean;
  /** Stops the training; it can go on later. */
  signal?: AbortSignal;
  /** Report every step too. Default false. */
  steps?: boolean;
  /** Ends after so many steps, even in the middle of an epoch. Default: no limit. */
  maxSteps?: number;
  /** Ends when nothing has become better for long enough, and brings the best weights back. Default: off. */
  earlyStopping?: EarlyStoppingOptions;
  /** Hyper-parameters that change from step to step, where those of the trainer stand still; by member in a population. */
  schedule?: (step: number, member: number) => HyperParameters;
}

/** Options of `fit` with the weights of examples, by member. */
export interface WeightedFitOptions extends FitOptions {
  readonly memberWeights?: MemberWeights | undefined;
  readonly memberValidationWeights?: MemberWeights | undefined;
}

const KNOWN = [
  'epochs',
  'validation',
  'shuffle',
  'signal',
  'steps',
  'maxSteps',
  'earlyStopping',
  'schedule',
  'weights',
  'validationWeights',
];

/** Options of `fit`, checked. */
export type CheckedFitOptions = Required<Pick<FitOptions, 'epochs' | 'shuffle' | 'steps' | 'maxSteps'>> &
  WeightedFitOptions;

/** Returns the options, checked but for weights. @throws TypeError or RangeError naming the option */
export function checkFitOptions(options: FitOptions): CheckedFitOptions {
  checkOptions('fit', options, KNOWN);
  const { epochs, shuffle = true, steps = false, signal, maxSteps = Number.POSITIVE_INFINITY, schedule } = options;
  checkPositiveInteger('fit', 'epochs', epochs);
  checkBoolean('fit', 'shuffle', shuffle);
  checkBoolean('fit', 'steps', steps);
  if (maxSteps !== Number.POSITIVE_INFINITY) checkPositiveInteger('fit', 'maxSteps', maxSteps);
  checkSignal('fit', signal);
  if (schedule !== undefined && typeof schedule !== 'function') {
    throw new TypeError(`fit: schedule must be a function of the step, got ${show(schedule)}`);
  }
  if (options.earlyStopping !== undefined) {
    checkEarlyStopping('fit', options.earlyStopping);
    if (options.validation === undefined) throw new TypeError('fit: earlyStopping needs a validation set');
  }
  return { ...options, epochs, shuffle, steps, maxSteps };
}

/** What `fit` works with. */
export interface FitParts {
  readonly session: Session;
  readonly data: DataCache;
  readonly evaluator: Evaluator;
}

type Report = PerMember<EpochReport> | PerMember<StepReport>;

/** Trains epoch after epoch; an epoch that was stopped before is finished first. */
export async function* fitEpochs(
  parts: FitParts,
  data: Dataset,
  options: CheckedFitOptions,
  stopping?: EarlyStopping,
): AsyncGenerator<Report, void, undefined> {
  const { session } = parts;
  const { epochs, signal, maxSteps, memberWeights } = options;
  checkAborted(signal, session);
  if (session.fitting) throw new TypeError('fit: the trainer is in another fit; let it end or leave its loop first');
  session.fitting = true;
  try {
    const loaded = await parts.data.take(data);
    try {
      const gather = memberWeights ? await loaded.withWeights() : loaded.program;
      await session.useWeights(memberWeights !== undefined); // reads: what was started before is not of the first epoch
      const end = session.steps + maxSteps;
      for (let i = 0; i < epochs && session.steps < end; i++) {
        const report = yield* fitEpoch(parts, data, { loaded, gather, end }, options);
        if (!report) break;
        const stopped = await stopping?.note(report);
        yield stopped ? { ...report, stopped } : report;
        checkAborted(signal, session);
        if (stopped?.every((each) => each)) break;
      }
    } finally {
      parts.data.giveBack(data);
    }
  } finally {
    session.fitting = false;
  }
}

/** What an epoch trains on, and the step at which it ends if not at its own end. */
interface EpochParts {
  readonly loaded: LoadedData;
  readonly gather: LoadedData['program'];
  readonly end: number;
}

/** Trains to the end of the epoch, and returns its report. One run of submits is under way while the one before is read. */
async function* fitEpoch(
  parts: FitParts,
  data: Dataset,
  { loaded, gather, end }: EpochParts,
  options: CheckedFitOptions,
): AsyncGenerator<Report, PerMember<EpochReport> | undefined, undefined> {
  const { session } = parts;
  const { shuffle, steps, signal, schedule, memberWeights } = options;
  checkAborted(signal, session);
  const { batchSize } = session.options;
  const epoch = session.position.epoch + 1;
  if (session.position.row >= data.examples) session.position = { epoch: epoch - 1, row: 0 };
  const whole = Math.ceil(data.examples / batchSize);
  const left = batchesOf(data.examples, batchSize, session.position.row);
  const batches = left.slice(0, end - session.steps);
  const pace = new Pace(session.compiled.program.slots);
  const started = performance.now();
  const at = schedule && scheduleOf(session, schedule);
  let done = 0;
  let measured = session.position.measured;
  let pending: Promise<MeasuredStep[]> | undefined;
  let penalties: Promise<number[]> | undefined;
  try {
    for (let next = 0; next < batches.length || pending; ) {
      if (next < batches.length) checkAborted(signal, session); // an epoch whose steps are all started is reported
      // Nobody is left to train.
      if (session.diverged.every((each) => each) && !pending) return undefined;
      const run = batches.slice(next, next + pace.steps);
      next += run.length;
      const before = pending;
      pending = run.length ? start(run) : undefined;
      pending?.catch(() => {}); // awaited in the next round
      if (next === left.length) penalties ??= session.penalties(); // read together with the last steps
      penalties?.catch(() => {}); // awaited when the epoch is over
      if (!before) continue;
      const read = await before;
      pace.note(read.length);
      for (const step of read) {
        done++;
        const stepInEpoch = whole - left.length + done;
        if (steps) yield { kind: 'step', epoch, stepInEpoch, steps: whole, ...stepMetrics(session, step) };
      }
    }
  } finally {
    await penalties?.catch(() => {});
    await pending; // a fit that is left leaves nothing behind, and hides no error
  }
  if (!penalties || !measured) return undefined;
  const seconds = (performance.now() - started) / 1000;
  return epochReport(parts, { epoch, measured, penalties: await penalties, seconds, done }, options);

  async function start(run: readonly { row: number; count: number }[]): Promise<MeasuredStep[]> {
    const first = session.steps;
    loaded.setOrder(shuffle ? epoch - 1 : 'as is'); // an evaluation may have set its own since
    if (memberWeights) loaded.setWeights(memberWeights);
    for (const batchesOfSubmit of chunks(run, pace.submit)) {
      const weighed = memberWeights
        ? batchesOfSubmit.map(({ row, count }) => ({ count, weights: loaded.weightsOf(row, count) }))
        : batchesOfSubmit;
      session.run(weighed, batchesOfSubmit[0].row, gather, at);
      const { row, count } = batchesOfSubmit[batchesOfSubmit.length - 1];
      const endRow = row + count;
      session.position = endRow < data.examples ? { epoch: epoch - 1, row: endRow } : { epoch, row: 0 };
    }
    const read = await session.read();
    const own = read.filter(({ step }) => step >= first); // the caller may have stepped in between
    measured = own.reduce(addStep, measured);
    const isLast = session.steps === first + run.length;
    if (isLast && session.position.row > 0) session.position = { ...session.position, measured };
    return own;
  }
}

function checkAborted(signal: AbortSignal | undefined, session: Session): void {
  if (!signal?.aborted) return;
  const { epoch, row } = session.position;
  throw new EngineError(
    'aborted',
    `fit: aborted after step ${session.steps} (${epoch} epochs and ${row} examples); the trainer can go on from there`,
    { cause: signal.reason },
  );
}

/** The hyper-parameters of members where a schedule changes them. */
function scheduleOf(session: Session, schedule: NonNullable<FitOptions['schedule']>): Schedule {
  return (step, member) =>
    changeHyperParameters('fit: schedule', session.members[member].hyper, schedule(step, member));
}

/** The sums of an epoch with one more step, members apart. */
function addStep(sums: EpochTotals | undefined, { totals, weights }: MeasuredStep): EpochTotals {
  const add = (before: readonly number[] | undefined, more: readonly number[]) =>
    more.map((value, member) => (before?.[member] ?? 0) + value);
  return {
    steps: (sums?.steps ?? 0) + 1,
    loss: add(
      sums?.loss,
      totals.map(({ loss }) => loss),
    ),
    correct: add(
      sums?.correct,
      totals.map(({ correct }) => correct),
    ),
    weight: add(sums?.weight, weights),
  };
}

/** What a step measured, as means. */
export function stepMetrics({ compiled }: Session, { step, totals, weights }: MeasuredStep): PerMember<StepMetrics> {
  return { step, ...meansOf(totals, weights, compiled.loss) };
}

interface EpochMeasures {
  readonly epoch: number;
  readonly measured: EpochTotals;
  readonly penalties: readonly number[];
  /** Of the steps just taken; those of an epoch that was stopped before are not among them. */
  readonly seconds: number;
  readonly done: number;
}

async function epochReport(
  { session, evaluator }: FitParts,
  { epoch, measured, penalties, seconds, done }: EpochMeasures,
  { validation, memberValidationWeights }: CheckedFitOptions,
): Promise<PerMember<EpochReport>> {
  const totals = measured.loss.map((loss, member) => ({ loss, correct: measured.correct[member] }));
  const { loss, accuracy } = meansOf(totals, measured.weight, session.compiled.loss);
  const found = validation && (await evaluator.evaluate(validation, memberValidationWeights));
  return {
    kind: 'epoch',
    epoch,
    steps: measured.steps,
    trainLoss: loss,
    trainPenalty: penalties,
    trainObjective: loss.map((each, member) => each + penalties[member]),
    ...(accuracy && { trainAccuracy: accuracy }),
    ...(found && { validationLoss: found.loss, validationPenalty: found.penalty }),
    ...(found?.accuracy && { validationAccuracy: found.accuracy }),
    seconds,
    stepMilliseconds: (seconds * 1000) / done,
  };
}
