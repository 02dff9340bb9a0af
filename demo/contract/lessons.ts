import type { SearchPlan, View } from './protocol.js';
import { type DataName, type Knobs, LIMITS, runsWith, type State } from './state.js';

export const LESSON_NAMES = ['overfit', 'l2', 'dropout', 'both', 'search', 'check'] as const;
export type LessonName = (typeof LESSON_NAMES)[number];

/** A question, and the page set up to answer it. */
export interface Lesson {
  readonly name: LessonName;
  readonly title: string;
  readonly question: string;
  /** An instruction: the thing to try. */
  readonly try: string;
  /** The thing that it shows. */
  readonly see: string;
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

/** The lessons, in their order. The tests of the built page hold the promises of their texts. */
export const LESSONS: readonly Lesson[] = [
  {
    name: 'overfit',
    title: 'Overfit me',
    question: 'What does a network do that is too large for its data?',
    try: 'Watch the two curves part. Then set the training size to 1,000, or both hidden layers to 4 units, and press Play.',
    see: 'Loss on the training points (solid) keeps falling; on points it never saw (dashed) it climbs. 4,482 parameters learn ever more of the 150 points by heart, wrong labels too: the boundary bends around single ones.',
    state: moons,
    view: 'answer',
  },
  {
    name: 'l2',
    title: 'Add L2',
    question: 'What if every weight has its price?',
    try: 'A and B start from the same weights and see the same batches, but B pays for large weights: (λ/2)·Σw² is added to its loss. Move its λ while it trains.',
    see: 'B’s gap nearly closes, its validation accuracy is higher, and its boundary is as simple as the data. Too much λ, and even its training loss stays high: it underfits.',
    state: { ...moons, runs: runsWith([bare, withL2]), selected: 1 },
    view: 'answer',
  },
  {
    name: 'dropout',
    title: 'Add dropout',
    question: 'What if a network cannot rely on any one of its units?',
    try: 'A trains with all its units, B with half of them. Look at B’s mask of this very step, then move the rate of one layer.',
    see: 'In every step each hidden unit is switched off with probability p, other ones for every example. No unit can rely on another, so single points are not learned by heart, and the gap nearly closes.',
    state: { ...moons, runs: runsWith([bare, withDropout]), selected: 1 },
    view: 'mask',
  },
  {
    name: 'both',
    title: 'Both',
    question: 'Do L2 and dropout do the same?',
    try: 'Four networks, one start: none, L2, dropout, both. Select one after the other and compare their weights.',
    see: 'Each keeps the weights smaller than A’s. L2 (B) shrinks every layer; dropout (C) leaves the hidden layers much larger than L2 does. Either closes most of the gap; D needs less λ than B, since it has dropout too.',
    state: { ...moons, runs: runsWith([bare, withL2, withDropout, withBoth]), selected: 3 },
    view: 'weights',
  },
  {
    name: 'search',
    title: 'Find the best',
    question: 'Which λ and which p, then?',
    try: 'Start the search: 42 networks train side by side, each with its own λ and p. Click a cell and adopt it: it becomes a run that trains beside A.',
    see: 'The validation loss has a valley: towards the top left too little regularisation, towards the bottom right too much.',
    // The search takes as many steps, so an adopted cell ends where it did there.
    state: { ...moons, steps: 600 },
    view: 'search',
    search: {
      l2: [0, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1],
      dropout: [0, 0.1, 0.2, 0.3, 0.5, 0.7],
      epochs: 200,
      strategy: 'grid',
    },
  },
  {
    name: 'check',
    title: 'Is your GPU right?',
    question: 'Does this GPU compute what it should?',
    try: 'Start the check: every kernel, mask and gradient against a reference in double precision on the CPU.',
    see: 'A report with the worst element of every check, and how much of its derived bound it used.',
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
  if (data === 'own') return { examples: LIMITS.examples.max, noise: 0 };
  if (data === 'sine') return { examples: 40, noise: 0.3, hidden: [64, 64], batch: 20, steps: 4000, optimizer: 'adam' };
  if (data === 'spiral') return { examples: 200, noise: 0.05, hidden: [64, 64], batch: 50, steps: 3000 };
  return { examples: 150, noise: 0.1, hidden: [64, 64], batch: 50, steps: 1000 };
}

/** Returns the learning rate that suits a data set. */
export function rateOf(data: DataName): number {
  return data === 'mnist' ? 0.001 : 0.003;
}
