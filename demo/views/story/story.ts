import { announce } from '../../page/announce.js';
import { element, write } from '../../page/element.js';
import type { Page, Run } from '../../page/page.js';
import { story as words } from '../../words/words.js';
import { type Now, type RunNow, tell } from './tell.js';

/** Shortest time between two changes of the sentence during training: nobody reads faster. */
const SENTENCE_MILLISECONDS = 2000;

/** Shows the numbers that lead and the sentence on what happens now. */
export function showStory(page: Page): void {
  let last = '';
  let changed = 0;
  const show = (isNow: boolean) => {
    const { headline, more, better, now, next, leadsOn } = tell(nowOf(page));
    write('headline-name', words.headline);
    write('headline-numbers', headline || words.notYet);
    write('headline-more', more);
    element('headline-numbers', HTMLElement).dataset.better = String(better ?? '');
    const time = performance.now();
    if (!isNow && time - changed < SENTENCE_MILLISECONDS && now !== last) return;
    if (now !== last) changed = time;
    last = now;
    write('story-now', now);
    write('story-next', next);
    element('story-lesson', HTMLElement).hidden = !leadsOn;
  };
  setInterval(() => show(true), SENTENCE_MILLISECONDS);
  let wasPlaying = false;
  page.on(['state', 'lesson', 'mode'], () => show(true));
  page.on(['training', 'runs', 'jobs', 'view'], () => {
    const playing = page.facts.training?.playing ?? false;
    show(!playing);
    if (!playing && wasPlaying) announce(element('result', HTMLElement).innerText);
    wasPlaying = playing;
  });
  show(true);
}

function nowOf(page: Page): Now {
  const { state, facts, lesson, runs } = page;
  const isLessons = !page.lab && lesson?.state.data === state.data;
  return {
    lesson: isLessons ? lesson?.name : undefined,
    state,
    runs: state.runs.map((_, i) => runs[i] && runNow(runs[i])),
    points: facts.data?.train ?? state.examples,
    playing: facts.training?.playing ?? false,
    busy: facts.training?.busy,
    onCpu: facts.view && 'onCpu' in facts.view ? facts.view.onCpu : undefined,
    isWaiting: facts.jobs?.some(({ job, waitsFor }) => job === 'train' && waitsFor === 'verify') ?? false,
  };
}

function runNow({ facts, history }: Run): RunNow | undefined {
  const at = (row: number) => ({
    step: history.of('step').at(row) ?? 0,
    train: history.of('trainLoss').at(row) ?? Number.NaN,
    validation: history.of('validationLoss').at(row) ?? Number.NaN,
  });
  if (history.length === 0) return undefined;
  const best = Math.max(0, history.best());
  return {
    steps: facts.steps,
    diverged: facts.diverged !== undefined,
    turned: facts.marks.at(-1)?.step === facts.steps,
    first: at(0),
    last: at(-1),
    accuracy: history.last('validationAccuracy'),
    best: { loss: at(best).validation, step: at(best).step },
  };
}
