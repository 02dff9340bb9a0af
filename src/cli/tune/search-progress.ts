import type { SearchResult } from '../../tune.js';
import { count, duration } from '../terminal/numbers.js';
import type { Terminal } from '../terminal/terminal.js';
import { progressBar, REDRAW_MILLISECONDS } from '../terminal/terminal.js';
import { terminalTable } from './trial-table.js';
import { metricOf, statusText, trialName, variedNames } from './trials.js';

/** More trials than this are not shown while a search runs. */
const MOST_TRIALS = 12;
/** Lines of the screen that are left to the table's head, its last line, the bar and the cursor. */
const OTHER_LINES = 4;

/** The size of a search. */
export interface Extent {
  /** The least number of trials. */
  readonly members: number;
  /** Epochs that a trial may be trained for at most. */
  readonly epochs: number;
}

/** Shows the progress of a search: the leading trials and a bar, rewritten in place, or a line per epoch if nobody watches. */
export class SearchProgress {
  readonly #terminal: Terminal;
  readonly #extent: Extent;
  readonly #started = Date.now();
  /** Epochs that a resumed search had before. */
  #before: number | undefined;
  #done = 0;
  #drawn = 0;
  #more = '';
  /** Lines of the view that is on the screen. */
  #lines = 0;

  constructor(terminal: Terminal, extent: Extent) {
    this.#terminal = terminal;
    this.#extent = extent;
  }

  /** Shows the result so far; may be called at every change. @param more a sentence about who trains */
  show(result: SearchResult, more = ''): void {
    this.#more = more;
    const done = epochsDone(result);
    this.#before ??= done;
    if (!this.#terminal.live) this.#line(result, done);
    else if (this.#lines === 0 || Date.now() - this.#drawn >= REDRAW_MILLISECONDS) this.#draw(result, done);
    this.#done = done;
  }

  /** Writes a line above the view. */
  tell(line: string): void {
    this.clear();
    this.#terminal.write(`${line}\n`);
  }

  /** Removes the view. */
  clear(): void {
    if (this.#lines > 0) this.#terminal.write(`${this.#top()}\x1b[J`);
    this.#lines = 0;
  }

  #line(result: SearchResult, done: number): void {
    if (done === this.#done) return;
    const epoch = Math.max(...result.trials.map(({ epochs }) => epochs));
    const parts = [
      `epoch ${count(epoch).padStart(count(this.#extent.epochs).length)}/${count(this.#extent.epochs)}`,
      bestText(result),
      statusText(result),
      duration(result.seconds),
      this.#more,
    ];
    this.#terminal.write(`${parts.filter(Boolean).join('  ')}\n`);
  }

  #draw(result: SearchResult, done: number): void {
    const { columns, rows, color } = this.#terminal;
    const now = Date.now();
    const left = epochsLeft(result, this.#extent);
    const fresh = done - (this.#before ?? 0);
    const parts = [
      `${count(done)}/${count(done + left)} epochs of ${count(result.trials.length)} trials`,
      ...(fresh > 0 ? [`${duration((((now - this.#started) / 1000) * left) / fresh)} left`] : []),
      statusText(result),
      ...(this.#more ? [this.#more] : []),
    ];
    const most = Math.max(1, Math.min(MOST_TRIALS, rows - OTHER_LINES));
    const lines = [
      ...terminalTable(result, { width: columns - 1, most, color }),
      progressBar(done / Math.max(1, done + left), parts, this.#terminal),
    ];
    this.#terminal.write(`${this.#top()}${lines.map((line) => `${line}\x1b[K`).join('\n')}\x1b[J`);
    this.#lines = lines.length;
    this.#drawn = now;
  }

  /** Returns the codes that put the cursor where the view begins. */
  #top(): string {
    return this.#lines > 1 ? `\r\x1b[${this.#lines - 1}A` : '\r';
  }
}

const epochsDone = ({ trials }: SearchResult) => trials.reduce((sum, { rungs }) => sum + rungs.length, 0);

/** Returns the epochs that are left if no trial is dropped from now on; a strategy that drops some needs fewer. */
function epochsLeft({ trials, complete }: SearchResult, { members, epochs }: Extent): number {
  if (complete) return 0;
  const running = trials.filter(({ status }) => status === 'running');
  const toCome = Math.max(0, members - trials.length) * epochs;
  return running.reduce((sum, trial) => sum + Math.max(0, epochs - trial.epochs), toCome);
}

function bestText(result: SearchResult): string {
  const best = result.trials.find(({ id }) => id === result.best);
  if (best?.score === undefined) return '';
  const metric = metricOf(result);
  return `best ${metric.name} ${metric.text(best.score)} (${trialName(best, variedNames(result))})`;
}
