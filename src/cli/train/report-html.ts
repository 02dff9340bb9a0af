import { basename } from 'node:path';
import { figure, namesTable, reportPage, settingRows, wideTable } from '../charts/html.js';
import { svgChart } from '../charts/svg-chart.js';
import type { Fact } from '../terminal/lines.js';
import { count, duration, percent, short } from '../terminal/numbers.js';
import { unitOf } from './progress.js';
import { classesHtml, columnsHtml, measuresHtml } from './report-table.js';
import type { EpochRow, RunResult } from './run-result.js';
import { chartsOf, resultLines } from './show-run.js';

/** More epochs than this are shown one in so many. */
const MOST_ROWS = 50;

/** Returns a run as one page that loads nothing. */
export function reportHtml(result: RunResult): string {
  const { version, status, adapter, backend, command, config, epochs, table, images } = result;
  const unit = unitOf(Math.ceil(config.trainExamples / config.batch));
  const figures = chartsOf(result).map((chart) => figure(chart.title, svgChart(chart)));
  const facts: Fact[] = [
    ...resultLines(result),
    ['Status', status],
    ['Data', result.data],
    ['Model', result.model],
    ['Adapter', backend === 'reference' ? `${adapter} (CPU reference)` : adapter],
    ['Time', `${duration(result.seconds)} for ${count(result.steps)} steps and validation`],
  ];
  const body = `<h2>Result</h2>
${namesTable(facts)}
<div class="charts">
${figures.join('\n')}
</div>
${table ? measuresHtml(table) : images ? classesHtml(images) : ''}
<h2>Training</h2>
<p>Training is measured while the weights change and with dropout, validation afterwards and without dropout.</p>
${epochTable(epochs, unit)}
${table ? columnsHtml(table) : ''}
<h2>Settings</h2>
${namesTable(settingRows(config))}
<h2>Weights</h2>
${namesTable(result.weights.map(({ name, shape }) => [name, shape.join(' x ')]))}`;
  return reportPage({
    title: config.data === null ? config.preset : basename(config.data),
    heading: 'wgrad train',
    version,
    command,
    body,
  });
}

function epochTable(epochs: readonly EpochRow[], unit: string): string {
  const every = Math.ceil(epochs.length / MOST_ROWS);
  const shown = epochs.filter((_, i) => (i + 1) % every === 0 || i === epochs.length - 1);
  const columns: [string, (row: EpochRow) => string | undefined][] = [
    [unit, ({ epoch }) => count(epoch)],
    ['training loss', ({ trainLoss }) => short(trainLoss)],
    ['penalty', ({ trainPenalty }) => short(trainPenalty)],
    ['accuracy', ({ trainAccuracy }) => (trainAccuracy === null ? undefined : percent(trainAccuracy))],
    ['validation loss', ({ validationLoss }) => (validationLoss === null ? undefined : short(validationLoss))],
    ['accuracy', ({ validationAccuracy }) => (validationAccuracy === null ? undefined : percent(validationAccuracy))],
    ['time', ({ seconds }) => duration(seconds)],
    ['ms/step', ({ stepMilliseconds }) => stepMilliseconds.toFixed(2)],
  ];
  const filled = columns.filter(([, cell]) => shown.some((row) => cell(row) !== undefined));
  const note = every > 1 ? `<p>One in ${every} is shown.</p>\n` : '';
  const head = filled.map(([name]) => name);
  return note + wideTable([head, ...shown.map((row) => filled.map(([, cell]) => cell(row) ?? '-'))]);
}
