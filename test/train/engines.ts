import { createEngine, createReferenceEngine, type Engine } from '../../src/index.js';

/** Both ways to train, for one table of tests. */
export const ENGINES: readonly [name: string, create: () => Promise<Engine>][] = [
  ['the GPU', () => createEngine()],
  ['the CPU reference', async () => createReferenceEngine()],
];
