import type { Frame } from '../contract/protocol.js';
import { mergeFrames } from './merge-frames.js';
import { transferables } from './transferables.js';

/** Time between two messages. */
const MILLISECONDS = 100;

/** Sends frames, and merges frames that come quickly. It takes over the frames and their buffers. */
export class Outbox {
  readonly #send: (frame: Frame, transfer: ArrayBuffer[]) => void;
  #waiting: Frame | undefined;
  #sent = Number.NEGATIVE_INFINITY;

  constructor(send: (frame: Frame, transfer: ArrayBuffer[]) => void) {
    this.#send = send;
  }

  put(frame: Frame): void {
    if (this.#waiting) {
      this.#waiting = mergeFrames(this.#waiting, frame);
      return;
    }
    this.#waiting = frame;
    setTimeout(() => this.#flush(), Math.max(0, this.#sent + MILLISECONDS - performance.now()));
  }

  #flush(): void {
    const frame = this.#waiting;
    if (!frame) return;
    this.#waiting = undefined;
    this.#sent = performance.now();
    this.#send(frame, transferables(frame));
  }
}
