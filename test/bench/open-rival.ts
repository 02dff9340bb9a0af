import type { Dataset, Table } from '../../src/index.js';
import type { Contender, Rival } from './contender.js';

/** The means that a place offers to rivals. */
export interface Place {
  readonly gpu: GPU;
  /** Folder or URL of tfjs' WebAssembly, with a slash at the end. */
  readonly wasm: string;
  /** URL of jax-js' module. */
  readonly jax: string;
  /** Images of digits to learn from, where there are files. */
  readonly images?: () => Promise<Dataset>;
  /** Returns a table of `test/bench/tables`, where there are files. */
  readonly table?: (name: string) => Promise<Table>;
}

/** Starts a rival; what it needs is loaded only then. */
export async function openRival(place: Place, rival: Rival): Promise<Contender> {
  const backend = rival.endsWith('webgpu') ? 'webgpu' : 'wasm';
  if (rival.startsWith('tfjs')) return (await import('./tfjs-contender.js')).TfjsContender.open(backend, place);
  return (await import('./jax-contender.js')).JaxContender.open(backend, place.jax);
}
