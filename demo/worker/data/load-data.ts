import type { State } from '../../contract/state.js';
import type { OwnFiles } from '../own-files.js';
import { edited } from './edited.js';
import type { LoadedData } from './loaded-data.js';
import { planeData, sineData, sparseData } from './toys.js';

/** Returns the data of a state. @throws Error with the reason if there is none */
export async function loadData(state: State, files: OwnFiles): Promise<LoadedData> {
  const { data } = state;
  if (data === 'sine') return edited(sineData(state), state.edits);
  if (data === 'sparse') return sparseData(state);
  if (data === 'mnist') return (await import('./mnist.js')).mnistData(state);
  return data === 'own' ? files.data(state.file).load(state) : edited(planeData(data, state), state.edits);
}
