import { readDropoutMask } from 'wgrad';
import type { NetworkFacts } from '../../contract/view-facts.js';
import type { Experiment } from '../experiment.js';

/** Returns the weights of the selected run, and the units that its last step kept for the first example of the batch. */
export async function network({ selected, state }: Experiment): Promise<NetworkFacts> {
  const { knobs, steps, hasNewRates } = selected;
  const trainer = await selected.trainer();
  const layers = (await trainer.weights()).filter(({ name }) => name.endsWith('.w'));
  const kept: (Uint8Array | undefined)[] = [];
  for (const [layer, rate] of knobs.dropout.entries()) {
    const isDropping = rate > 0 && steps > 0 && !hasNewRates && !state.parts?.gaussian;
    kept.push(
      isDropping
        ? (await readDropoutMask(trainer, { layer, step: steps - 1 })).kept.slice(0, state.hidden[layer])
        : undefined,
    );
  }
  return {
    run: selected.id,
    step: steps,
    layers: layers.map(({ shape: [from, to], data }) => ({ from, to, data: data.slice() })),
    kept,
  };
}
