import type { SearchFacts, SearchPlan } from '../../contract/protocol.js';
import { workOf } from '../../contract/search-work.js';
import { LIMITS } from '../../contract/state.js';
import { input, select, write } from '../../page/element.js';
import { count, duration } from '../../page/figures.js';
import type { Page } from '../../page/page.js';
import { search as words } from '../../words/words.js';

/** Most values of each knob: 10 x 10 networks still fit a phone's memory. */
const MOST = 10;

/** Writes a plan into the form; the first one does not overwrite typed text. */
export function writePlan({ l2, dropout, epochs, strategy }: SearchPlan, isFirst = false): void {
  const texts = { 'search-l2': l2.join(', '), 'search-dropout': dropout.join(', '), 'search-epochs': String(epochs) };
  for (const [id, text] of Object.entries(texts)) {
    const box = input(id);
    if (!isFirst || box.value === box.defaultValue) box.value = text;
  }
  select('search-strategy').value = strategy;
}

/** Returns the plan in the form; undefined if a box has a mistake, which that box then shows. */
export function readPlan(): SearchPlan | undefined {
  const l2 = values('search-l2', LIMITS.l2);
  const dropout = values('search-dropout', LIMITS.dropout);
  const epochs = input('search-epochs');
  if (!l2 || !dropout || !epochs.checkValidity()) return undefined;
  const strategy = select('search-strategy').value === 'halving' ? 'halving' : 'grid';
  return { l2, dropout, epochs: epochs.valueAsNumber, strategy };
}

/** Milliseconds of one step of one network in the last search. */
let measured: number | undefined;

/** Learns from a search how long a step of one of its networks takes; networks side by side take less than one alone. */
export function learnTime(search: SearchFacts, { state }: Page): void {
  const { done } = workOf(search.plan, search);
  if (done > 0) measured = (1000 * search.seconds) / (done * stepsPerEpoch(state));
}

/** Shows the cost of the plan before it starts. */
export function showBudget({ state, facts }: Page): void {
  const plan = readPlan();
  if (!plan) {
    write('search-budget', words.unusable);
    return;
  }
  const { search, test } = workOf(plan);
  const steps = (search + test) * stepsPerEpoch(state);
  const step = measured ?? facts.training?.stepMilliseconds;
  const say = measured === undefined ? words.atMost : words.takes;
  const time = step === undefined ? words.notMeasured : say(duration((steps * step) / 1000));
  write('search-budget', `${words.plan(plan.l2.length * plan.dropout.length, count(steps))} ${time}`);
}

const stepsPerEpoch = ({ examples, batch }: Page['state']) => Math.ceil(examples / batch);

/**
 * Returns the numbers between commas, sorted and without repetitions; undefined if there is a mistake, which the box
 * shows.
 */
function values(id: string, { min, max }: { min: number; max: number }): number[] | undefined {
  const box = input(id);
  const found = [
    ...new Set(
      box.value
        .split(/[\s,;]+/)
        .filter(Boolean)
        .map(Number),
    ),
  ].sort((a, b) => a - b);
  const isRight =
    found.length > 0 && found.length <= MOST && found.every((each) => each === 0 || (each >= min && each <= max));
  box.setCustomValidity(isRight ? '' : words.oneTo(MOST, min, max));
  return isRight ? found : undefined;
}
