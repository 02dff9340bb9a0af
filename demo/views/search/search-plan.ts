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
/** When how much of a search was done, in epochs of one network. */
let times: { readonly at: number; readonly done: number }[] = [];
/** Only the latest part of a search's time counts, at least so long: what else the machine does comes and goes. */
const LATEST = 0.4;
const LEAST_MILLISECONDS = 5000;

/** Learns from a search how long a step of one of its networks takes; networks side by side take less than one alone. */
export function learnTime(search: SearchFacts, { state }: Pick<Page, 'state'>, at = performance.now()): void {
  const work = workOf(search.plan, search);
  const done = work.done + work.tested;
  if (done < (times.at(-1)?.done ?? 0)) times = [];
  if (!search.running || done === 0) return;
  if (times.at(-1)?.done !== done) times.push({ at, done });
  const from = at - Math.max(LEAST_MILLISECONDS, LATEST * (at - times[0].at));
  const first = times[Math.max(0, times.findIndex((each) => each.at > from) - 1)];
  if (done > first.done) measured = (at - first.at) / (done - first.done) / stepsPerEpoch(state);
}

/** Returns the seconds until a search and its test are done, if it goes on as it did lately; undefined until an epoch is done. */
export function secondsLeft(facts: SearchFacts, { state }: Pick<Page, 'state'>): number | undefined {
  const { search, done, test, tested } = workOf(facts.plan, facts);
  if (!facts.running || done === 0 || measured === undefined) return undefined;
  return ((search + test - done - tested) * stepsPerEpoch(state) * measured) / 1000;
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
  const time = step === undefined ? words.notMeasured : words.takes(duration((steps * step) / 1000));
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
