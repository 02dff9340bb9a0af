import type { LessonName } from '../../contract/lessons.js';
import type { State } from '../../contract/state.js';
import { count, percent, tidy } from '../../page/figures.js';
import { LETTERS } from '../../page/run-look.js';
import { busy as reasons, story as words } from '../../words/words.js';

/** The losses of a run, as far as they are measured. */
export interface RunNow {
  readonly steps: number;
  readonly diverged: boolean;
  /** True if its knobs have been turned, or its points edited, since its last step. */
  readonly turned: boolean;
  /** At its first measurement. */
  readonly first: Losses;
  readonly last: Losses;
  /** Share of the validation examples that it gets right; null for regression. */
  readonly accuracy: number | null;
  readonly best: { readonly loss: number; readonly step: number };
}

interface Losses {
  readonly step: number;
  readonly train: number;
  readonly validation: number;
}

/** All that the sentence depends on. */
export interface Now {
  /** The lesson, if its figure is shown and its data are used. */
  readonly lesson: LessonName | undefined;
  readonly state: State;
  /** Undefined for a run without a measurement. */
  readonly runs: readonly (RunNow | undefined)[];
  /** Number of training points. */
  readonly points: number;
  readonly playing: boolean;
  readonly busy: string | undefined;
  /** Steps of the CPU's picture, while the page shows it. */
  readonly onCpu?: number;
  /** True while training waits for the check of the GPU. */
  readonly isWaiting: boolean;
}

/** The numbers that lead, and the sentence: what happens now, and what to do next. */
export interface Story {
  readonly headline: string;
  readonly more: string;
  /** True if the last number of the headline is lower than the first one, false if it is higher. */
  readonly better?: boolean;
  readonly now: string;
  readonly next: string;
  /** True if the next thing to do is lesson 2. */
  readonly leadsOn?: boolean;
}

/** Share of the way in which runs have not parted yet. */
const EARLY = 0.08;
/** Losses within this ratio are told as equal. */
const ALIKE = 1.1;
/** A training loss above this share of the first one has hardly fallen. */
const HARDLY = 0.85;
/** A loss this many times the first one is no noise of the batches; even the largest λ stays below it. */
const FAR_WORSE = 1.5;
/** With so many points a network of the lessons cannot memorise them. */
const MANY = 600;

/** Tells what happens now, in numbers and in words. */
export function tell(now: Now): Story {
  const told = tellRuns(now);
  return now.onCpu ? { ...told, next: words.onCpu(count(now.onCpu)) } : told;
}

function tellRuns(now: Now): Story {
  const { state, runs, lesson } = now;
  const selected = lesson === 'overfit' ? 0 : state.selected;
  const run = runs[selected];
  const letter = LETTERS[selected];
  if (!run || runs.includes(undefined)) return { headline: '', more: '', now: waitText(now), next: '' };
  const all = runs.filter((each) => each !== undefined);
  const numbers = headlineOf(now, all, selected);
  const say = (text: string, next = ''): Story => ({ ...numbers, now: text, next });
  if (now.isWaiting) return say(words.checking);
  const lower = lesson ? words.lowerRateInLab : words.lowerRate;
  if (run.diverged) return say(words.diverged(letter), `${lower} ${words.restart}`);
  if (!now.playing && run.steps === 0) {
    if (all.some(({ steps }) => steps > 0)) return say(words.isNew(letter), words.turnOne);
    return say(all.length > 1 ? words.ready.more : words.ready.one, words.pressPlay);
  }
  if (isFarWorse(run)) return say(words.farWorse(letter, run.first.step), lower);
  if (run.turned && !now.playing) return say(words.turned(letter), words.turnedNext);
  if (lesson === 'overfit')
    return { ...say(...overfit(now, run)), leadsOn: state.examples >= MANY && isDone(now, run) };
  if (lesson === 'both') return say(...both(now, all));
  if ((lesson === 'l2' || lesson === 'dropout' || lesson === 'l1') && selected > 0)
    return say(...pair(now, lesson, all[0], run));
  return say(labText(run, letter));
}

function waitText({ busy }: Now): string {
  if (!busy) return words.measuring;
  if (busy === reasons.loading) return words.loading;
  return busy === reasons.compiling ? words.compiling : words.busy(busy);
}

const isDone = ({ state, playing }: Now, run: RunNow) => !playing && state.steps > 0 && run.steps >= state.steps;
const isEarly = ({ state }: Now, run: RunNow) => run.steps < EARLY * (state.steps || 1000);

/** Returns true if a loss has risen because the steps are too long, and not because the examples were memorised. */
function isFarWorse({ first, last }: RunNow): boolean {
  const [train, validation] = [last.train / first.train, last.validation / first.validation];
  return train > 0.9 && Math.max(train, validation) > FAR_WORSE;
}

