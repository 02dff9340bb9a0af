import { dropoutMask, readDropoutMask } from 'wgrad';
import type { ViewFacts } from '../../contract/view-facts.js';
import { worker as words } from '../../words/words.js';
import type { Experiment } from '../experiment.js';

/** Returns the mask that the GPU used in the last step of the selected run, compared with the host's mask. */
export async function mask({ selected, state }: Experiment, layer: number): Promise<ViewFacts> {
  if (layer >= state.hidden.length) {
    return { kind: 'none', why: words.noLayer(layer + 1, state.hidden.length) };
  }
  if (state.parts?.gaussian) {
    return { kind: 'none', why: words.gaussian };
  }
  if (selected.knobs.dropout[layer] === 0) return { kind: 'none', why: words.dropoutOff };
  if (selected.steps === 0) return { kind: 'none', why: words.noStep };
  // The mask would be read with a rate other than that of the step.
  if (selected.hasNewRates) return { kind: 'none', why: words.newRates };
  const read = await readDropoutMask(await selected.trainer(), { layer, step: selected.steps - 1 });
  const { step, rows, cols, rate, kept } = read;
  const expected = dropoutMask({ seed: state.seed, step, layer, rows, cols, rate });
  const differing = kept.reduce((count, each, i) => count + (each === expected[i] ? 0 : 1), 0);
  return { kind: 'mask', run: selected.id, layer, step, rows, cols, kept, rate, differing };
}
