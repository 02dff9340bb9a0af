import type { State } from '../../contract/state.js';
import type { LoadedData } from './loaded-data.js';

/** The parts of a state on which the data of a file depend. */
export type OwnOptions = Pick<State, 'examples' | 'noise' | 'seed' | 'table'>;

/** A person's own file of examples. */
export interface OwnFile {
  /** Returns the number of training examples there are, and of inputs that each has. @throws EngineError as `load` does */
  size(options: OwnOptions): { readonly examples: number; readonly features: number };
  /** Returns the data; equal options give equal data. @throws EngineError with the reason if the file cannot be learned from */
  load(options: OwnOptions): LoadedData;
}
