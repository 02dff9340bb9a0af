import { within } from './element.js';
import { loss, percent } from './figures.js';
import { aligned, type Measure } from './history.js';
import type { Page } from './page.js';
import { LETTERS } from './run-look.js';

const COLUMNS: Record<string, readonly [Measure, string][]> = {
  loss: [
    ['trainLoss', 'training'],
    ['validationLoss', 'validation'],
  ],
  accuracy: [
    ['trainAccuracy', 'training'],
    ['validationAccuracy', 'validation'],
  ],
  parts: [
    ['trainLoss', 'data'],
    ['penalty', 'penalty'],
  ],
};
/** More rows than this no one reads; evenly chosen, the last one among them. */
const ROWS = 50;

/** Fills a chart's table with what the chart shows now. */
export function fillTable(page: Page, details: HTMLDetailsElement): void {
  const name = details.dataset.chart ?? 'loss';
  const columns = COLUMNS[name];
  const runs = name === 'parts' ? [page.state.selected] : [...page.runs.keys()];
  const histories = runs.flatMap((run) => page.runs[run]?.history ?? []);
  const [steps, ...lines] = aligned(
    histories,
    columns.map(([measure]) => measure),
  );
  const table = document.createElement('table');
  const head = table.createTHead().insertRow();
  for (const title of ['step', ...runs.flatMap((run) => columns.map(([, text]) => `${LETTERS[run]} ${text}`))]) {
    const cell = document.createElement('th');
    cell.scope = 'col';
    cell.textContent = title;
    head.append(cell);
  }
  const stride = Math.max(1, Math.ceil(steps.length / ROWS));
  const say = name === 'accuracy' ? percent : loss;
  const body = table.createTBody();
  for (let row = (steps.length - 1) % stride; row < steps.length; row += stride) {
    const cells = body.insertRow();
    cells.insertCell().textContent = String(steps[row]);
    for (const line of lines) cells.insertCell().textContent = say(line[row]);
  }
  const holder = within(details, 'div', HTMLElement);
  holder.tabIndex = 0;
  holder.replaceChildren(table);
}
