import { LIMITS } from '../../contract/state.js';
import { button, copies, element, within } from '../../page/element.js';
import { count, loss, percent } from '../../page/figures.js';
import { onceAFrame } from '../../page/once-a-frame.js';
import type { Page } from '../../page/page.js';
import { colourOf, DASHES, LETTERS, nameOf } from '../../page/run-look.js';
import { runs as words } from '../../words/words.js';

/** Shows the runs as a table, which is also the charts' legend: select a run, add a copy, remove one. */
export function showRuns(page: Page): void {
  const body = within(element('runs', HTMLTableElement), 'tbody', HTMLElement);
  body.addEventListener('change', ({ target }) => page.change({ selected: rowOf(body, target) }));
  body.addEventListener('click', ({ target }) => {
    if (target instanceof HTMLButtonElement) remove(page, rowOf(body, target));
  });
  button('add-run').addEventListener('click', () => page.addRun(page.knobs));
  const show = onceAFrame(() => {
    const { state } = page;
    for (const [i, row] of copies(body, state.runs.length, 'run-row', HTMLTableRowElement).entries())
      showRow(page, row, i);
    button('add-run').disabled = state.runs.length >= LIMITS.runs.max;
    for (const letter of document.querySelectorAll('.selected-letter')) letter.textContent = LETTERS[state.selected];
  });
  page.on(['state', 'runs'], show);
  show();
}

function rowOf(body: HTMLElement, target: EventTarget | null): number {
  return [...body.children].findIndex((row) => target instanceof Node && row.contains(target));
}

function remove(page: Page, run: number): void {
  const { runs, selected } = page.state;
  const left = runs.filter((_, i) => i !== run);
  page.change({ runs: left, selected: Math.min(selected > run ? selected - 1 : selected, left.length - 1) });
  // Keep the keyboard focus in the table.
  requestAnimationFrame(() => document.querySelector<HTMLElement>('#runs .selected input')?.focus());
}

function showRow(page: Page, row: HTMLTableRowElement, i: number): void {
  const { state } = page;
  const run = page.runs[i];
  const name = nameOf(state, state.runs[i]);
  const radio = within(row, 'input', HTMLInputElement);
  row.style.setProperty('--run', `var(--${colourOf(i)})`);
  row.classList.toggle('selected', i === state.selected);
  radio.checked = i === state.selected;
  radio.ariaLabel = words.select(LETTERS[i], name);
  within(row, '.letter', HTMLElement).textContent = LETTERS[i];
  within(row, 'line', SVGLineElement).setAttribute('stroke-dasharray', DASHES[i].join(' '));
  const remove = within(row, 'button', HTMLButtonElement);
  remove.ariaLabel = words.remove(LETTERS[i]);
  remove.disabled = state.runs.length === 1;
  const last = run?.history;
  const cells = [
    name,
    run ? count(run.facts.steps) : '–',
    loss(last?.last('trainLoss')),
    loss(last?.last('validationLoss')),
    loss(last?.gap()),
    percent(last?.last('trainAccuracy')),
    percent(last?.last('validationAccuracy')),
    run?.facts.diverged ? words.diverged : (run?.facts.hash ?? words.notYet),
  ];
  for (const [column, text] of cells.entries()) {
    const cell = row.cells[column + 1];
    if (cell.textContent !== text) cell.textContent = text;
  }
}
