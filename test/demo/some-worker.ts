import type { Frame, Order } from '../../demo/contract/protocol.js';
import { Controller } from '../../demo/worker/jobs/controller.js';

/** The page's worker without a page: what it last told, and how to wait for it to tell something. */
export class SomeWorker {
  readonly #controller = new Controller((frame) => this.#hear(frame));
  readonly #listeners = new Set<() => void>();
  /** The last value of each part of a frame. */
  readonly facts: Frame = {};
  /** All frames, in their order. */
  readonly frames: Frame[] = [];

  #told = 0;

  constructor() {
    void this.#controller.run();
  }

  tell(...orders: readonly Order[]): void {
    this.#told += orders.length;
    for (const order of orders) this.#controller.take(order);
  }

  /** True if the worker has obeyed every order. */
  get hasObeyed(): boolean {
    const { training } = this.facts;
    return training?.obeyed === this.#told && training.busy === undefined;
  }

  /** Resolves when what the worker has told is so. */
  until(isSo: (facts: Frame) => unknown): Promise<void> {
    return new Promise((resolve) => {
      const listen = () => {
        if (!isSo(this.facts)) return;
        this.#listeners.delete(listen);
        resolve();
      };
      this.#listeners.add(listen);
      listen();
    });
  }

  #hear(frame: Frame): void {
    this.frames.push(frame);
    Object.assign(this.facts, frame);
    for (const listen of this.#listeners) listen();
  }
}
