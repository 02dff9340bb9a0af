import { dropoutMask, readDropoutMask } from 'wgrad';
import type { ViewFacts } from '../../contract/view-facts.js';
import type { Experiment } from '../experiment.js';
import { DROPOUT_OFF } from './dropout-off.js';

/** Returns the mask that the GPU used in the last step of the selected run, compared with the host's mask. */
export async function mask({ selected, state }: Experiment, layer: number): Promise<ViewFacts> {
  if (layer >= state.hidden.length) {
    return { kind: 'none', why: `There is no dropout layer ${layer + 1}: the network has ${state.hidden.length}.` };
  }
  if (state.parts?.gaussian) {
    return { kind: 'none', why: 'Gaussian dropout drops no unit: it multiplies each by a random number.' };
  }
  if (selected.knobs.dropout[layer] === 0) return { kind: 'none', why: DROPOUT_OFF };
  if (selected.steps === 0) return { kind: 'none', why: 'No step has been taken yet: play, or take one.' };
  // The mask would be read with a rate other than that of the step.
  if (selected.hasNewRates)
    return { kind: 'none', why: 'The rate was turned after the last step: press Step to see a mask drawn with it.' };
  const read = await readDropoutMask(selected.trainer, { layer });
  const { step, rows, cols, rate, kept } = read;
  const expected = dropoutMask({ seed: state.seed, step, layer, rows, cols, rate });
  const differing = kept.reduce((count, each, i) => count + (each === expected[i] ? 0 : 1), 0);
  return { kind: 'mask', run: selected.id, layer, step, rows, cols, kept, rate, differing };
}
