import { commandHelp } from '../help.js';
import { ADAPTER_OPTION, GENERAL_OPTIONS, type Given, type Options } from '../parse-options.js';

export const WORK_OPTIONS = {
  adapter: ADAPTER_OPTION,
  reference: { text: 'Train on the CPU in float32, without WebGPU: slow, for searches that were started so.' },
  remove: { text: 'Train nothing; remove the searches from the database that no `wgrad tune` leads any more.' },
  ...GENERAL_OPTIONS,
} as const satisfies Options;

export type WorkOptions = Given<typeof WORK_OPTIONS>;

const ABOUT =
  'Trains the networks of every `wgrad tune --workers ADDRESS` in a Postgres database, postgres://USER@HOST/DATABASE, until ' +
  'Ctrl-C. PGPASSWORD may hold the password. A worker that is killed or loses its connection loses no network: others train ' +
  'them.';

/** Returns the text of `wgrad work --help`, in lines of at most `width` columns. */
export function workHelp(width: number): string {
  const exit = { ok: 'done: with --remove', usage: 'a mistake in the options', diverged: null, unwritten: null };
  return commandHelp({ command: 'wgrad work ADDRESS', about: ABOUT, options: { Options: WORK_OPTIONS }, exit }, width);
}
