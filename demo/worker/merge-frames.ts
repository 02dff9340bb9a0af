import type { Frame, Opened, RunFacts } from '../contract/protocol.js';

/** Returns one frame with the effect of `before` and then `after`: later parts win, histories and files add up. */
export function mergeFrames(before: Frame, after: Frame): Frame {
  const files = [...(before.files ?? []), ...(after.files ?? [])];
  return {
    ...before,
    ...after,
    ...(after.runs && { runs: after.runs.map((run) => withEarlier(run, before.runs)) }),
    ...(files.length > 0 && { files }),
    ...(before.opened && after.opened && { opened: bothOpened(before.opened, after.opened) }),
  };
}

function bothOpened(first: Opened, second: Opened): Opened {
  return { ...first, ...second, change: { ...first.change, ...second.change } };
}

/** Returns a run with the rows of an earlier frame that was not sent. */
function withEarlier(run: RunFacts, before: Frame['runs']): RunFacts {
  const earlier = before?.find(({ id }) => id === run.id)?.history;
  if (!earlier || run.history?.replace) return run;
  const later = run.history?.rows ?? new Float32Array();
  const rows = new Float32Array(earlier.rows.length + later.length);
  rows.set(earlier.rows);
  rows.set(later, earlier.rows.length);
  return { ...run, history: { rows, replace: earlier.replace } };
}
