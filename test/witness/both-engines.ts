import { afterAll } from 'vitest';
import { createEngine, createReferenceEngine, type Engine } from '../../src/index.js';

/** Makes an engine on the GPU and the CPU reference, which are there until the tests of the file have ended. */
export async function bothEngines(): Promise<Engine[]> {
  const engines = [await createEngine(), createReferenceEngine()];
  afterAll(() => {
    for (const engine of engines) engine.dispose();
  });
  return engines;
}
