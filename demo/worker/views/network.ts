import { readDropoutMask } from 'wgrad';
import type { NetworkFacts } from '../../contract/view-facts.js';
import type { Experiment } from '../experiment.js';

/** Returns the weights of the selected run, and the units that its last step kept for the first example of the batch. */
export async function network({ selected, state }: Experiment): Promise<NetworkFacts> {
  const { network, knobs, steps, hasNewRates } = selected;
  const layers = (await network.weights()).filter(({ name }) => name.endsWith('.w'));
  const hasMasks = steps > 0 && !hasNewRates && !state.parts?.gaussian && knobs.dropout.some((rate) => rate > 0);
  const trainer = hasMasks ? await selected.trainer() : undefined;
  const kept: (Uint8Array | undefined)[] = [];
  for (const [layer, rate] of knobs.dropout.entries()) {
    const mask = trainer && rate > 0 ? await readDropoutMask(trainer, { layer, step: steps - 1 }) : undefined;
    kept.push(mask?.kept.slice(0, state.hidden[layer]));
  }
  return {
    run: selected.id,
    step: steps,
    layers: layers.map(({ shape: [from, to], data }) => ({ from, to, data: data.slice() })),
    kept,
  };
}
