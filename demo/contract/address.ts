import { address as words } from '../words/words.js';
import { editedPoints, editsIn, editsText, fitsAddress, isEditable, LEAST_POINTS, type PointEdit } from './edits.js';
import { LESSON_NAMES, LESSONS, type LessonName, lessonOf } from './lessons.js';
import {
  ACTIVATIONS,
  DATA,
  type Knobs,
  LIMITS,
  mostExamples,
  OPTIMIZERS,
  type Parts,
  type RunState,
  runsWith,
  type State,
} from './state.js';

/** The state that an address asks for, and a note on each part that could not be used. */
export interface Address {
  readonly state: State;
  readonly lesson?: LessonName;
  readonly notes: readonly string[];
}

/**
 * Reads the part of an address after `#`, such as `lesson=l2&examples=50&run=0.01_0.2,0.2_0.001`; a run is λ, dropout
 * rates, learning rate and, with L1, its λ. Never throws: a missing field comes from the lesson (the first lesson if none is named), and
 * so does a field that is not allowed, with a note. Runs have the identities 1, 2, ...: an address has none.
 */
export function readAddress(hash: string): Address {
  const notes: string[] = [];
  const fields = new URLSearchParams(hash.replace(/^#/, '').slice(0, LONGEST));
  const lesson = fields.has('lesson') ? choice(fields, 'lesson', LESSON_NAMES, undefined, notes) : undefined;
  const base = (lesson ? lessonOf(lesson) : LESSONS[0]).state;
  const whole = { integer: true, notes };
  const state: State = {
    data: choice(fields, 'data', DATA, base.data, notes),
    examples: number(fields, 'examples', LIMITS.examples, base.examples, whole),
    noise: number(fields, 'noise', LIMITS.noise, base.noise, { notes }),
    edits: editsOf(fields, notes),
    hidden: hiddenOf(fields, base.hidden, notes),
    activation: choice(fields, 'activation', ACTIVATIONS, base.activation, notes),
    optimizer: choice(fields, 'optimizer', OPTIMIZERS, base.optimizer, notes),
    parts: partsOf(fields, base.parts, notes),
    batch: number(fields, 'batch', LIMITS.batch, base.batch, whole),
    seed: number(fields, 'seed', LIMITS.seed, base.seed, whole),
    steps: number(fields, 'steps', LIMITS.steps, base.steps, whole),
    runs: runsOf(fields, base.runs, notes),
    selected: number(fields, 'selected', { min: 0, max: LIMITS.runs.max - 1 }, base.selected, whole),
  };
  if (state.edits && !hasEnoughPoints(state)) {
    notes.push(words.tooFewPoints(LEAST_POINTS));
  }
  if (state.data === 'own') {
    notes.push(words.noFile);
    return { state: fitted({ ...state, data: base.data }), lesson, notes };
  }
  return { state: fitted(state), lesson, notes };
}

/** Returns the part of an address that `readAddress` reads as this state: the lesson, and the differences from it. */
export function writeAddress(state: State, lesson?: LessonName): string {
  const base = (lesson ? lessonOf(lesson) : LESSONS[0]).state;
  const fields = lesson ? [`lesson=${lesson}`] : [];
  const add = (name: keyof State, text: (state: State) => string = (given) => String(given[name])) => {
    if (text(state) !== text(base)) fields.push(`${name}=${text(state)}`);
  };
  add('data');
  add('examples');
  add('noise');
  add('hidden', ({ hidden }) => hidden.join(','));
  add('activation');
  add('optimizer');
  add('parts', ({ parts }) => partsText(parts));
  add('batch');
  add('seed');
  add('steps');
  if (runsText(state) !== runsText(base)) fields.push(runsText(state));
  add('selected');
  if (state.edits && fitsAddress(state.edits)) fields.push(`points=${editsText(state.edits)}`);
  return `#${fields.join('&')}`;
}

/**
 * Returns the state with consistent parts: a rate for each layer, no batch above the examples, a selected run that
 * exists, edits that leave enough points.
 */
export function fitted(state: State): State {
  const examples = Math.min(state.examples, mostExamples(state.data));
  const runs = state.runs.map((run) => ({
    ...run,
    dropout: state.hidden.map((_, i) => run.dropout[i] ?? run.dropout.at(-1) ?? 0),
  }));
  return {
    ...state,
    examples,
    edits: hasEnoughPoints({ ...state, examples }) ? state.edits : undefined,
    batch: Math.min(state.batch, examples),
    runs,
    selected: Math.min(state.selected, runs.length - 1),
  };
}

const hasEnoughPoints = ({ data, examples, edits }: State) =>
  isEditable(data) && editedPoints(examples, edits).length >= LEAST_POINTS;

/** Characters of an address that are read; no real one is longer. */
const LONGEST = 4000;

const runsText = ({ runs }: State) =>
  runs
    .map(
      ({ l2, dropout, learningRate, l1 }) =>
        `run=${[l2, dropout.join(','), learningRate, ...(l1 === undefined ? [] : [l1])].join('_')}`,
    )
    .join('&');

const partsText = ({ l1, gaussian, maxNorm }: Parts = {}) =>
  [l1 && 'l1', gaussian && 'gaussian', maxNorm && `max-norm-${maxNorm}`].filter(Boolean).join(',') || 'none';

/** Returns the parts in a field such as `l1,gaussian,max-norm-2`, or `none`. */
function partsOf(fields: URLSearchParams, otherwise: Parts | undefined, notes: string[]): Parts | undefined {
  const text = fields.get('parts');
  if (text === null) return otherwise;
  if (text === 'none') return undefined;
  const parts = text.split(',').map((each): Parts | undefined => {
    if (each === 'l1') return { l1: true };
    if (each === 'gaussian') return { gaussian: true };
    const maxNorm = numberIn(each.replace(/^max-norm-/, ''), LIMITS.maxNorm);
    return each.startsWith('max-norm-') && maxNorm !== undefined ? { maxNorm } : undefined;
  });
  if (!parts.includes(undefined)) return Object.assign({}, ...parts);
  notes.push(words.parts(shown(text)));
  return otherwise;
}

interface Range {
  readonly min: number;
  readonly max: number;
}

function choice<T extends string, D extends T | undefined>(
  fields: URLSearchParams,
  name: string,
  known: readonly T[],
  otherwise: D,
  notes: string[],
): T | D {
  const text = fields.get(name);
  if (text === null) return otherwise;
  const found = known.find((each) => each === text);
  if (found === undefined) notes.push(words.choice(name, known.join(', '), shown(text)));
  return found ?? otherwise;
}

function number(
  fields: URLSearchParams,
  name: string,
  range: Range,
  otherwise: number,
  { integer = false, notes }: { integer?: boolean; notes: string[] },
): number {
  const text = fields.get(name);
  if (text === null) return otherwise;
  const value = numberIn(text, range, integer);
  if (value !== undefined) return value;
  notes.push(words.number(name, integer, range.min, range.max, shown(text)));
  return otherwise;
}

/** Returns the number in a text if it is in range; 0 is allowed too with `orZero`. */
function numberIn(text: string, { min, max }: Range, integer = false, orZero = false): number | undefined {
  if (!/^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return undefined;
  const value = Number(text);
  if (orZero && value === 0) return 0;
  return value >= min && value <= max && (!integer || Number.isInteger(value)) ? value : undefined;
}

function hiddenOf(fields: URLSearchParams, otherwise: readonly number[], notes: string[]): readonly number[] {
  const text = fields.get('hidden');
  if (text === null) return otherwise;
  const units = text.split(',').map((each) => numberIn(each, LIMITS.units, true));
  const known = units.filter((each) => each !== undefined);
  if (known.length === units.length && known.length <= LIMITS.layers.max) return known;
  const { layers, units: range } = LIMITS;
  notes.push(words.hidden(layers, range, shown(text)));
  return otherwise;
}

function editsOf(fields: URLSearchParams, notes: string[]): readonly PointEdit[] | undefined {
  const text = fields.get('points');
  if (text === null) return undefined;
  const edits = editsIn(text);
  if (!edits) notes.push(words.points(shown(text)));
  return edits;
}

function runsOf(fields: URLSearchParams, otherwise: readonly RunState[], notes: string[]): readonly RunState[] {
  const texts = fields.getAll('run');
  if (texts.length === 0) return otherwise;
  const runs: Knobs[] = [];
  for (const text of texts.slice(0, LIMITS.runs.max)) {
    const run = runOf(text);
    if (run) runs.push(run);
    else notes.push(words.run(shown(text)));
  }
  if (texts.length > LIMITS.runs.max) notes.push(words.runs(LIMITS.runs.max, texts.length));
  return runs.length ? runsWith(runs) : otherwise;
}

function runOf(text: string): Knobs | undefined {
  const [l2Text, rates, rateText, l1Text, ...more] = text.split('_');
  if (rateText === undefined || more.length) return undefined;
  const l1 = l1Text === undefined ? 0 : numberIn(l1Text, LIMITS.l1, false, true);
  const l2 = numberIn(l2Text, LIMITS.l2, false, true);
  const learningRate = numberIn(rateText, LIMITS.learningRate);
  const dropout = rates.split(',').map((each) => numberIn(each, LIMITS.dropout));
  const known = dropout.filter((each) => each !== undefined);
  if (l2 === undefined || learningRate === undefined || l1 === undefined) return undefined;
  if (known.length < dropout.length || known.length > LIMITS.layers.max) return undefined;
  return { l2, dropout: known, learningRate, ...(l1Text !== undefined && { l1 }) };
}

function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? words.cut(text.slice(0, 40)) : text);
}
