/** Something long that goes on while orders are obeyed, and while nothing trains: a search, or a verification. */
export class SideTask {
  #running: { readonly stop: AbortController; readonly done: Promise<void> } | undefined;
  readonly #onEnd: (error?: unknown) => void;

  /** @param onEnd told when a task has ended, and with what error */
  constructor(onEnd: (error?: unknown) => void) {
    this.#onEnd = onEnd;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Starts a task, when the one before has ended. */
  async start(run: (signal: AbortSignal) => Promise<void>): Promise<void> {
    await this.stop();
    const stop = new AbortController();
    const end = (error?: unknown) => {
      this.#running = undefined;
      this.#onEnd(error);
    };
    this.#running = { stop, done: run(stop.signal).then(() => end(), end) };
  }

  /** Stops the task; resolves when it has ended. */
  async stop(): Promise<void> {
    this.#running?.stop.abort();
    await this.#running?.done;
  }
}
