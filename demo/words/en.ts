import type { LessonName } from '../contract/lessons.js';

/** Title of each lesson, its question, and what to look at. */
export const lessons: Record<LessonName, { readonly question: string; readonly idea: string }> = {
  overfit: {
    question: 'What does a network do that is too big for its data?',
    idea: 'A tenth of the labels are wrong on purpose. Watch the boundary bend and the curves split.',
  },
  l2: {
    question: 'What if large weights cost something?',
    idea: 'A and B start from the same weights, but B pays for large ones: its loss includes (λ/2)·Σw². Drag λ while it trains.',
  },
  dropout: {
    question: 'What if a network cannot rely on any one of its units?',
    idea: 'A trains with all its units. In every step, B loses each hidden unit with probability p, different ones for every example. Drag p while it trains.',
  },
  both: {
    question: 'Do L2 and dropout do the same thing?',
    idea: 'Four networks, one start: A has neither, B has L2, C has dropout, D has both. Drag D’s λ and p.',
  },
  l1: {
    question: 'Which inputs matter?',
    idea: 'The answer depends on 5 of 64 inputs (▲). A has L2, which makes weights small. B has L1, λ·Σ|w|, which makes many exactly 0: blank.',
  },
  search: {
    question: 'Which λ and which p are best?',
    idea: 'Every cell is a network. Further down, a larger λ makes large weights cost more; to the right, a larger p drops more units. Press Start.',
  },
  check: {
    question: 'Is your GPU right?',
    idea: 'Drivers and chips have bugs. Every kernel of the library runs here, and its results are compared with a reference computed on the CPU in double precision.',
  },
};

export const lesson = {
  own: 'Your own experiment',
  ownIdea: 'Turn a knob, compare with a copy of a run, or drop a table on the page.',
  otherData: 'This is not the lesson’s data set. Open the lesson again to return to it.',
  lab: 'Lab',
  back: 'Back to the lesson',
  copied: 'Copied',
  inAddressBar: 'It is in the address bar',
  withoutFile: 'Copied, without your file',
  withoutPoints: 'Copied, without your points',
};

/** Names of the runs of the lesson on both. */
const FOUR = ['neither', 'L2', 'dropout', 'both'];

/** The live sentence: what happens now, and what to do next. */
export const story = {
  loading: 'Making the data …',
  compiling: 'Building the kernels for your GPU …',
  onCpu: (steps: string) => `The picture is from the CPU, at step ${steps}. Your GPU takes the same steps.`,
  measuring: 'Measuring the networks before their first step …',
  checking: 'Training is paused while the check runs.',
  pressPlay: 'Press Play.',
  ready: { one: 'The network has not learned anything yet.', more: 'The networks have not learned anything yet.' },
  isNew: (letter: string) => `${letter} is new and has not started.`,
  turned: (letter: string) => `${letter} has not trained with your change yet.`,
  turnedNext: 'Press Play or Restart to see what it does.',
  turnOne: 'Turn one of its knobs, then press Play.',
  diverged: (letter: string) => `${letter} diverged: its steps are too long.`,
  farWorse: (letter: string, step: number) => `${letter} is far worse than at step ${step}.`,
  lowerRate: 'Lower its learning rate.',
  lowerRateInLab: 'Lower its learning rate in the lab.',
  restart: 'Then press Restart.',
  busy: (what: string) => `${what} …`,
  headline: 'Validation loss',
  notYet: '…',
  gap: 'gap',
  right: 'right',
  best: (loss: string, step: string) => `lowest ${loss} at step ${step}`,
  training: (loss: string) => `training loss ${loss}`,
  four: (run: number) => FOUR[run] ?? '',
  lab: (letter: string, step: string, loss: string, accuracy: string, best: string) =>
    `${letter} at step ${step}: validation loss ${loss}${accuracy && `, ${accuracy} right`}${best && `; lowest at step ${best}`}.`,
  overfit: {
    early: 'It finds the shape of the two classes.',
    memorises: 'It memorises single points, wrong labels too, and gets worse on new ones.',
    follows: (points: string) => `${points} points are too many to memorise: both curves stay together.`,
    more: 'Drag the slider to 1,000: can it memorise those?',
    fewer: 'Drag the slider to 50 points: how soon then?',
  },
  pair: {
    twin: (letter: string) => `${letter} now trains as A does: its slider is off.`,
    right: 'Drag the slider to the right.',
    early: 'Both networks find the shape of the classes.',
    equal: 'So far the two networks do equally well.',
    betterStrong: (letter: string, accuracy: string) =>
      `${letter} memorises nothing, but it learns less too${accuracy && `: ${accuracy} right`}.`,
    worse: (letter: string) => `${letter} does worse than A.`,
    watch: 'Wait for A to memorise, or drag the slider.',
  },
  l2: {
    better: (letter: string) => `A memorises wrong labels that ${letter} ignores.`,
    tooMuch: (letter: string, knob: string, accuracy: string) =>
      `λ = ${knob} is too much: ${letter} can hardly learn${accuracy && ` and is right in ${accuracy}`}.`,
    less: 'Drag λ to about 0.01.',
    explore: 'Drag λ. Where does B begin to learn too little?',
    done: 'Drag λ to 0.1: where does B begin to learn too little?',
    doneStrong: 'Drag λ to 0.001: is that enough?',
  },
  dropout: {
    better: (letter: string) => `${letter} memorises single points less than A.`,
    tooMuch: (letter: string, knob: string, accuracy: string) =>
      `p = ${knob} is too much: ${letter} loses too many units to learn${accuracy && ` and is right in ${accuracy}`}.`,
    less: 'Drag p to about 0.5.',
    explore: 'Drag p. How few units are enough for B?',
    done: 'Drag p to 0.8: what does B lose?',
    doneStrong: 'Drag p to 0.2: is that enough?',
  },
  l1: {
    twin: (letter: string) => `${letter} has no penalty: its slider is off.`,
    early: 'Both networks learn from 100 rows of 64 inputs.',
    betterStrong: (letter: string, _accuracy: string) =>
      `${letter} has fewer columns left, and still errs less than A on new rows.`,
    better: (letter: string) => `Most weights of ${letter} are 0, and it errs less than A on new rows.`,
    watch: 'Wait a little, or drag the slider.',
    tooMuch: (letter: string, knob: string, _accuracy: string) =>
      `λ = ${knob} is too much: ${letter} has hardly a weight left to learn with.`,
    less: 'Drag λ to about 0.1.',
    explore: 'Drag λ. Which columns of B stay longest?',
    done: 'Drag λ to 1: what is left of B?',
    doneStrong: 'Drag λ to 0.1: which columns stay?',
  },
  both: {
    early: 'All four find the shape of the classes.',
    best: (letter: string, name: string) => `${letter} (${name}) is best on new points.`,
    allClose: 'B, C and D all beat A.',
    next: 'Drag D’s λ to 0: does it get worse than C?',
    weights: 'See the lab’s tab Weights: L2 shrinks the hidden layers most.',
  },
};