type Sentence = readonly [now: string, next: string];

function overfit(now: Now, run: RunNow): Sentence {
  const points = count(now.points);
  const text = words.overfit;
  if (isEarly(now, run)) return [text.early, ''];
  const isMemorising = run.last.validation > ALIKE * run.best.loss && run.last.validation > ALIKE * run.last.train;
  if (now.state.examples >= MANY) {
    return [isMemorising ? text.memorises : text.follows(points), isDone(now, run) ? '' : text.fewer];
  }
  return isMemorising ? [text.memorises, text.more] : [text.early, ''];
}

/** A knob at which a finished lesson asks for less, not for more. */
const STRONG = { l2: 0.1, dropout: 0.8, l1: 0.3 };

function pair(now: Now, lesson: 'l2' | 'dropout' | 'l1', a: RunNow, b: RunNow): Sentence {
  const letter = LETTERS[now.state.selected];
  const text = { ...words.pair, ...words[lesson] };
  const knobs = now.state.runs[now.state.selected];
  const knob = lesson === 'dropout' ? Math.max(0, ...knobs.dropout) : (knobs[lesson] ?? 0);
  if (knob === 0) return [text.twin(letter), text.right];
  if (isEarly(now, b)) return [text.early, text.watch];
  const accuracy = b.accuracy === null ? '' : percent(b.accuracy);
  if (b.last.train > HARDLY * b.first.train) {
    return [text.tooMuch(letter, tidy(knob), accuracy), text.less];
  }
  const isStrong = knob >= STRONG[lesson];
  if (b.last.validation > ALIKE * a.last.validation) return [text.worse(letter), isStrong ? text.less : text.watch];
  if (ALIKE * b.last.validation >= a.last.validation) return [text.equal, text.watch];
  const better = isStrong ? text.betterStrong(letter, accuracy) : text.better(letter);
  return [better, isDone(now, b) ? (isStrong ? text.doneStrong : text.done) : text.explore];
}

function both(now: Now, runs: readonly RunNow[]): Sentence {
  if (isEarly(now, runs[0])) return [words.both.early, ''];
  const losses = runs.map(({ last }) => last.validation);
  const best = losses.indexOf(Math.min(...losses));
  const allBeat = losses.slice(1).every((loss) => ALIKE * loss < losses[0]);
  return [
    [words.both.best(LETTERS[best], words.four(best)), allBeat && runs.length === 4 ? words.both.allClose : ''].join(
      ' ',
    ),
    isDone(now, runs[0]) ? words.both.weights : words.both.next,
  ];
}

function labText(run: RunNow, letter: string): string {
  const accuracy = run.accuracy === null ? '' : percent(run.accuracy);
  const best = run.best.step > 0 ? count(run.best.step) : '';
  return words.lab(letter, count(run.steps), short(run.last.validation), accuracy, best);
}

/** Validation loss leads; the gap, which a network that guesses makes small, comes second. */
function headlineOf(now: Now, runs: readonly RunNow[], selected: number): Pick<Story, 'headline' | 'more' | 'better'> {
  const [a, b] = [runs[0], runs[selected]];
  const gap = ({ last }: RunNow) => short(last.validation - last.train);
  const right = (run: RunNow) => (run.accuracy === null ? '' : percent(run.accuracy));
  if (now.lesson === 'both') {
    return { headline: runs.map(({ last }, i) => `${LETTERS[i]}\u00a0${short(last.validation)}`).join('  '), more: '' };
  }
  const chain = (of: (run: RunNow) => string) => (selected === 0 ? of(a) : `${of(a)} → ${of(b)}`);
  const more = [
    `${words.gap} ${chain(gap)}`,
    a.accuracy === null ? '' : `${chain(right)} ${words.right}`,
    selected === 0 && a.steps > 0 ? words.best(short(a.best.loss), count(a.best.step)) : '',
  ];
  return {
    headline: chain(({ last }) => short(last.validation)),
    more: more.filter(Boolean).join(' · '),
    better: selected === 0 ? undefined : betterOf(a, b),
  };
}

/** Returns true or false if the loss of b is clearly lower or higher: lower with fewer right is no better, but a guess. */
function betterOf(a: RunNow, b: RunNow): boolean | undefined {
  const ratio = b.last.validation / a.last.validation;
  if (ratio > ALIKE) return false;
  return ratio < 1 / ALIKE && (b.accuracy ?? 1) >= (a.accuracy ?? 0) ? true : undefined;
}

/** Returns a loss with two decimals, or as a power of ten. */
function short(value: number): string {
  const size = Math.abs(value);
  return (size !== 0 && (size < 5e-3 || size >= 1000) ? value.toExponential(1) : value.toFixed(2)).replaceAll('-', '−');
}
