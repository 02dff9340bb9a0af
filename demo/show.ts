import type { Engine, EpochReport } from 'wgrad';
import { element } from './element.js';
import type { Run } from './run.js';

const say = (id: string, text: string) => {
  element(id, HTMLElement).textContent = text;
};
const loss = (value: number | undefined) => (value === undefined ? '–' : value.toFixed(4));
const percent = (share: number | undefined) => (share === undefined ? '–' : `${(100 * share).toFixed(1)} %`);

/** Shows a sentence in one of the page's two boxes, or hides the box. */
export function tell(box: 'notice' | 'problem', text: string | undefined): void {
  const found = element(box, HTMLElement);
  found.hidden = text === undefined;
  found.textContent = text ?? '';
}

/** Says on what a run computes. */
export function showEngine({ info }: Engine, { trainer }: Run): void {
  const isGpu = info.backend === 'webgpu';
  say('adapter', `${info.adapter}${isGpu && info.software ? ', in software' : ''}`);
  say('dispatches', isGpu ? String(trainer.dispatchesPerStep) : 'none, on the CPU');
}

/** Writes the numbers of the last epoch; `milliseconds` is what a step has taken lately. */
export function showNumbers(last: EpochReport | undefined, steps: number, milliseconds: number | undefined): void {
  say('train-loss', loss(last?.trainLoss));
  say('validation-loss', loss(last?.validationLoss));
  say('penalty', loss(last?.trainPenalty));
  say('train-accuracy', percent(last?.trainAccuracy));
  say('validation-accuracy', percent(last?.validationAccuracy));
  say('epoch', (last?.epoch ?? 0).toLocaleString('en'));
  say('step', steps.toLocaleString('en'));
  say('step-time', milliseconds === undefined ? '–' : `${milliseconds.toFixed(2)} ms`);
}
