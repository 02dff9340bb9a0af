import { type Fact, textTable, wrap } from '../../../src/cli/terminal/lines.js';
import { count, duration } from '../../../src/cli/terminal/numbers.js';
import type { EngineInfo } from '../../../src/index.js';
import type { Plan } from './plan.js';
import { type Difference, LEVEL, type ReproduceResult, type RowResult } from './result.js';
import { CHOICE, PAPER, ROWS } from './srivastava-2014.js';
import { studentQuantile } from './student-t.js';
import type { RowRun } from './train-row.js';

const errorText = (error: number) => error.toFixed(2);
const signed = (points: number) => `${points < 0 ? '−' : '+'}${Math.abs(points).toFixed(2)}`;
const network = (hidden: readonly number[]) => `784-${hidden.join('-')}-10`;

/** Returns a run in words, and how much smaller it is than the paper's. */
function scaleText({ scale, units, images, updates }: Plan): string {
  if (scale === 1) return 'Full scale: the networks, the images and the number of updates of the paper.';
  return (
    `Scaled to ${scale}, so not the paper's experiment: ${units} units where it has ${count(PAPER.units)}, the first ` +
    `${count(images)} of ${count(PAPER.trainImages)} training images, ${count(updates)} of ${count(PAPER.updates)} updates.`
  );
}

/** Everything that is fixed before training, as names and values. */
export function planFacts({ adapter, software }: EngineInfo, plan: Plan, testImages: number): Fact[] {
  const { seeds, batch } = plan;
  const rates = ROWS.map(({ name, learningRate }) => `${learningRate} (${name})`).join(', ');
  const penalties = ROWS.filter(({ l2 }) => l2 > 0).map(({ name, l2 }) => `${l2} (${name})`);
  const ofL1 = ROWS.filter(({ l1 }) => l1 > 0).map(({ name, l1 }) => `${l1} (${name})`);
  const ofKl = ROWS.filter(({ kl }) => kl > 0).map(({ name, kl }) => `${kl} (${name})`);
  const t = studentQuantile(LEVEL, seeds.length - 1).toFixed(3);
  return [
    ['Paper', 'Srivastava et al., "Dropout", JMLR 15 (2014), tables 9 and 2, MNIST'],
    ['GPU', software ? `${adapter}, software` : adapter],
    ['This run', `${scaleText(plan)} Judged by all ${count(testImages)} test images.`],
    [
      'Paper gives',
      `ReLU networks trained by SGD; dropout of ${PAPER.inputDropout} of the inputs and ${PAPER.hiddenDropout} of the ` +
        `hidden units, final momentum ${PAPER.finalMomentum}, max-norm ${PAPER.maxNorm} (appendix B.1).`,
    ],
    [
      'Our choice',
      `Batches of ${batch}; momentum grows from ${CHOICE.firstMomentum} over the first ` +
        `${100 * CHOICE.momentumRamp} % of the updates; learning rate ${rates}, to 0 along a cosine; λ of (λ/2)·Σw² ${penalties.join(', ')}, of λ·Σ|w| ` +
        `${ofL1.join(', ')} in the last ${Math.round(100 * (1 - CHOICE.l1After))} % of the updates; KL-sparsity wants ` +
        `${CHOICE.sparsity} of h / (1 + h), with λ ${ofKl.join(', ')}; He's initial weights. Chosen on training images that the ` +
        'default run does not use; not tuned for other scales, nor for L1, KL-sparsity and max-norm.',
    ],
    [
      'Seeds',
      `${seeds[0]} to ${seeds[seeds.length - 1]}, as ${seeds.length} members of one population: own initial weights and ` +
        'dropout masks, the same images in the same order.',
    ],
    [
      'Test',
      `Fixed now: differences are taken seed by seed; their mean ± ${t} standard errors (Student's t, ${100 * LEVEL} %, ` +
        `${seeds.length} seeds) is the interval of each, and its sign is resolved if the interval excludes 0.`,
    ],
  ];
}

/** One line when a row is done. */
export function rowLine({ row, errors, diverged, seconds }: RowRun, { seeds }: Plan): string {
  const each = errors.map((error, i) => {
    const where = diverged[i];
    return error === null ? `diverged (seed ${seeds[i]}, update ${count((where?.step ?? 0) + 1)})` : errorText(error);
  });
  return `${row.name}, table ${row.table}: ${duration(seconds)}; errors in % by seed: ${each.join('  ')}`;
}

/** The tables, and what they mean in lines of at most `width` columns. */
export function resultText(result: ReproduceResult, width: number): string[] {
  const { rows, differences, plan, seconds, status } = result;
  const columns = ['Test error in %', 'table', 'network', 'paper', 'ours ± deviation', 'min .. max'];
  const lines = textTable([columns, ...rows.map(errorCells)]);
  if (differences.length > 0) {
    const header = ['Difference in points', 'paper', 'ours', `${100 * result.level} % interval`, 'sign'];
    lines.push('', ...textTable([header, ...differences.map(differenceCells)]));
  }
  const meaning = [
    `${status === 'aborted' ? 'Stopped' : 'Done'} after ${duration(seconds)}.`,
    scaleText(plan),
    ...(plan.scale < 1
      ? ["Errors at this scale are not the paper's; only the signs of differences can be compared."]
      : []),
    'The intervals speak of other seeds, not of other images: all networks learned the same ones in one order.',
  ];
  return [...lines, '', ...wrap(meaning.join(' '), width)];
}

function errorCells({ row, hidden, errors, mean, deviation, diverged }: RowResult): string[] {
  const cells = [row.name, String(row.table), network(hidden), errorText(row.error)];
  if (mean === null || deviation === null) {
    return [...cells, `${diverged.filter(Boolean).length} of ${errors.length} diverged`, ''];
  }
  const ends = [Math.min, Math.max].map((end) => errorText(end(...errors.map(Number))));
  return [...cells, `${errorText(mean)} ± ${errorText(deviation)}`, ends.join(' .. ')];
}

function differenceCells({ first, second, paper, mean, interval, resolved }: Difference): string[] {
  const cells = [`${first} − ${second.includes('+') ? `(${second})` : second}`, signed(paper)];
  if (mean === null || interval === null) return [...cells, '', '', 'not judged: a network diverged'];
  const [low, high] = interval;
  const other = Math.sign(mean) === Math.sign(paper) ? "the paper's" : "not the paper's";
  const sign = resolved ? `resolved: ${mean > 0 ? second : first} errs less, ${other} sign` : 'not resolved';
  return [...cells, signed(mean), `[${signed(low)}, ${signed(high)}]`, sign];
}
