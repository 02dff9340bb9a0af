import type { Engine } from '../../index.js';
import type { Chart, Series } from '../charts/chart.js';
import { writeCharts } from '../charts/terminal-chart.js';
import { packageVersion, whereOf } from '../environment.js';
import { type Fact, writeCommand, writeFacts } from '../terminal/lines.js';
import { count, percent, short } from '../terminal/numbers.js';
import type { Terminal } from '../terminal/terminal.js';
import type { TrainConfig } from './config.js';
import type { TrainingData } from './data.js';
import { describeModel, describeTraining, outputsOf, parameterCount } from './model.js';
import { unitOf } from './progress.js';
import type { EpochRow, RunResult } from './run-result.js';
import { balanceLines, confusionLines, tableLines } from './show-table.js';
import { columnLines, type TableData } from './table.js';

/** Returns the charts of a run: loss, and accuracy where there is one; none before the first epoch's end. */
export function chartsOf({ epochs, config }: RunResult): Chart[] {
  if (epochs.length === 0) return [];
  const unit = unitOf(Math.ceil(config.trainExamples / config.batch));
  const series = (name: string, key: keyof EpochRow): Series => ({
    name,
    values: epochs.map((row) => row[key] ?? Number.NaN),
  });
  const charts: Chart[] = [
    { title: 'Loss', unit, series: [series('training', 'trainLoss'), series('validation', 'validationLoss')] },
  ];
  if (epochs[0].trainAccuracy !== null) {
    const both = [series('training', 'trainAccuracy'), series('validation', 'validationAccuracy')];
    charts.push({ title: 'Accuracy', unit, share: true, series: both });
  }
  return charts;
}

/** Returns the results of a run as facts. */
export function resultLines(result: RunResult): Fact[] {
  const { testAccuracy, testLoss, targetVariance, closedForm, stepMilliseconds, table, images } = result;
  const lines: Fact[] = [];
  if (table) lines.push(...tableLines(table));
  else if (testAccuracy !== null && testLoss !== null) {
    lines.push(['Test', `accuracy ${percent(testAccuracy)}, loss ${short(testLoss)}`]);
    if (images) lines.push(...balanceLines(images));
  } else if (testLoss !== null && targetVariance === null) lines.push(['Test', `loss ${short(testLoss)}`]);
  else if (testLoss !== null && targetVariance !== null) {
    const explained = 1 - testLoss / targetVariance;
    const share = Number.isFinite(explained) ? `: ${percent(explained)} explained` : '';
    const variance = targetVariance === 0 ? 'all targets are equal' : `targets have variance ${short(targetVariance)}`;
    lines.push(['Test', `loss ${short(testLoss)}; ${variance}${share}`]);
  }
  if (closedForm) {
    const { trained, minimiser, difference } = closedForm;
    lines.push(['Trained', `w = ${trained.w.toFixed(7)}, b = ${trained.b.toFixed(7)}`]);
    lines.push(['Closed form', `w = ${minimiser.w.toFixed(7)}, b = ${minimiser.b.toFixed(7)}`]);
    lines.push(['Difference', `${difference.toExponential(1)} at most`]);
  }
  const stop = stopText(result);
  if (stop !== undefined) lines.push(['Stopped', stop]);
  if (stepMilliseconds !== null) lines.push(['Step', `${stepMilliseconds.toFixed(2)} ms${dispatches(result)}`]);
  lines.push(['Weights', `sha256 ${result.weightsSha256}`]);
  return lines;
}

/** Returns in words when training stopped, and whose weights it ends with; undefined where it does not stop early. */
function stopText({ bestEpoch, epochs, config }: RunResult): string | undefined {
  if (bestEpoch === null || (bestEpoch === epochs.length && bestEpoch === config.epochs)) return undefined;
  const end =
    epochs.length < config.epochs ? `after epoch ${count(epochs.length)} of ${count(config.epochs)}` : 'at the end';
  if (bestEpoch === 0)
    return `${end}; nothing was learnt: no epoch had a better validation loss than the network before the first one, whose weights these are`;
  return `${end}; the weights are those of epoch ${count(bestEpoch)}, which had the best validation loss`;
}

function dispatches({ backend, dispatchesPerStep: n }: RunResult): string {
  if (backend === 'reference') return ' on the CPU';
  return `, ${count(n)} ${n === 1 ? 'dispatch' : 'dispatches'}`;
}

/** Writes the facts of a run before it starts. @param before epochs that a resumed run had before */
export function showStart(
  terminal: Terminal,
  { info }: Engine,
  config: TrainConfig,
  { train, about, table }: TrainingData,
  before?: number,
): void {
  writeFacts(terminal, [
    [`wgrad ${packageVersion()}`, `training on ${whereOf(info)}`],
    ['Data', about],
    [
      'Model',
      `${describeModel(config, train.features, outputsOf(config, train))}: ${count(parameterCount(config, train))} parameters`,
    ],
    ['Training', describeTraining(config, train)],
    ...(table ? noteFacts(table) : []),
    ...(before === undefined ? [] : [['Resumed', `after ${count(before)} of ${count(config.epochs)} epochs`] as const]),
  ]);
  if (table) terminal.write(`\n${columnLines(table).join('\n')}\n`);
  terminal.write('\n');
}

/** Returns what a person should know of how a table was read. */
export function noteFacts({ table, notes }: TableData): Fact[] {
  const all = [...table.notes, ...notes];
  return all.length > 0 ? [['Note', all.join('; ')]] : [];
}

/** Shows the charts and facts of a run, and the files that were written. */
export function showResult(
  terminal: Terminal,
  result: RunResult,
  stopped: string | undefined,
  written: readonly string[],
): void {
  writeCharts(terminal, chartsOf(result));
  terminal.write('\n');
  if (stopped !== undefined) terminal.write(`${stopped}\n`);
  const classes = result.table?.classes ?? result.images;
  const confusion = classes ? confusionLines(classes, terminal.columns) : [];
  if (confusion.length > 0) terminal.write(`${confusion.join('\n')}\n\n`);
  const files: Fact[] = written.length > 0 ? [['Written', written.join(', ')]] : [];
  writeFacts(terminal, [...resultLines(result), ...files]);
  writeCommand(terminal, 'Again', result.command);
}
