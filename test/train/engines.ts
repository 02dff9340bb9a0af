import { createEngine, createReferenceEngine, type Engine } from '../../src/index.js';

/** Both ways to train, for one table of tests. */
export const ENGINES: readonly [name: string, engine: Engine][] = [
  ['the GPU', await createEngine()],
  ['the CPU reference', createReferenceEngine()],
];
