import { progressBar, REDRAW_MILLISECONDS, SOON_MILLISECONDS, type Terminal } from './terminal.js';

/** Shows how much of the work on a table is done, where a person watches and it takes a while. */
export class TableBar {
  readonly #terminal: Terminal;
  readonly #what: string;
  #next = Date.now() + SOON_MILLISECONDS;
  #isShown = false;

  constructor(terminal: Terminal, what: string) {
    this.#terminal = terminal;
    this.#what = what;
  }

  show(share: number): void {
    const now = Date.now();
    if (!this.#terminal.live || now < this.#next) return;
    this.#next = now + REDRAW_MILLISECONDS;
    this.#isShown = true;
    this.#terminal.write(`\r${progressBar(share, [this.#what], this.#terminal)}\x1b[K`);
  }

  /** Removes the bar. */
  clear(): void {
    if (this.#isShown) this.#terminal.write('\r\x1b[K');
    this.#isShown = false;
  }
}
