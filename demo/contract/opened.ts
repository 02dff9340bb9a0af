import { fitted } from './address.js';
import type { Opened } from './protocol.js';
import type { State } from './state.js';

/**
 * Returns the state with the changes that an opened file asks for; all else stays as a person has set it meanwhile. A
 * dropped network becomes a run of its own, with the identity `id`, in place of the selected one.
 */
export function withOpened(state: State, { change, run }: Opened, id: number): State {
  const { runs, selected } = state;
  const isOwn = run?.network !== undefined;
  const taken = (each: State['runs'][number]) => ({ ...each, ...run, id: isOwn ? id : each.id });
  return fitted({
    ...state,
    ...change,
    runs: run ? runs.map((each, i) => (i === selected ? taken(each) : each)) : runs,
  });
}
