import { createReferenceEngine } from 'wgrad';
import type { OpenEngine } from './open-engine.js';

/** Returns an engine on the CPU. */
export function openReference(): OpenEngine {
  return { engine: createReferenceEngine(), lost: new Promise(() => {}) };
}
