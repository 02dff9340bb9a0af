import { checkBoolean, checkOptions, checkPositiveInteger, show } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import { chunks } from './chunks.js';
import type { DataCache, LoadedData } from './data-cache.js';
import type { Dataset } from './dataset.js';
import { batchesOf, type Evaluator } from './evaluate.js';
import { Pace } from './pace.js';
import type { EpochReport, StepReport } from './reports.js';
import type { CountedStep, Session } from './session.js';

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
}

/** Returns the options, checked. @throws TypeError or RangeError naming the option */
export function checkFitOptions(
  options: FitOptions,
): Required<Pick<FitOptions, 'epochs' | 'shuffle' | 'steps'>> & FitOptions {
  checkOptions('fit', options, ['epochs', 'validation', 'shuffle', 'signal', 'steps']);
  const { epochs, shuffle = true, steps = false, signal } = options;
  checkPositiveInteger('fit', 'epochs', epochs);
  checkBoolean('fit', 'shuffle', shuffle);
  checkBoolean('fit', 'steps', steps);
  if (signal !== undefined && typeof signal?.aborted !== 'boolean') {
    throw new TypeError(`fit: signal must be an AbortSignal, got ${show(signal)}`);
  }
  return { ...options, epochs, shuffle, steps };
}

/** What `fit` works with. */
export interface FitParts {
  readonly session: Session;
  readonly data: DataCache;
  readonly evaluator: Evaluator;
}

/** Trains epoch after epoch; an epoch that was stopped before is finished first. */
export async function* fitEpochs(
  parts: FitParts,
  data: Dataset,
  options: FitOptions,
): AsyncGenerator<EpochReport | StepReport> {
  const { session } = parts;
  const { epochs, signal } = checkFitOptions(options);
  checkAborted(signal, session);
  if (session.fitting) throw new TypeError('fit: the trainer is in another fit; let it end or leave its loop first');
  session.fitting = true;
  try {
    const loaded = await parts.data.take(data);
    try {
      await session.read(); // what was started before is not part of the first epoch
      for (let i = 0; i < epochs; i++) yield* fitEpoch(parts, data, loaded, options);
    } finally {
      parts.data.giveBack(data);
    }
  } finally {
    session.fitting = false;
  }
}

/** Trains to the end of the epoch. One run of submits is under way while the one before is read. */
async function* fitEpoch(
  parts: FitParts,
  data: Dataset,
  loaded: LoadedData,
  options: FitOptions,
): AsyncGenerator<EpochReport | StepReport> {
  const { session } = parts;
  const { shuffle, steps, validation, signal } = checkFitOptions(options);
  checkAborted(signal, session);
  const { batchSize } = session.options;
  const epoch = session.position.epoch + 1;
  if (session.position.row >= data.examples) session.position = { epoch: epoch - 1, row: 0 };
  const batches = batchesOf(data.examples, batchSize, session.position.row);
  const total = Math.ceil(data.examples / batchSize);
  const pace = new Pace(session.compiled.program.slots);
  const measured: CountedStep[] = [];
  const started = performance.now();
  let pending: Promise<CountedStep[]> | undefined;
  try {
    for (let next = 0; next < batches.length || pending; ) {
      checkAborted(signal, session);
      const run = batches.slice(next, next + pace.steps);
      next += run.length;
      const before = pending;
      pending = run.length ? start(run) : undefined;
      pending?.catch(() => {}); // awaited in the next round
      if (!before) continue;
      const done = await before;
      pace.note(done.length);
      for (const step of done) {
        measured.push(step);
        const stepInEpoch = total - batches.length + measured.length;
        if (steps) yield stepReport(step, { epoch, stepInEpoch, steps: total });
      }
    }
  } finally {
    await pending; // a fit that is left leaves nothing behind, and hides no error
  }
  const seconds = (performance.now() - started) / 1000;
  yield await epochReport(parts, { epoch, measured, seconds, validation });

  async function start(run: readonly { row: number; count: number }[]): Promise<CountedStep[]> {
    const first = session.steps;
    loaded.setOrder(shuffle ? epoch - 1 : 'as is'); // an evaluation may have set its own since
    for (const batchesOfSubmit of chunks(run, pace.submit)) {
      session.run(
        batchesOfSubmit.map(({ count }) => count),
        loaded.program,
      );
      const { row, count } = batchesOfSubmit[batchesOfSubmit.length - 1];
      const end = row + count;
      session.position = end < data.examples ? { epoch: epoch - 1, row: end } : { epoch, row: 0 };
    }
    const read = await session.read();
    return read.filter(({ step }) => step >= first); // the caller may have stepped in between
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

function stepReport(
  { count: _, ...metrics }: CountedStep,
  place: Pick<StepReport, 'epoch' | 'stepInEpoch' | 'steps'>,
): StepReport {
  return { kind: 'step', ...place, ...metrics };
}

interface EpochParts {
  readonly epoch: number;
  readonly measured: readonly CountedStep[];
  readonly seconds: number;
  readonly validation: Dataset | undefined;
}

async function epochReport(
  { session, evaluator }: FitParts,
  { epoch, measured, seconds, validation }: EpochParts,
): Promise<EpochReport> {
  const examples = measured.reduce((sum, { count }) => sum + count, 0);
  const meanOver = (value: (step: CountedStep) => number) =>
    measured.reduce((sum, step) => sum + value(step) * step.count, 0) / examples;
  const trainLoss = meanOver(({ loss }) => loss);
  const trainPenalty = await session.penalty();
  const found = validation && (await evaluator.evaluate(validation));
  return {
    kind: 'epoch',
    epoch,
    steps: measured.length,
    trainLoss,
    trainPenalty,
    trainObjective: trainLoss + trainPenalty,
    ...(measured[0]?.accuracy !== undefined && { trainAccuracy: meanOver(({ accuracy = 0 }) => accuracy) }),
    ...(found && { validationLoss: found.loss, validationPenalty: found.penalty }),
    ...(found?.accuracy !== undefined && { validationAccuracy: found.accuracy }),
    seconds,
    stepMilliseconds: (seconds * 1000) / measured.length,
  };
}