export const knob = {
  examples: 'Training points',
  l2: 'L2 strength λ',
  l1: 'L1 strength λ',
  dropout: 'Dropout rate p',
  off: 'off',
  sayExamples: (text: string) => `${text} training points`,
  sayRate: (text: string) => `learning rate = ${text}`,
  sayNoise: (percent: string) => `${percent} % of labels replaced`,
  sayDeviation: (text: string) => `deviation ${text}`,
  differ: 'differ',
  differs: 'differs by layer',
  dropoutAll: 'Dropout, all',
  dropoutOnly: 'Dropout rate',
  dropoutOf: (layer: number) => `– layer ${layer}`,
  dropoutExactly: (layer: number | undefined) =>
    `Dropout of ${layer === undefined ? 'all layers' : `layer ${layer}`}, exactly`,
  exactly: (name: string) => `${name}, exactly`,
  units: (layer: number) => `Units of hidden layer ${layer}`,
  noiseOfLabels: ['Label noise', 'The share of labels that are wrong, of training and validation examples alike'],
  noiseOfNumbers: ['Noise', 'The deviation of the noise in the targets, of training and validation examples alike'],
  sayL2: (text: string) => `λ = ${text}`,
  sayDropout: (text: string) => `p = ${text}`,
};

export const answer = {
  diverged: 'diverged',
  bare: 'no L2, no dropout',
  accuracy: (percent: string) => `${percent} right`,
  lines: 'All runs: the first solid, the others dashed.',
  overPlane: (letter: string) => `The answer of run ${letter} over the plane`,
  overLine: 'The answers of all runs as curves over the points',
  planeHint: 'Line: the boundary. Paler: less sure.',
  outcomes: 'Answer against target of validation examples; right answers lie on the line',
  error: (text: string) => `root mean square error ${text}`,
  confusionHint: (examples: string) =>
    `The answers to ${examples} validation rows. Strong colour: frequent mistakes. Last column: the share of each class that is right.`,
  pairsHint: (examples: string) =>
    `The answers to ${examples} validation rows. Across: the target. Up: the answer. A right answer lies on the line.`,
  atPlane: (x: string, y: string, letter: string, name: string, sure: string) =>
    `At (${x}, ${y}) ${letter} answers ${name}, ${sure} sure.`,
  atLine: (x: string, answers: string) => `At ${x}: ${answers}.`,
  lineHint: 'Curves: the networks’ answers. Filled points: training.',
};

