import { element, input, write } from '../../page/element.js';
import { loss } from '../../page/figures.js';
import { aligned } from '../../page/history.js';
import { onceAFrame } from '../../page/once-a-frame.js';
import type { Page } from '../../page/page.js';
import { colourOf, DASHES, LETTERS } from '../../page/run-look.js';
import { chart as words } from '../../words/words.js';
import { topOf } from '../draw/axis.js';
import type { ChartData, ChartPlan, Line } from '../draw/plot.js';
import { smooth } from '../draw/smooth.js';
import { Chart, Cursor } from './chart.js';
import { drawNotes, type Notes } from './chart-notes.js';

/** Time between two updates of an open table. */
const TABLE_MILLISECONDS = 1000;

/** Shows the curves of all runs: loss, accuracy, and the parts of the selected run's loss. */
export function showCurves(page: Page): void {
  const cursor = new Cursor();
  const charts = ['loss', 'accuracy', 'parts'].map((name) => new Chart(element(`${name}-chart`, HTMLElement), cursor));
  const [losses, accuracies, parts] = charts;
  const histories = () => page.runs.map(({ history }) => history);
  const draws = [
    () => {
      const data = smoothed(aligned(histories(), ['trainLoss', 'validationLoss']));
      losses.draw(lossPlan(page, data), data);
    },
    () => accuracies.draw(accuracyPlan(page), smoothed(aligned(histories(), ['trainAccuracy', 'validationAccuracy']))),
    () => {
      const own = page.runs[page.state.selected]?.history;
      element('parts-figure', HTMLElement).hidden = page.state.runs.every(({ l2 }) => l2 === 0);
      const data: ChartData = own ? stacked(aligned([own], ['trainLoss', 'penalty'])) : [[], [], []];
      parts.draw(partsPlan(page), smoothed(data));
    },
  ].map(onceAFrame);
  const draw = () => {
    for (const each of draws) each();
  };
  page.on('data', () => {
    const { data } = page.facts;
    element('accuracy-figure', HTMLElement).classList.toggle('empty', data !== undefined && !data.classes);
  });
  page.on(['runs', 'state', 'data', 'mode'], draw);
  page.on('look', () => {
    for (const chart of charts) chart.redraw();
  });
  for (const id of ['log', 'smoothing']) input(id).addEventListener('input', draw);
  for (const details of document.querySelectorAll<HTMLDetailsElement>('details[data-chart]')) {
    details.addEventListener('toggle', async () => {
      if (details.open) (await import('./chart-table.js')).fillTable(page, details);
    });
  }
  setInterval(async () => {
    const open = document.querySelectorAll<HTMLDetailsElement>('details[data-chart][open]');
    if (open.length === 0) return;
    const { fillTable } = await import('./chart-table.js');
    for (const details of open) fillTable(page, details);
  }, TABLE_MILLISECONDS);
  draw();
}

function smoothed([steps, ...lines]: ChartData): ChartData {
  const weight = input('smoothing').valueAsNumber;
  return weight === 0 ? [steps, ...lines] : [steps, ...lines.map((line) => smooth(line, weight))];
}

/** Returns the data term, and the penalty stacked on it. */
function stacked([steps, data, penalty]: ChartData): ChartData {
  return [steps, data.map((value, i) => (value === null ? null : value + (penalty[i] ?? 0))), data];
}

/** Returns a solid line for training and a dashed one for validation, for each run. */
const linesOf = (page: Page): Line[] =>
  page.runs.flatMap((_, run) => [
    { colour: colourOf(run), width: 1.25 },
    { colour: colourOf(run), width: 2, dash: DASHES[run] },
  ]);

function notesOf({ runs, state }: Page): Notes {
  const marks = runs[state.selected]?.facts.marks ?? [];
  return { histories: runs.map(({ history }) => history), selected: state.selected, marks };
}

function lossPlan(page: Page, data: ChartData): ChartPlan {
  const { selected } = page.state;
  return {
    lines: linesOf(page),
    band:
      selected < page.runs.length
        ? { between: [2 * selected, 2 * selected + 1], colour: colourOf(selected) }
        : undefined,
    log: input('log').checked,
    ...fixed(page),
    y: (_, high) => [0, topOf(Math.max(high, leastTop(page)))],
    name: words.step,
    over: (plot) => drawNotes(plot, notesOf(page), { labels: true }),
    cursor: (row) => readOut(page, data, row),
  };
}

/** Returns the end of the x axis: the step at which training stops, so that the axis does not move. */
const fixed = ({ state }: Page): Pick<ChartPlan, 'end'> => (state.steps > 0 ? { end: state.steps } : {});

/** Returns the least top of the loss axis: one that the networks of the lessons seldom pass, twice the loss of guessing. */
function leastTop({ facts: { data } }: Page): number {
  return data?.classes ? topOf(2 * Math.log(data.classes.length)) : 0.1;
}

function accuracyPlan(page: Page): ChartPlan {
  return {
    ...fixed(page),
    lines: linesOf(page),
    name: words.step,
    y: (low) => [Math.max(0, Math.min(0.9, Math.floor(10 * low) / 10)), 1.02],
    ticks: (value) => (value > 1 ? '' : `${Math.round(100 * value)} %`),
    over: (plot) => drawNotes(plot, notesOf(page), { labels: false }),
  };
}

function partsPlan(page: Page): ChartPlan {
  const colour = colourOf(page.state.selected);
  return {
    ...fixed(page),
    name: words.step,
    lines: [
      { colour, fill: 0.18, width: 1 },
      { colour, fill: 0.3, width: 1.5 },
    ],
  };
}

/** Writes the losses under the cursor: training, then validation, for each run. */
function readOut(page: Page, [steps, ...lines]: ChartData, row: number | undefined): void {
  if (row === undefined) {
    write('readout', '');
    return;
  }
  const runs = page.runs.map(
    (_, run) => `${LETTERS[run]} ${loss(lines[2 * run]?.[row])} / ${loss(lines[2 * run + 1]?.[row])}`,
  );
  write('readout', words.at(steps[row], runs.join('   ')));
}
