import { button, select } from './element.js';
import type { Page } from './page.js';

/** Play, pause, step, reset and speed. Training rests while the page is hidden. */
export class Transport {
  readonly #page: Page;
  readonly #play = button('play');
  #hidden = false;
  /** The number of the last order that starts or stops. */
  #asked = 0;

  constructor(page: Page) {
    this.#page = page;
    this.#play.addEventListener('click', () => this.toggle());
    button('step').addEventListener('click', () => this.step());
    button('reset').addEventListener('click', () => this.reset());
    const speed = select('speed');
    const tellSpeed = () => page.tell({ kind: 'speed', stepsPerSecond: Number(speed.value) });
    speed.addEventListener('change', tellSpeed);
    tellSpeed(); // a browser that comes back to the page keeps what was chosen
    page.on('training', () => this.#hear());
    document.addEventListener('visibilitychange', () => this.#rest());
  }

  play(): void {
    this.#asked = this.#page.tell({ kind: 'play' });
    this.#show(true);
  }

  pause(): void {
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

  reset(): void {
    this.#page.tell({ kind: 'reset' });
  }

  /** What the worker tells just after it was asked may be from before. */
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
      this.#hidden = this.#play.dataset.playing === 'true';
      if (this.#hidden) this.pause();
    } else if (this.#hidden) {
      this.#hidden = false;
      this.play();
    }
  }
}
