import { announce } from '../../page/announce.js';
import { element, write } from '../../page/element.js';
import { loss, percent } from '../../page/figures.js';
import type { History } from '../../page/history.js';
import type { Page } from '../../page/page.js';
import { LETTERS } from '../../page/run-look.js';

/** Shortest time between two changes of the result line during training: nobody reads faster. */
const RESULT_MILLISECONDS = 2000;
/** Fewer measurements than this are too few to name the best one. */
const EARLY_ROWS = 10;
/** A loss this many times the first one is not noise of the batches; even the largest λ stays below it. */
const FAR_WORSE = 1.5;
/** A training loss above this share of the first one has not fallen. */
const NOT_FALLEN = 0.9;

/** Shows notices, errors and the result line. */
export function showBanners(page: Page): void {
  const show = (id: 'notice' | 'problem', text: string) => {
    const banner = element(id, HTMLElement);
    banner.textContent = text;
    banner.hidden = text === '';
  };
  const notice = () => {
    const notes = page.notes.length ? ['Not all of this address could be used:', ...page.notes] : [];
    show('notice', [...notes, page.facts.notice ?? ''].filter(Boolean).join('\n'));
  };
  page.on(['notice', 'lesson'], notice);
  page.on('problem', () => show('problem', page.facts.problem ?? ''));
  notice();
  const tell = () => write('result', result(page));
  setInterval(tell, RESULT_MILLISECONDS);
  let wasPlaying = false;
  page.on(['training', 'runs'], () => {
    const { playing = false } = page.facts.training ?? {};
    if (playing) wasPlaying = true;
    else tell();
    if (playing || !wasPlaying) return;
    wasPlaying = false;
    announce(result(page));
  });
}

function result({ runs, state, facts }: Page): string {
  const run = runs[state.selected];
  if (!run?.history.length) return facts.training?.busy ?? '';
  const accuracy = run.history.last('validationAccuracy');
  const { steps } = run.facts;
  if (facts.jobs?.some(({ job, waitsFor }) => job === 'train' && waitsFor === 'verify')) {
    return 'Training is paused while the check runs.';
  }
  if (!facts.training?.playing && steps === 0) {
    const isBehind = runs.some((each) => each.facts.steps > 0);
    return isBehind
      ? `${LETTERS[state.selected]} is new: turn one of its knobs, then press Play.`
      : 'Press Play to train.';
  }
  if (run.facts.diverged) return `${LETTERS[state.selected]} diverged: lower its learning rate, then press Play.`;
  if (isFarWorse(run.history)) {
    return `${LETTERS[state.selected]} is far worse than at step ${run.history.of('step')[0]}: lower its learning rate.`;
  }
  const best = run.history.of('step')[run.history.best()];
  return [
    `${LETTERS[state.selected]} at step ${steps}: validation loss ${loss(run.history.last('validationLoss'))}`,
    accuracy === null ? '' : `, accuracy ${percent(accuracy)}`,
    !best || run.history.length < EARLY_ROWS ? '' : `; lowest at step ${best}`,
  ].join('');
}

/** Returns true if a loss has risen because the steps are too long, and not because the examples were memorised. */
function isFarWorse(history: History): boolean {
  const times = (column: 'trainLoss' | 'validationLoss') =>
    Number(history.last(column)) / Number(history.of(column)[0]);
  return times('trainLoss') > NOT_FALLEN && Math.max(times('trainLoss'), times('validationLoss')) > FAR_WORSE;
}
