import type { StepContexts } from '../graph/engine.js';
import type { Tensor } from '../ops/tensor.js';
import type { View } from '../plan/layout.js';
import type { CommandQueue } from './command-queue.js';
import type { RunObserver } from './debugging.js';
import { USAGE } from './device.js';
import type { Memory } from './memory.js';
import { unpadEach } from './padding.js';

/** The steps to collect an output of. */
export interface CollectedSteps {
  readonly steps: readonly StepContexts[];
  readonly output: Tensor;
  readonly view: View;
  /** Records one step. */
  encode(encoder: GPUCommandEncoder, contexts: StepContexts): void;
  readonly observer: RunObserver | undefined;
}

/** Runs steps and returns an output ([rows, cols], tight) after each, by step and member. */
export async function collect(
  commands: CommandQueue,
  memory: Memory,
  { steps, output, view, encode, observer }: CollectedSteps,
): Promise<Float32Array[][]> {
  const { members } = memory;
  const { size } = memory.region(view, output.rows, 0);
  const total = Math.max(steps.length * members * size, 4);
  const usage = USAGE.copySource | USAGE.copyDestination;
  const gathered = commands.device.createBuffer({ label: 'wgrad collected', size: total, usage });
  try {
    const encoder = commands.device.createCommandEncoder({ label: 'wgrad collect' });
    steps.forEach((contexts, i) => {
      encode(encoder, contexts);
      for (let member = 0; member < members; member++) {
        const from = memory.region(view, output.rows, member);
        encoder.copyBufferToBuffer(from.buffer, from.offset, gathered, (i * members + member) * size, size);
      }
    });
    const submitted = commands.submitObserved(encoder, observer);
    const bytes = await commands.readBack([{ buffer: gathered, offset: 0, size: total }], submitted);
    const outputs = unpadEach(bytes, Array<Tensor>(steps.length * members).fill(output));
    return steps.map((_, i) => outputs.slice(i * members, (i + 1) * members));
  } finally {
    gathered.destroy();
  }
}
