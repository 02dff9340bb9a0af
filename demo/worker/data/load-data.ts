import type { State } from '../../contract/state.js';
import type { LoadedData } from './loaded-data.js';
import { planeData, sineData } from './toys.js';

/** Returns the data of a state. @throws Error saying why there is none */
export async function loadData(state: State): Promise<LoadedData> {
  const { data } = state;
  if (data === 'sine') return sineData(state);
  if (data === 'mnist' || data === 'own') throw new Error('not yet');
  return planeData(data, state);
}
