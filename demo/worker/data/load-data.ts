import type { State } from '../../contract/state.js';
import type { LoadedData } from './loaded-data.js';
import type { OwnSource } from './own-data.js';
import { planeData, sineData } from './toys.js';

/** Returns the data of a state. @throws Error with the reason if there is none */
export async function loadData(state: State, own: OwnSource | undefined): Promise<LoadedData> {
  const { data } = state;
  if (data === 'sine') return sineData(state);
  if (data === 'mnist') return (await import('./mnist.js')).mnistData(state);
  if (data !== 'own') return planeData(data, state);
  if (own) return (await import('./own-data.js')).ownData(own, state);
  throw new Error(
    'You have no data of your own yet: drop a CSV file, or the two files of an IDX data set, on the page.',
  );
}
