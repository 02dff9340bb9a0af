import { HISTORY } from '../../contract/protocol.js';
import type { State } from '../../contract/state.js';
import type { Experiment } from '../experiment.js';
import type { Run } from '../run.js';

/** The first columns: a run and its knobs. */
const KNOBS = ['run', 'l2', 'l1', 'dropout', 'dropoutKind', 'maxNorm', 'learningRate'];

/** The first characters of a saved history, by which the page knows it. */
export const HISTORY_START = `${KNOBS.join()},step,`;

/** The name of the last column, whose first cell is the address of the experiment: by it the page sets it up again. */
export const SETTINGS = 'settings';

/** Returns one line per run and measurement (RFC 4180), with the run's current knobs; what is missing or off is empty. */
export function historyCsv({ state, runs }: Pick<Experiment, 'state' | 'runs'>, address: string): string {
  const lines = runs.flatMap((run, i) =>
    run.history.rows.map((row) => [i + 1, ...knobsOf(run, state), ...row.map((v) => (Number.isNaN(v) ? '' : v)), '']),
  );
  lines[0]?.splice(-1, 1, `"${address}"`);
  return [[...KNOBS, ...HISTORY, SETTINGS], ...lines].map((line) => `${line.join()}\r\n`).join('');
}

function knobsOf({ knobs: { l2, l1, dropout, learningRate } }: Run, { parts = {} }: State): (string | number)[] {
  const kind = parts.gaussian ? 'gaussianDropout' : 'dropout';
  return [l2, parts.l1 ? (l1 ?? 0) : '', dropout.join(' '), kind, parts.maxNorm ?? '', learningRate];
}
