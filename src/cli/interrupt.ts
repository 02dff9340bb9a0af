import { EXIT } from './exit-code.js';

/** npm passes Ctrl-C on to a process that already had it from the terminal: a second one this soon is the same one. */
const SAME_MILLISECONDS = 300;

/** Ctrl-C as a signal, for work that can stop cleanly. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** Gives Ctrl-C back its usual meaning. */
  release(): void;
}

/** Aborts the signal at the first Ctrl-C, after calling `onFirst`; the second one ends the process at once. */
export function onInterrupt(onFirst: () => void): Interrupt {
  const controller = new AbortController();
  let first: number | undefined;
  const listener = () => {
    if (first !== undefined) {
      if (Date.now() - first > SAME_MILLISECONDS) process.exit(EXIT.interrupted);
      return;
    }
    first = Date.now();
    onFirst();
    controller.abort();
  };
  process.on('SIGINT', listener);
  return { signal: controller.signal, release: () => process.off('SIGINT', listener) };
}
