import type { TrialFacts } from '../../contract/protocol.js';
import { within } from '../../page/element.js';
import { loss, percent } from '../../page/figures.js';
import { aligned, type Measure } from '../../page/history.js';
import type { Page } from '../../page/page.js';
import { LETTERS } from '../../page/run-look.js';
import { chart as words } from '../../words/words.js';

const COLUMNS: Record<string, readonly [Measure, string][]> = {
  loss: [
    ['trainLoss', words.training],
    ['validationLoss', words.validation],
  ],
  accuracy: [
    ['trainAccuracy', words.training],
    ['validationAccuracy', words.validation],
  ],
  parts: [
    ['trainLoss', words.data],
    ['penalty', words.penalty],
  ],
};
/** Most rows of a table; longer data are sampled evenly, with the last row kept. */
const ROWS = 50;

/** Fills a chart's table with the values that the chart shows now. */
export function fillTable(page: Page, details: HTMLDetailsElement): void {
  const name = details.dataset.chart ?? 'loss';
  const columns = COLUMNS[name];
  const runs = name === 'parts' ? [page.state.selected] : [...page.runs.keys()];
  const histories = runs.flatMap((run) => page.runs[run]?.history ?? []);
  const [steps, ...lines] = aligned(
    histories,
    columns.map(([measure]) => measure),
  );
  const say = name === 'accuracy' ? percent : loss;
  const titles = [words.step, ...runs.flatMap((run) => columns.map(([, text]) => `${LETTERS[run]} ${text}`))];
  fill(details, titles, steps.length, (row) => [String(steps[row]), ...lines.map((line) => say(line[row]))]);
}

/** Fills the table of a search cell with its losses. */
export function fillTrialTable(details: HTMLDetailsElement, { epochs }: TrialFacts): void {
  const titles = [words.epoch, words.training, words.validation];
  fill(details, titles, epochs.length, (row) => [String(row + 1), loss(epochs[row][0]), loss(epochs[row][1])]);
}

function fill(
  details: HTMLDetailsElement,
  titles: readonly string[],
  length: number,
  cellsOf: (row: number) => readonly string[],
): void {
  const stride = Math.max(1, Math.ceil(length / ROWS));
  const rows: (readonly string[])[] = [];
  for (let row = (length - 1) % stride; row < length; row += stride) rows.push(cellsOf(row));
  // Rebuilt only if the content differs, to keep a selection in it.
  const like = JSON.stringify([titles, rows]);
  if (details.dataset.like === like) return;
  details.dataset.like = like;
  const table = document.createElement('table');
  const head = table.createTHead().insertRow();
  for (const title of titles) {
    const cell = document.createElement('th');
    cell.scope = 'col';
    cell.textContent = title;
    head.append(cell);
  }
  const body = table.createTBody();
  for (const texts of rows) {
    const cells = body.insertRow();
    for (const text of texts) cells.insertCell().textContent = text;
  }
  const holder = within(details, 'div', HTMLElement);
  holder.tabIndex = 0;
  holder.replaceChildren(table);
}
