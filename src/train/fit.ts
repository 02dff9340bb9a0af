import { checkBoolean, checkOptions, checkPositiveInteger, show } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import type { DataCache } from './data-cache.js';
import type { Dataset } from './dataset.js';
import { batchesOf, type Evaluator } from './evaluate.js';
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

/** Milliseconds of work that one submit should hold: a page stays live, a driver does not reset. */
const SUBMIT_MILLISECONDS = 50;

/** Trains epoch after epoch; an epoch that was stopped before is finished first. */
export async function* fit(
  parts: FitParts,
  data: Dataset,
  options: FitOptions,
): AsyncGenerator<EpochReport | StepReport> {
  const { session } = parts;
  const { epochs, shuffle, steps, validation, signal } = checkFitOptions(options);
  checkAborted(signal, session);
  const loaded = await parts.data.load(data);
  await session.read(); // what was started before is not part of the first epoch
  if (session.position.row >= data.examples) session.position = { epoch: session.position.epoch, row: 0 };
  const pace = new Pace(session.compiled.program.slots);
  for (let i = 0; i < epochs; i++) {
    const epoch = session.position.epoch + 1;
    loaded.setOrder(shuffle ? epoch - 1 : 'as is');
    const batches = batchesOf(data.examples, session.options.batchSize, session.position.row);
    const measured: CountedStep[] = [];
    const started = performance.now();
    let pending: Promise<CountedStep[]> | undefined;
    for (let next = 0; next < batches.length || pending; ) {
      const run = batches.slice(next, next + pace.steps);
      next += run.length;
      const reading = run.length ? start(run) : undefined;
      if (pending) {
        const done = await pending;
        pace.note(done.length);
        for (const [j, step] of done.entries())
          if (steps) yield stepReport(step, epoch, measured.length + j + 1, batches.length);
        measured.push(...done);
      }
      pending = reading;
      reading?.catch(() => {}); // awaited in the next round
      if (signal?.aborted) {
        await reading;
        checkAborted(signal, session);
      }
    }
    session.position = { epoch, row: 0 };
    const seconds = (performance.now() - started) / 1000;
    yield await epochReport(parts, { epoch, measured, seconds, validation });

    function start(run: readonly { row: number; count: number }[]): Promise<CountedStep[]> {
      session.run(
        run.map(({ count }) => count),
        loaded.program,
      );
      const { row, count } = run[run.length - 1];
      session.position = { epoch: epoch - 1, row: row + count };
      return session.read();
    }
  }
}

/** Finds how many steps make a submit of the wanted length. */
class Pace {
  steps = 1;
  readonly #most: number;
  #last = performance.now();

  constructor(slots: number) {
    this.#most = Math.floor(slots / 2);
  }

  /** Notes that `count` more steps are done. */
  note(count: number): void {
    const now = performance.now();
    const each = (now - this.#last) / count;
    this.#last = now;
    // At most doubled at a time: the first steps include compilation.
    this.steps = Math.max(1, Math.min(Math.floor(SUBMIT_MILLISECONDS / each), 2 * this.steps, this.#most));
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
  epoch: number,
  stepInEpoch: number,
  steps: number,
): StepReport {
  return { kind: 'step', epoch, stepInEpoch, steps, ...metrics };
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