export const edits = {
  add: 'Press in the figure to add a point, drag one to move it.',
  addOfClass: 'Press in the figure to add',
  counts: (added: number, moved: number, removed: number) => {
    const parts = [added > 0 && `${added} new`, moved > 0 && `${moved} moved`, removed > 0 && `${removed} removed`];
    return `Points: ${parts.filter(Boolean).join(', ')}.`;
  },
  notInAddress: 'A link cannot carry so many.',
  added: (place: string) => `Added a point at ${place}.`,
  moved: (place: string) => `Moved it to ${place}.`,
  removed: 'Removed it.',
  putBack: 'All points are where they were.',
  tooFew: (least: number) => `At least ${least} training points stay.`,
};

export const chart = {
  step: 'step',
  epoch: 'epoch',
  training: 'training',
  validation: 'validation',
  data: 'data',
  penalty: 'penalty',
  at: (step: number, losses: string) => `step ${step}: ${losses}`,
};

export const search = {
  plan: (networks: number, steps: string) => `${networks} networks side by side, ${steps} steps in all.`,
  takes: (time: string) => `It takes ${time} on this device.`,
  about: (time: string) => `about ${time}`,
  between: (least: string, most: string) => `${least} to ${most}`,
  orWorse: (value: string) => `${value} or worse`,
  notMeasured: 'Measuring how long that takes …',
  unusable: 'Some of these values cannot be used.',
  oneTo: (most: number, min: number, max: number) => `1 to ${most} numbers: 0, or from ${min} to ${max}`,
  starting: 'Building the networks …',
  at: (epoch: number, epochs: number, round?: number) =>
    `${round === undefined ? 'Epoch' : `Round ${round}, epoch`} ${epoch} of ${epochs}`,
  left: (time: string) => `${time} left`,
  done: 'Done',
  stopped: (where: string) => `Stopped: ${where.charAt(0).toLowerCase()}${where.slice(1)}`,
  changed: (where: string) =>
    `Stopped, since the data or the network were changed: ${where.charAt(0).toLowerCase()}${where.slice(1)}`,
  testing: (seeds: number, epoch: number, epochs: number) =>
    `To test it, it is trained again from ${seeds} other seeds: epoch ${epoch} of ${epochs}`,
  ties: (others: number) => {
    if (others === 0) return 'No other cell is as good.';
    const who = others === 1 ? 'Another cell is' : `${others} other cells are`;
    return `${who} as good (dotted): the difference is within the spread over seeds.`;
  },
  droppedCells: (cells: number) =>
    cells === 1
      ? 'One cell was dropped before its end: it might have come as far.'
      : `${cells} cells were dropped before their end: some might have come as far.`,
  tested: (seeds: number, loss: string, accuracy: string | undefined, diverged: number) =>
    `On test points, from ${seeds} other seeds (mean ± standard deviation): loss ${loss}${accuracy ? `, accuracy ${accuracy}` : ''}${diverged > 0 ? `; ${diverged} diverged` : ''}.`,
  best: (name: string) => `Best: ${name}.`,
  bestSoFar: (name: string, loss: string, bare: string) =>
    `Best so far: ${name}, with loss ${loss}${bare && ` (both off: ${bare})`}.`,
  setting: (l2: string, dropout: string) => `λ ${l2}, p ${dropout}`,
  off: 'off',
  adopted: (setting: string, letter: string) => `Adopted ${setting}: run ${letter} trains with it.`,
  status: {
    waiting: 'waiting',
    running: 'running',
    finished: 'finished',
    'stopped early': 'stopped early',
    dropped: 'dropped',
    diverged: 'diverged',
  },
  trial: (status: string, loss: string, accuracy: string, gap: string) =>
    `${status}: validation loss ${loss}${accuracy && `, ${accuracy} right`}, gap with dropout on ${gap}`,
  caption: {
    loss: 'Loss on points that the networks did not learn from: lower is better. Stronger colour: better.',
    accuracy: 'Share of points that are right, of those that the networks did not learn from. Stronger colour: better.',
    gap: 'Validation loss minus training loss, with dropout on. Stronger colour: smaller.',
  },
  captionBest: 'Outlined: the best.',
  captionTies: 'Dotted: as good, within the spread over seeds.',
  captionDropped: 'Struck out: dropped, after fewer epochs.',
  column: (p: string) => `p ${p}`,
  columnTitle: 'Dropout: the share of the hidden units that each step switches off (lesson 3)',
  row: (l2: string) => `λ ${l2}`,
  rowTitle: 'L2: (λ/2)·Σw² is added to the loss (lesson 2)',
  cell: (setting: string, text: string, status: string, isBest: boolean, isTie: boolean) =>
    `${setting}: ${text}, ${status}${isBest ? ', the best' : isTie ? ', as good as the best' : ''}`,
};

