/** Milliseconds of work after which others get a turn. */
const TURN = 12;

/** Long work on the host, which gives way now and then, so that a page or its worker answers meanwhile. */
export class Turns {
  #began = performance.now();

  /** Lets others run if this turn has lasted long enough. */
  async giveWay(): Promise<void> {
    if (performance.now() - this.#began < TURN) return;
    await nextTask();
    this.#began = performance.now();
  }
}

/**
 * Returns the result of work that yields wherever it may give way.
 * @param goesOn called wherever it may; throws to end it
 */
export async function inTurns<Result>(work: Generator<void, Result, void>, goesOn = () => {}): Promise<Result> {
  const turns = new Turns();
  for (;;) {
    goesOn();
    const step = work.next();
    if (step.done) return step.value;
    await turns.giveWay();
  }
}

/**
 * Resolves in a task of its own, behind those that wait. A timer would wait for 4 ms in a page, and `scheduler.yield` goes
 * on before the messages that wait for an answer.
 */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/** Numbers that are handled at once: a millisecond of work. */
const PIECE = 2 ** 15;

/** Calls `work` for all of `length` things, some at a time, and yields after each time. @param numbers the numbers of a thing */
export function* inPieces(
  length: number,
  work: (start: number, end: number) => void,
  numbers = 1,
): Generator<void, void, void> {
  const most = Math.ceil(PIECE / numbers);
  for (let start = 0; start < length; start += most) {
    work(start, Math.min(start + most, length));
    yield;
  }
}

/** Returns the result of work without giving way. */
export function atOnce<Result>(work: Generator<void, Result, void>): Result {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
