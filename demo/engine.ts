import { createEngine, createReferenceEngine, type Engine, EngineError } from 'wgrad';

/** Returns an engine on the GPU, or the CPU reference with the reason why. */
export async function openEngine(): Promise<{ engine: Engine; notice?: string }> {
  try {
    return { engine: await createEngine() };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return {
      engine: createReferenceEngine(),
      notice: `Without WebGPU this page trains on the CPU, with the library’s slow reference. (${error.message})`,
    };
  }
}
