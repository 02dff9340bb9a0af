import { button, select } from '../../page/element.js';
import type { Page } from '../../page/page.js';

/** The controls play, pause, step, reset and speed. Training rests while the page is hidden. */
export class Transport {
  readonly #page: Page;
  readonly #play = button('play');
  #hidden = false;
  /** Number of the last order to start or stop. */
  #asked = 0;

  constructor(page: Page) {
    this.#page = page;
    this.#play.addEventListener('click', () => this.toggle());
    button('step').addEventListener('click', () => this.step());
    button('reset').addEventListener('click', () => this.reset());
    const speed = select('speed');
    const tellSpeed = () => page.tell({ kind: 'speed', stepsPerSecond: Number(speed.value) });
    speed.addEventListener('change', tellSpeed);
    tellSpeed(); // the browser may restore an earlier choice
    page.on('training', () => this.#hear());
    document.addEventListener('visibilitychange', () => this.#rest());
  }

  /** Plays; a hidden page plays as soon as it is visible. */
  play(): void {
    this.#hidden = document.hidden;
    if (this.#hidden) return;
    this.#asked = this.#page.tell({ kind: 'play' });
    this.#show(true);
  }

  pause(): void {
    this.#hidden = false;
    this.#asked = this.#page.tell({ kind: 'pause' });
    this.#show(false);
  }

  toggle(): void {
    if (this.#play.dataset.playing === 'true') this.pause();
    else this.play();
  }

  step(): void {
    this.#asked = this.#page.tell({ kind: 'step' });
    this.#show(false);
  }

  /** Starts all runs again; a lesson plays on. */
  reset(): void {
    this.#page.tell({ kind: 'reset' });
    if (!this.#page.lab) this.play();
  }

  /** Follows the worker, but ignores news from before the last order. */
  #hear(): void {
    const { training } = this.#page.facts;
    if (training && training.obeyed >= this.#asked) this.#show(training.playing);
  }

  #show(playing: boolean): void {
    this.#play.dataset.playing = String(playing);
    this.#play.textContent = playing ? 'Pause' : 'Play';
  }

  #rest(): void {
    if (document.hidden) {
      const isPlaying = this.#play.dataset.playing === 'true';
      if (isPlaying) this.pause();
      this.#hidden ||= isPlaying;
    } else if (this.#hidden) {
      this.play();
    }
  }
}
