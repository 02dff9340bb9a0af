import type { SearchFacts, SearchPlan } from '../../contract/protocol.js';
import { workOf } from '../../contract/search-work.js';
import { LIMITS } from '../../contract/state.js';
import type { EpochTime } from '../../contract/view-facts.js';
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

/** The time of a search in units of work, in milliseconds, as its latest part tells; undefined until an epoch is done. */
let pace: number | undefined;
/** The time of an epoch, in which the work counts. */
let counted: EpochTime | undefined;
/** When how much of a search was done. */
let times: { readonly at: number; readonly done: number }[] = [];
/** Only the latest part of a search's time counts, at least so long: what else the machine does comes and goes. */
const LATEST = 0.4;
const LEAST_MILLISECONDS = 5000;
/** A search that has not begun, or hardly, may take so many times as long as it seems. */
const SLACK = 1.5;
/** Share of a search from which on its own pace is known. */
const EARLY = 0.2;

/** Returns the measured time of an epoch of a search; undefined until the worker has told it. */
export function epochTimeOf({ facts: { view } }: Pick<Page, 'facts'>): EpochTime | undefined {
  return view?.kind === 'search' ? view.epochTime : undefined;
}

/** Learns the pace of a search. */
export function learnPace(search: SearchFacts, time: EpochTime | undefined, at = performance.now()): void {
  const work = workOf(search.plan, search, time);
  const done = work.done + work.tested;
  if (counted !== time || done < (times.at(-1)?.done ?? 0)) [counted, times, pace] = [time, [], undefined];
  if (!search.running || done === 0) return;
  if (times.at(-1)?.done !== done) times.push({ at, done });
  const from = at - Math.max(LEAST_MILLISECONDS, LATEST * (at - times[0].at));
  const first = times[Math.max(0, times.findIndex((each) => each.at > from) - 1)];
  if (done > first.done) pace = (at - first.at) / (done - first.done);
}

/** Returns the seconds, from least to most, until a search and its test are done, at the pace that `learnPace` has learned. */
export function secondsLeft(facts: SearchFacts): readonly [least: number, most: number] | undefined {
  const { search, done, test, tested } = workOf(facts.plan, facts, counted);
  if (!facts.running || done === 0 || pace === undefined) return undefined;
  const seconds = ((search + test - done - tested) * pace) / 1000;
  return [seconds, done < EARLY * search ? SLACK * seconds : seconds];
}

/** Shows the cost of the plan, and its time before it starts. */
export function showBudget(page: Pick<Page, 'state' | 'facts'>): void {
  const plan = readPlan();
  if (!plan) {
    write('search-budget', words.unusable);
    return;
  }
  const { examples, batch } = page.state;
  const epochs = workOf(plan);
  const cost = words.plan(
    plan.l2.length * plan.dropout.length,
    count((epochs.search + epochs.test) * Math.ceil(examples / batch)),
  );
  const time = epochTimeOf(page);
  const work = time && workOf(plan, undefined, time);
  const seconds = work && (work.search + work.test) / 1000;
  const takes = seconds ? words.takes(between(seconds, SLACK * seconds)) : words.notMeasured;
  write('search-budget', page.facts.search?.running ? cost : `${cost} ${takes}`);
}

/** Returns a time in words, such as "about 2 min" or "2 to 3 min". */
export function between(least: number, most: number): string {
  const [from, to] = [duration(least), duration(most)];
  if (from === to) return words.about(to);
  const [, unit = ''] = to.split(' ');
  return words.between(from.endsWith(` ${unit}`) ? from.slice(0, -unit.length - 1) : from, to);
}

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
