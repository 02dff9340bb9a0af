import type uPlot from 'uplot';
import { Chart, type ChartPlan, type Line } from './chart.js';
import { drawNotes, type Notes } from './chart-notes.js';
import { element, input, write } from './element.js';
import { loss } from './figures.js';
import { aligned } from './history.js';
import { onceAFrame } from './once-a-frame.js';
import type { Page } from './page.js';
import { colourOf, DASHES, LETTERS } from './run-look.js';
import { smooth } from './smooth.js';

/** The curves of all runs: loss, accuracy, and the selected run's loss in parts. */
export function showCurves(page: Page): void {
  const charts = ['loss', 'accuracy', 'parts'].map((name) => new Chart(element(`${name}-chart`, HTMLElement)));
  const [losses, accuracies, parts] = charts;
  const histories = () => page.runs.map(({ history }) => history);
  const draws = [
    () => losses.draw(lossPlan(page), smoothed(aligned(histories(), ['trainLoss', 'validationLoss']))),
    () => accuracies.draw(accuracyPlan(page), smoothed(aligned(histories(), ['trainAccuracy', 'validationAccuracy']))),
    () => {
      const own = page.runs[page.state.selected]?.history;
      const data = own ? stacked(aligned([own], ['trainLoss', 'penalty'])) : [[], [], []];
      parts.draw(partsPlan(page.state.selected), smoothed(data));
    },
  ].map(onceAFrame);
  const draw = () => {
    for (const each of draws) each();
  };
  page.on('data', () => {
    const { data } = page.facts;
    element('accuracy-figure', HTMLElement).classList.toggle('empty', data !== undefined && !data.classes);
  });
  page.on(['runs', 'state', 'data'], draw);
  page.on('look', () => {
    for (const chart of charts) chart.redraw();
  });
  for (const id of ['log', 'smoothing']) input(id).addEventListener('input', draw);
  for (const details of document.querySelectorAll<HTMLDetailsElement>('details.as-table')) {
    details.addEventListener('toggle', async () => {
      if (details.open) (await import('./chart-table.js')).fillTable(page, details);
    });
  }
  draw();
}

function smoothed([steps, ...lines]: (number | null)[][]): (number | null)[][] {
  const weight = input('smoothing').valueAsNumber;
  return weight === 0 ? [steps, ...lines] : [steps, ...lines.map((line) => smooth(line, weight))];
}

/** Data term, and the penalty on top of it. */
function stacked([steps, data, penalty]: (number | null)[][]): (number | null)[][] {
  return [steps, data.map((value, i) => (value === null ? null : value + (penalty[i] ?? 0))), data];
}

/** A solid line for training, a dashed one for validation, for each run. */
const linesOf = (page: Page): Line[] =>
  page.runs.flatMap((_, run) => [
    { colour: colourOf(run), width: 1.25 },
    { colour: colourOf(run), width: 2, dash: DASHES[run] },
  ]);

function notesOf({ runs, state }: Page): Notes {
  const marks = runs[state.selected]?.facts.marks ?? [];
  return { histories: runs.map(({ history }) => history), selected: state.selected, marks };
}

function lossPlan(page: Page): ChartPlan {
  const { selected } = page.state;
  return {
    lines: linesOf(page),
    // Whichever of the two lines is above: early on, with noise in the labels, it may be that of training.
    bands: [[2 * selected + 1, 2 * selected] as const, [2 * selected, 2 * selected + 1] as const]
      .filter(() => selected < page.runs.length)
      .map((lines) => ({ lines, colour: colourOf(selected) })),
    log: input('log').checked,
    over: (plot) => drawNotes(plot, notesOf(page), { labels: true }),
    cursor: (plot) => readOut(page, plot),
  };
}

function accuracyPlan(page: Page): ChartPlan {
  return {
    lines: linesOf(page),
    y: (low) => [Math.max(0, Math.min(0.9, Math.floor(10 * low) / 10)), 1.02],
    ticks: (value) => (value > 1 ? '' : `${Math.round(100 * value)} %`),
    over: (plot) => drawNotes(plot, notesOf(page), { labels: false }),
  };
}

function partsPlan(selected: number): ChartPlan {
  const colour = colourOf(selected);
  return {
    lines: [
      { colour, fill: 0.18, width: 1 },
      { colour, fill: 0.3, width: 1.5 },
    ],
  };
}

/** The losses under the cursor, in words. */
function readOut(page: Page, plot: uPlot): void {
  const { idx } = plot.cursor;
  const step = idx === null || idx === undefined ? undefined : plot.data[0][idx];
  if (idx === null || idx === undefined || step === undefined) {
    write('readout', '');
    return;
  }
  const at = (line: number) => loss(plot.data[line]?.[idx]);
  const runs = page.runs.map((_, run) => `${LETTERS[run]} ${at(2 * run + 1)} / ${at(2 * run + 2)}`);
  write('readout', `step ${step}: ${runs.join('   ')}`);
}
