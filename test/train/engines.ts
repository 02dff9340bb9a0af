import { createReferenceEngine, type Engine } from '../../src/index.js';
import { sharedEngine } from '../gpu/stored.js';

/** Both ways to train, for one table of tests. Nobody disposes them. */
export const ENGINES: readonly [name: string, engine: Engine][] = [
  ['the GPU', await sharedEngine()],
  ['the CPU reference', createReferenceEngine()],
];
