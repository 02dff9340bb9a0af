import { announce } from '../../page/announce.js';
import { element, write } from '../../page/element.js';
import type { Page, Run } from '../../page/page.js';
import { story as words } from '../../words/words.js';
import { type Now, type RunNow, tell } from './tell.js';

/** Shortest time between two changes of the sentence during training: nobody reads faster. */
const SENTENCE_MILLISECONDS = 2000;

/** Shows the numbers that lead and the sentence on what happens now. */
export function showStory(page: Page): void {
  const hasTurned = watchKnobs(page);
  let last = '';
  let changed = 0;
  const show = (isNow: boolean) => {
    const { headline, more, better, now, next, leadsOn } = tell({ ...nowOf(page), turned: hasTurned() });
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

function nowOf(page: Page): Omit<Now, 'turned'> {
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

/** Returns a function that says if the knobs of the selected run have been turned since its last step. */
function watchKnobs(page: Page): () => boolean {
  const trained = new Map<number, { readonly steps: number; readonly knobs: string }>();
  const knobsOf = (place: number) => JSON.stringify(page.state.runs[place]);
  page.on(['runs', 'training'], () => {
    for (const [place, run] of page.runs.entries()) {
      const steps = run?.facts.steps;
      if (!run || steps === undefined || !page.state.runs[place]) continue;
      if (trained.get(run.facts.id)?.steps !== steps) trained.set(run.facts.id, { steps, knobs: knobsOf(place) });
    }
  });
  return () => {
    const { selected } = page.state;
    const id = page.runs[selected]?.facts.id;
    const before = id === undefined ? undefined : trained.get(id);
    return before !== undefined && before.steps > 0 && before.knobs !== knobsOf(selected);
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
    first: at(0),
    last: at(-1),
    accuracy: history.last('validationAccuracy'),
    best: { loss: at(best).validation, step: at(best).step },
  };
}
