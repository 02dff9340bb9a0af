import { EngineError } from 'wgrad';

/** The failures of the device and of training, in the words of the page: what happened, and what a person can do. */
const FAILURES: Partial<Record<EngineError['kind'], string>> = {
  lost: 'The GPU was lost. The page looks for another one.',
  memory: 'The GPU is out of memory. Choose smaller layers, a smaller batch, or fewer runs.',
  limit: 'This is more than the GPU can take. Choose smaller layers, a smaller batch, or fewer examples.',
  diverged: 'The numbers became too large. Lower the learning rate, then press Play.',
  aborted: 'It was stopped.',
  disposed: 'It was stopped.',
};

/** The function of the library, or the format, that a message begins with. */
const WHERE = /^[a-z]\w*: /i;

/** Returns an error in the page's words; messages about a person's file or settings stay, without the name of a function. */
export function inWords(error: unknown): string {
  if (error instanceof EngineError) {
    const { kind, message } = error;
    if (kind === 'validation') return `The GPU refused a command. Press Reset, or reload the page. (${message})`;
    return FAILURES[kind] ?? message.replace(WHERE, '');
  }
  if (error instanceof TypeError || error instanceof RangeError) return error.message.replace(WHERE, '');
  return error instanceof Error ? error.message : String(error);
}
