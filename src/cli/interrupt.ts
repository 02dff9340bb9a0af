import { EXIT } from './exit-code.js';

/** Ctrl-C, and the signals of a shell that closes and of a machine that goes down. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** npm passes Ctrl-C on to a process that already had it from the terminal: a second one this soon is the same one. */
const SAME_MILLISECONDS = 1000;

/** A request to stop, as an AbortSignal, for work that can stop cleanly. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** Gives the signals back their usual meaning. */
  release(): void;
}

/** Aborts the signal at the first Ctrl-C, SIGTERM or SIGHUP, after calling `onFirst`; a later one ends the process at once. */
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
  for (const name of SIGNALS) process.on(name, listener);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of SIGNALS) process.off(name, listener);
    },
  };
}
