import { describe, expect, test } from 'vitest';
import { type LessonName, lessonOf } from '../../demo/contract/lessons.js';
import { type Now, type RunNow, tell } from '../../demo/views/story/tell.js';

interface Measured {
  readonly steps?: number;
  readonly train?: number;
  readonly validation?: number;
  readonly best?: number;
  readonly accuracy?: number;
  readonly diverged?: boolean;
  readonly turned?: boolean;
}

/** Returns a run that started with losses of 0.7. */
function run({
  steps = 1000,
  train = 0.1,
  validation = 1.34,
  best = 0.5,
  accuracy = 0.8,
  diverged,
  turned,
}: Measured): RunNow {
  return {
    steps,
    diverged: diverged ?? false,
    turned: turned ?? false,
    first: { step: 0, train: 0.7, validation: 0.7 },
    last: { step: steps, train, validation },
    accuracy,
    best: { loss: best, step: Math.min(steps, 64) },
  };
}

function now(lesson: LessonName, runs: readonly (RunNow | undefined)[], more: Partial<Now> = {}): Now {
  const { state } = { ...lessonOf(lesson), ...more };
  return {
    lesson,
    state,
    points: state.examples,
    runs,
    playing: false,
    busy: undefined,
    isWaiting: false,
    ...more,
  };
}

/** Lesson 2 with this λ of run B. */
function withL2(l2: number): Partial<Now> {
  const { state } = lessonOf('l2');
  return { state: { ...state, runs: [state.runs[0], { ...state.runs[1], l2 }] } };
}

const memorising = run({});
const regularised = run({ train: 0.4, validation: 0.45, accuracy: 0.9 });

describe('the numbers that lead', () => {
  test('validation loss from A to B comes first, the gap second', () => {
    const { headline, more, better } = tell(now('l2', [memorising, regularised]));
    expect(headline).toBe('1.34 → 0.45');
    expect(more).toBe('gap 1.24 → 0.05 · 80.0\u00a0% → 90.0\u00a0% right');
    expect(better).toBe(true);
  });

  test('a network that guesses does not look good, although its gap is small', () => {
    const guessing = run({ train: 0.69, validation: 0.692, accuracy: 0.48 });
    const fresh = run({ train: 0.3, validation: 0.5 });
    const { headline, better, now: said } = tell(now('l2', [fresh, guessing], withL2(10)));
    expect(headline).toBe('0.50 → 0.69');
    expect(better).toBe(false);
    expect(said).toBe('λ = 10 is too much: B can hardly learn and is right in 48.0\u00a0%.');
  });

  test('a lower loss with fewer right is not better', () => {
    const guessing = run({ train: 0.69, validation: 0.692, accuracy: 0.516 });
    expect(tell(now('l2', [run({ validation: 0.83, accuracy: 0.78 }), guessing], withL2(0.32))).better).toBeUndefined();
  });

  test('losses that are nearly equal are neither better nor worse', () => {
    expect(tell(now('l2', [run({ validation: 0.51 }), run({ validation: 0.5 })])).better).toBeUndefined();
  });
});

describe('the sentence', () => {
  test.for<[what: string, now: Now, said: string, next: string]>([
    ['compiling', now('l2', [], { busy: 'compiling' }), '', ''],
    ['a run not measured yet', now('l2', [undefined, undefined]), 'Measuring the networks', ''],
    [
      'step 0',
      now('l2', [run({ steps: 0 }), run({ steps: 0 })]),
      'The networks have not learned anything yet.',
      'Press Play.',
    ],
    ['early', now('l2', [run({ steps: 40 }), run({ steps: 40 })], { playing: true }), 'Both networks find', 'Wait'],
    [
      'better, training',
      now('l2', [run({ steps: 500 }), run({ steps: 500, train: 0.4, validation: 0.45 })], { playing: true }),
      'A memorises wrong labels that B ignores.',
      'Drag λ.',
    ],
    [
      'better, done',
      now('l2', [memorising, regularised]),
      'A memorises wrong labels that B ignores.',
      'Drag λ to 0.1: where',
    ],
    [
      'strong, done',
      now('l2', [memorising, regularised], withL2(0.2)),
      'B memorises nothing, but it learns less too: 90.0\u00a0% right.',
      'Drag λ to 0.001',
    ],
    [
      'turned, at rest',
      now('l2', [memorising, { ...regularised, turned: true }]),
      'B has not trained with your change yet.',
      'Press Play or Restart',
    ],
    [
      'turned, in the lab',
      now('l2', [memorising, { ...regularised, turned: true }], { lesson: undefined }),
      'B has not trained with your change yet.',
      'Press Play or Restart',
    ],
    [
      'points edited, at rest',
      now('overfit', [{ ...memorising, turned: true }]),
      'A has not trained with your change yet.',
      'Press Play or Restart',
    ],
    [
      'turned, training',
      now('l2', [memorising, { ...regularised, turned: true }], { playing: true }),
      'A memorises wrong labels',
      'Drag λ.',
    ],
    ['off', now('l2', [memorising, memorising], withL2(0)), 'B now trains as A does', 'Drag the slider to the right'],
    ['dropout', now('dropout', [memorising, regularised]), 'B memorises single points less than A', 'Drag p to 0.8'],
    ['L1', now('l1', [memorising, regularised]), 'Most weights of B are 0', 'Drag λ to 1'],
    ['diverged', now('l2', [memorising, run({ diverged: true })]), 'B diverged', 'Lower its learning rate in the lab.'],
    ['check', now('l2', [memorising, regularised], { isWaiting: true }), 'Training is paused while the check', ''],
    [
      'memorising',
      now('overfit', [memorising]),
      'It memorises single points',
      'Drag the slider to 1,000: can it memorise those?',
    ],
    [
      'many points',
      now('overfit', [run({ train: 0.4, validation: 0.45, best: 0.44 })], {
        state: { ...lessonOf('overfit').state, examples: 1000 },
      }),
      '1,000 points are too many to memorise',
      '',
    ],
    [
      'four',
      now('both', [memorising, regularised, regularised, run({ validation: 0.4 })]),
      'D (both) is best',
      'See the lab’s tab Weights',
    ],
  ])('%s', ([, given, said, next]) => {
    const story = tell(given);
    expect(story.now).toContain(said);
    expect(story.next).toContain(next);
    expect(story.leadsOn ?? false).toBe(said.startsWith('1,000 points'));
  });
});
