import type { Dataset } from '../../src/index.js';
import type { Contender, Rival } from './contender.js';

/** What a place to run offers. */
export interface Place {
  readonly gpu: GPU;
  /** Where tfjs finds its WebAssembly: a folder or URL that ends in a slash. */
  readonly wasm: string;
  /** URL of jax-js' module. */
  readonly jax: string;
  /** Images of digits to learn from, where there are files. */
  readonly images?: () => Promise<Dataset>;
}

/** Starts a rival; what it needs is loaded only then. */
export async function openRival(place: Place, rival: Rival): Promise<Contender> {
  const backend = rival.endsWith('webgpu') ? 'webgpu' : 'wasm';
  if (rival.startsWith('tfjs')) return (await import('./tfjs-contender.js')).TfjsContender.open(backend, place);
  return (await import('./jax-contender.js')).JaxContender.open(backend, place.jax);
}
