import type { SearchPlan, View } from './protocol.js';
import { type DataName, type Knobs, LIMITS, runsWith, type State } from './state.js';

export const LESSON_NAMES = ['overfit', 'l2', 'dropout', 'both', 'l1', 'search', 'check'] as const;
export type LessonName = (typeof LESSON_NAMES)[number];

/** The page set up to answer a question; demo/words has the question. */
export interface Lesson {
  readonly name: LessonName;
  readonly state: State;
  /** The tab to open. */
  readonly view: View['kind'] | 'search' | 'check';
  readonly search?: SearchPlan;
}

const bare: Knobs = { l2: 0, dropout: [0, 0], learningRate: 0.003 };
const withL2: Knobs = { ...bare, l2: 0.01 };
const withDropout: Knobs = { ...bare, dropout: [0.5, 0.5] };
const withBoth: Knobs = { ...bare, l2: 0.003, dropout: [0.5, 0.5] };

/**
 * Few points of two overlapping classes, some with a wrong label, and a network wide enough to memorise all of them.
 */
const moons: State = {
  data: 'moons',
  examples: 150,
  noise: 0.1,
  hidden: [64, 64],
  activation: 'relu',
  optimizer: 'adam',
  batch: 50,
  seed: 1,
  steps: 1000,
  runs: runsWith([bare]),
  selected: 0,
};

/** Few rows of many inputs, of which few matter. */
const sparse = { examples: 100, noise: 0.5, hidden: [16], batch: 50, steps: 600, optimizer: 'sgd' } as const;

/** The lessons, in their order. The tests of the built page hold the promises of their words. */
export const LESSONS: readonly Lesson[] = [
  {
    name: 'overfit',
    state: moons,
    view: 'answer',
  },
  {
    name: 'l2',
    state: { ...moons, runs: runsWith([bare, withL2]), selected: 1 },
    view: 'answer',
  },
  {
    name: 'dropout',
    state: { ...moons, runs: runsWith([bare, withDropout]), selected: 1 },
    view: 'mask',
  },
  {
    name: 'both',
    state: { ...moons, runs: runsWith([bare, withL2, withDropout, withBoth]), selected: 3 },
    view: 'weights',
  },
  {
    name: 'l1',
    state: {
      ...moons,
      ...sparse,
      data: 'sparse',
      parts: { l1: true },
      runs: runsWith([
        { l2: 0.3, dropout: [0], learningRate: 0.05, l1: 0 },
        { l2: 0, dropout: [0], learningRate: 0.05, l1: 0.1 },
      ]),
      selected: 1,
    },
    view: 'weights',
  },
  {
    name: 'search',
    // The search takes as many steps, so an adopted cell ends where it did there.
    state: { ...moons, steps: 300 },
    view: 'search',
    search: {
      l2: [0, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1],
      dropout: [0, 0.1, 0.2, 0.3, 0.5, 0.7],
      epochs: 100,
      strategy: 'grid',
    },
  },
  {
    name: 'check',
    state: moons,
    view: 'check',
  },
];

/** Returns the lesson of this name. */
export function lessonOf(name: LessonName): Lesson {
  return LESSONS[LESSON_NAMES.indexOf(name)];
}

/** Returns the settings that suit a data set; they are used when a person chooses it. */
export function presetOf(data: DataName): Partial<State> {
  if (data === 'mnist') return { examples: 1000, noise: 0, hidden: [128], batch: 50, steps: 2000, optimizer: 'adam' };
  if (data === 'sparse') return sparse;
  if (data === 'own') return { examples: LIMITS.examples.max, noise: 0 };
  if (data === 'sine') return { examples: 40, noise: 0.3, hidden: [64, 64], batch: 20, steps: 4000, optimizer: 'adam' };
  if (data === 'spiral') return { examples: 200, noise: 0.05, hidden: [64, 64], batch: 50, steps: 3000 };
  return { examples: 150, noise: 0.1, hidden: [64, 64], batch: 50, steps: 1000 };
}

/** Returns the learning rate that suits a data set. */
export function rateOf(data: DataName): number {
  if (data === 'sparse') return 0.05;
  return data === 'mnist' ? 0.001 : 0.003;
}
