import { progressBar, REDRAW_MILLISECONDS, SOON_MILLISECONDS, type Terminal } from './terminal.js';

/** Shows how much of a file is read, where a person watches and it takes a while. */
export class ReadingBar {
  readonly #terminal: Terminal;
  readonly #name: string;
  #next = Date.now() + SOON_MILLISECONDS;
  #isShown = false;

  constructor(terminal: Terminal, name: string) {
    this.#terminal = terminal;
    this.#name = name;
  }

  show(read: number, bytes: number): void {
    const now = Date.now();
    if (!this.#terminal.live || now < this.#next) return;
    this.#next = now + REDRAW_MILLISECONDS;
    this.#isShown = true;
    this.#terminal.write(`\r${progressBar(read / bytes, [`reading ${this.#name}`], this.#terminal)}\x1b[K`);
  }

  /** Removes the bar. */
  clear(): void {
    if (this.#isShown) this.#terminal.write('\r\x1b[K');
    this.#isShown = false;
  }
}
