import type { State } from '../../contract/state.js';
import type { LoadedData } from './loaded-data.js';

/** The parts of a state on which the data of a file depend. */
export type OwnOptions = Pick<State, 'examples' | 'noise' | 'seed' | 'table'>;

interface Size {
  readonly examples: number;
  readonly features: number;
}

/** A person's own file of examples. */
export interface OwnFile {
  /**
   * Returns the number of training examples there are, and of inputs that each has.
   * @param onProgress called with the share of a long preparation that is done
   * @throws EngineError as `load` does
   */
  size(options: OwnOptions, onProgress?: (share: number) => void): Promise<Size> | Size;
  /** Returns the data; equal options give equal data. @throws EngineError with the reason if the file cannot be learned from */
  load(options: OwnOptions): Promise<LoadedData> | LoadedData;
}
