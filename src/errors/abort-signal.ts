import { show } from './arguments.js';
import { EngineError } from './engine-error.js';

/** Refuses a `signal` option that is no AbortSignal. @throws TypeError naming `where` */
export function checkSignal(where: string, signal: AbortSignal | undefined): void {
  if (signal === undefined || typeof signal?.aborted === 'boolean') return;
  throw new TypeError(`${where}: signal must be an AbortSignal, got ${show(signal)}`);
}

/** @throws EngineError of kind `aborted`, caused by the signal's reason, if the signal is aborted */
export function throwIfAborted(where: string, signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new EngineError('aborted', `${where}: the signal was aborted`, { cause: signal.reason });
}
