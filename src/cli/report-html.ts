import { escapeHtml } from './escape-html.js';
import { count, duration, percent, short } from './numbers.js';
import { unitOf } from './progress.js';
import { chartsOf, resultLines } from './result-lines.js';
import type { EpochRow, RunResult } from './run-result.js';
import { svgChart } from './svg-chart.js';

const STYLE = `
  :root { color-scheme: light dark; --ink: #1b1f24; --soft: #5b6570; --line: #d9dee4; --paper: #ffffff;
    --a: #0b6bcb; --b: #c2410c; }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #e6e9ed; --soft: #9aa5b1; --line: #333b45; --paper: #14181d; --a: #58a6ff; --b: #ff9d5c; } }
  body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem;
    margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; } p { margin: .2rem 0; color: var(--soft); }
  .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem; margin-top: 1.5rem; }
  figure { margin: 0; } figcaption { font-weight: 600; }
  svg { width: 100%; max-width: 40rem; height: auto; font-size: 12px; } svg text { fill: var(--soft); } .grid { stroke: var(--line); }
  polyline { fill: none; stroke-linejoin: round; } polyline, line.series0, line.series1 { stroke-width: 2; }
  .series0 { stroke: var(--a); } .series1 { stroke: var(--b); } line.series1, polyline.series1 { stroke-dasharray: 6 4; }
  polyline.dense { stroke-width: 1; stroke-dasharray: none; }
  circle.series0 { fill: var(--a); } circle.series1 { fill: var(--paper); stroke-width: 2; }
  .scroll { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
  th, td { text-align: right; padding: .25rem .8rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
  .names th, .names td { text-align: left; vertical-align: top; white-space: normal; overflow-wrap: anywhere; } .names th { white-space: nowrap; }
  code { font: 13px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }`;

/** More epochs than this are shown one in so many. */
const MOST_ROWS = 50;

/** Returns a run as one page that needs nothing but itself. */
export function reportHtml(result: RunResult): string {
  const { version, status, adapter, backend, command, config, epochs } = result;
  const unit = unitOf(Math.ceil(config.trainExamples / config.batch));
  const figures = chartsOf(result).map(
    (chart) => `<figure><figcaption>${escapeHtml(chart.title)}</figcaption>\n${svgChart(chart)}\n</figure>`,
  );
  const facts: [string, string][] = [
    ...resultLines(result),
    ['Status', status],
    ['Data', result.data],
    ['Model', result.model],
    ['Adapter', backend === 'reference' ? `${adapter} (CPU reference)` : adapter],
    ['Time', `${duration(result.seconds)} for ${count(result.steps)} steps and validation`],
  ];
  const settings = Object.entries(config).map(([name, value]): [string, string] => [name, setting(value)]);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>wgrad: ${escapeHtml(config.preset)}</title>
<style>${STYLE}
</style>
</head>
<body>
<h1>wgrad train</h1>
<p>version ${escapeHtml(version)}; this repeats the run:</p>
<p><code>${escapeHtml(command)}</code></p>
<h2>Result</h2>
${namesTable(facts)}
<div class="charts">
${figures.join('\n')}
</div>
<h2>Training</h2>
<p>Training is measured while the weights change and with dropout, validation afterwards and without.</p>
${epochTable(epochs, unit)}
<h2>Settings</h2>
${namesTable(settings)}
<h2>Weights</h2>
${namesTable(result.weights.map(({ name, shape }) => [name, shape.join(' x ')]))}
</body>
</html>
`;
}

function setting(value: unknown): string {
  if (value === null) return '-';
  return Array.isArray(value) ? value.join(', ') || 'none' : String(value);
}

function namesTable(rows: readonly (readonly [string, string])[]): string {
  const lines = rows.map(([name, value]) => `<tr><th>${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`);
  return `<table class="names">\n${lines.join('\n')}\n</table>`;
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
  const line = (tag: string, texts: readonly string[]) =>
    `<tr>${texts.map((text) => `<${tag}>${text}</${tag}>`).join('')}</tr>`;
  const lines = [
    line(
      'th',
      filled.map(([name]) => name),
    ),
    ...shown.map((row) =>
      line(
        'td',
        filled.map(([, cell]) => cell(row) ?? '-'),
      ),
    ),
  ];
  const note = every > 1 ? `<p>One in ${every} is shown.</p>\n` : '';
  return `${note}<div class="scroll"><table>\n${lines.join('\n')}\n</table></div>`;
}