export const check = {
  doing: (percent: number, what: string) => `${percent} %: ${what}`,
  checked: (percent: number) => `${percent} % are checked.`,
  right: 'This GPU computes what it should.',
  rightInPart: 'This GPU computes what it should, as far as it was checked.',
  wrong: 'This GPU does not compute what it should.',
  leftOut: (checks: number) =>
    checks === 1
      ? 'One check was left out: the report names it.'
      : `${checks} checks were left out: the report names them.`,
  title: 'wgrad verify',
  copied: 'The report is in the clipboard.',
  cannotShare: 'This browser lets the page neither share nor copy.',
};

export const banners = {
  partOfAddress: 'Not all of this address could be used:',
  workerFailed: 'The page’s worker failed. Reload the page.',
  unreadable: (name: string) => `${name}: it cannot be read; is it a folder, or too large?`,
};

export const runs = {
  off: 'off',
  l2: (text: string) => `λ ${text}`,
  ofL2: (text: string) => `L2 ${text}`,
  ofL1: (text: string) => `L1 ${text}`,
  dropout: (text: string) => `p ${text}`,
  learningRate: (text: string) => `lr ${text}`,
  select: (letter: string, name: string) => `Select run ${letter}, ${name}`,
  remove: (letter: string) => `Remove run ${letter}`,
  diverged: 'diverged',
  notYet: '…',
};

export const mask = {
  layer: (layer: number) => `hidden ${layer}`,
  title: (letter: string, step: string, layer: number, rows: string, cols: string) =>
    `Run ${letter}, step ${step}, hidden layer ${layer}: ${rows} × ${cols}`,
  kept: (ones: string, total: string, observed: string, expected: string, band: string, isInside: boolean) =>
    `${ones} of ${total} kept: ${observed}. Expected ${expected} ± ${band}, in 95 of 100 steps${isInside ? '.' : '; this is one of the others.'}`,
  differing: (differing: string, total: string) => `${differing} of ${total} elements differ from the CPU’s.`,
  scale: (factor: string) =>
    `In training dropped units give 0${factor && ` and kept ones are scaled by 1/(1 − p) = ${factor}`}. Evaluation uses no mask.`,
};

export const mistakes = {
  title: (letter: string, wrong: string, total: string, percent: string) =>
    `Run ${letter} gets ${wrong} of ${total} validation examples wrong: ${percent}.`,
  caption: 'Rows: the label. Columns: the network’s answer.',
  recall: 'right',
  one: (label: string, at: string, guess: string, percent: string) =>
    `labelled ${label}${at && ` at (${at})`}, answered ${guess}: ${percent} sure`,
  example: (index: number) => `Validation example ${index}`,
  errors: (error: string) => `Across: the target. Up: the answer. Root mean square error ${error}.`,
};

export const weights = {
  hidden: (layer: number) => `Hidden layer ${layer}`,
  output: 'Output layer',
  zeros: (zeros: string, all: string) => `zeros: ${zeros} of ${all}`,
  inputsLeft: (left: number, all: number) => `${left} of ${all} inputs left`,
  filters: (letter: string) => `Weights of the first units of run ${letter} as images`,
  inputs: (letter: string) => `Weights of run ${letter}’s first layer: a column for each input, a row for each unit`,
  histogram: (name: string, min: string, max: string) => `Histogram of the weights of ${name}, from ${min} to ${max}`,
};

export const trust = {
  software: 'software GPU',
  lost: 'lost; looking for another …',
  reading: (share: string) => `Reading the file: ${share}`,
  data: (train: string, validation: string, source: string) =>
    `${train} training + ${validation} validation examples. ${source}`,
};

export const uncertainty = {
  samples: (count: string) => `${count} samples`,
  mean: (samples: number, percent: string) =>
    `Mean answer of ${samples} samples, paler where it is less sure. On average over the map it is ${percent} sure.`,
  deviation: (samples: number, mean: string) =>
    `Deviation of the answer between ${samples} samples; strongest grey: 0.5. On average over the map ${mean}.`,
  entropy: (samples: number, bits: string, mean: string) =>
    `Entropy of the mean answer of ${samples} samples; strongest grey: ${bits} bits. On average over the map ${mean} bits.`,
  line: (samples: number) => `Mean ± 2 deviations of ${samples} samples.`,
  digit: (letter: string, digit: number, percent: string, entropy: string, most: string) =>
    `Run ${letter}: most likely ${digit}, ${percent}; entropy ${entropy} of at most ${most} bits.`,
};

export const network = {
  whole: (letter: string) => `Network ${letter}: inputs below, outputs above, lines for its largest weights.`,
  dropped: (letter: string, step: string, dropped: string, all: string) =>
    `Network ${letter} in step ${step}, for one point: ${dropped} of ${all} units are switched off (rings), other ones in the next step.`,
};
