import type { CompileProgress } from '../../index.js';
import type { EpochReport, StepReport } from '../../train/reports.js';
import { count, duration, percent, short } from '../terminal/numbers.js';
import type { Terminal } from '../terminal/terminal.js';
import { progressBar, REDRAW_MILLISECONDS, SOON_MILLISECONDS } from '../terminal/terminal.js';

/** The size of a run. */
export interface Extent {
  readonly epochs: number;
  readonly stepsPerEpoch: number;
}

/** At most this many epochs get a line each. */
const MOST_LINES = 20;
const LINES = 10;

/** Shows the progress of training: a line at the end of an epoch, and a bar below if someone watches. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #extent: Extent;
  readonly #every: number;
  readonly #started = Date.now();
  #seconds = 0;
  #steps = 0;
  #drawn = 0;
  #hasBar = false;
  /** Steps that a resumed run had before. */
  readonly #before: number;

  /** @param before epochs that a resumed run had before */
  constructor(terminal: Terminal, extent: Extent, before = 0) {
    this.#terminal = terminal;
    this.#extent = extent;
    this.#before = before * extent.stepsPerEpoch;
    this.#every = extent.epochs <= MOST_LINES ? 1 : Math.ceil(extent.epochs / LINES);
  }

  /** Shows how many kernels are compiled, where a person watches and it takes a while; training begins behind it. */
  compiling({ compiled, all }: Parameters<CompileProgress>[0]): void {
    if (compiled === all) this.clear();
    else if (this.#terminal.live && Date.now() - this.#started > SOON_MILLISECONDS) {
      const parts = [`compiling kernels: ${compiled} of ${all}`];
      this.#terminal.write(`\r${progressBar(compiled / all, parts, this.#terminal)}\x1b[K`);
      this.#hasBar = true;
    }
  }

  step({ epoch, stepInEpoch, loss, accuracy }: StepReport): void {
    this.#draw((epoch - 1) * this.#extent.stepsPerEpoch + stepInEpoch, loss, accuracy);
  }

  epoch(report: EpochReport): void {
    const { epochs, stepsPerEpoch } = this.#extent;
    this.#seconds += report.seconds;
    this.#steps += report.steps;
    if (report.epoch % this.#every === 0 || report.epoch === epochs) {
      this.clear();
      // Times are those of all epochs since the last line.
      const pace = { seconds: this.#seconds, stepMilliseconds: (1000 * this.#seconds) / this.#steps };
      this.#terminal.write(`${epochLine({ ...report, ...pace }, this.#extent)}\n`);
      this.#seconds = 0;
      this.#steps = 0;
    }
    if (report.epoch < epochs) this.#draw(report.epoch * stepsPerEpoch, report.trainLoss, report.trainAccuracy);
  }

  /** Removes the bar. */
  clear(): void {
    if (this.#hasBar) this.#terminal.write('\r\x1b[K');
    this.#hasBar = false;
  }

  #draw(done: number, loss: number, accuracy: number | undefined): void {
    const now = Date.now();
    if (!this.#terminal.live || (this.#hasBar && now - this.#drawn < REDRAW_MILLISECONDS)) return;
    const total = this.#extent.epochs * this.#extent.stepsPerEpoch;
    const left = (((now - this.#started) / 1000) * (total - done)) / (done - this.#before);
    const parts = [
      `step ${count(done).padStart(count(total).length)}/${count(total)}`,
      `loss ${short(loss)}`,
      ...(accuracy === undefined ? [] : [percent(accuracy)]),
      `${duration(left)} left`,
    ];
    this.#terminal.write(`\r${progressBar(done / total, parts, this.#terminal)}\x1b[K`);
    this.#drawn = now;
    this.#hasBar = true;
  }
}

/** Returns the line of an epoch; a run whose epochs have one step each counts steps. */
function epochLine(report: EpochReport, { epochs, stepsPerEpoch }: Extent): string {
  const { trainLoss, trainPenalty, trainAccuracy, validationLoss, validationAccuracy } = report;
  const width = count(epochs).length;
  const accuracy = (share: number | undefined) => (share === undefined ? '' : ` accuracy ${percent(share)}`);
  const parts = [
    `${unitOf(stepsPerEpoch)} ${count(report.epoch).padStart(width)}/${count(epochs)}`,
    `loss ${short(trainLoss)} + penalty ${short(trainPenalty)}${accuracy(trainAccuracy)}`,
    ...(validationLoss === undefined ? [] : [`validation ${short(validationLoss)}${accuracy(validationAccuracy)}`]),
    duration(report.seconds),
    `${report.stepMilliseconds.toFixed(2)} ms/step`,
  ];
  return parts.join('  ');
}

/** Returns the unit of an axis whose epochs have that many steps. */
export const unitOf = (stepsPerEpoch: number) => (stepsPerEpoch === 1 ? 'step' : 'epoch');
