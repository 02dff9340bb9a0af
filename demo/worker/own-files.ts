import { worker as words } from '../words/words.js';
import type { OwnFile } from './data/own-file.js';

/** The files that a person has dropped and the worker has read, by their numbers. */
export class OwnFiles {
  readonly #data = new Map<number, OwnFile>();
  readonly #networks = new Map<number, Uint8Array<ArrayBuffer>>();
  #last = 0;

  /** Keeps the data of a file. @returns its number, for a state */
  keepData(file: OwnFile): number {
    this.#data.set(++this.#last, file);
    return this.#last;
  }

  /** Keeps the bytes of a network. @returns its number, for a run */
  keepNetwork(bytes: Uint8Array<ArrayBuffer>): number {
    this.#networks.set(++this.#last, bytes);
    return this.#last;
  }

  /** Returns the data that a state means. @throws Error if there are none */
  data(file: number | undefined): OwnFile {
    const found = file === undefined ? undefined : this.#data.get(file);
    if (found) return found;
    throw new Error(words.noOwnData);
  }

  /** Returns the network that a run is to go on from; undefined if it has begun. */
  network(number: number | undefined): Uint8Array<ArrayBuffer> | undefined {
    return number === undefined ? undefined : this.#networks.get(number);
  }

  /** Forgets a network: the run that it was for goes on from its own saves. */
  forgetNetwork(number: number | undefined): void {
    if (number !== undefined) this.#networks.delete(number);
  }

  /** Forgets the data read before those of a state in use. */
  forgetDataBefore(file: number | undefined): void {
    for (const number of this.#data.keys()) if (file !== undefined && number < file) this.#data.delete(number);
  }
}
