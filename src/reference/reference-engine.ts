import { EngineError } from '../errors/engine-error.js';
import type { Engine, EngineInfo } from '../graph/engine.js';
import { ReferenceExecutor } from './reference-executor.js';

const info: EngineInfo = {
  backend: 'reference',
  adapter: 'CPU reference interpreter',
  vendor: '',
  architecture: '',
  software: true,
};

/** Returns an engine that runs the same models on the CPU, in float32, slowly: for machines without WebGPU. */
export function createReferenceEngine(): Engine {
  let disposed = false;
  const dispose = () => {
    disposed = true;
  };
  const check = () => {
    if (disposed) throw new EngineError('disposed', 'engine: it was disposed; create a new one');
  };
  return {
    info,
    check,
    createExecutor(options) {
      check();
      return new ReferenceExecutor(options);
    },
    dispose,
    [Symbol.dispose]: dispose,
  };
}
