import type { ColumnFacts, DataFacts, TableFacts } from '../../contract/protocol.js';
import type { TableChoice } from '../../contract/state.js';
import { element } from '../../page/element.js';
import { count, loss, percent, tidy } from '../../page/figures.js';
import type { Page } from '../../page/page.js';
import { LETTERS } from '../../page/run-look.js';
import { table as words } from '../../words/words.js';

let isShown = false;

/** Shows a person's own table: its columns, which may be used otherwise, a row to predict, and files to take along. */
export function showTable(page: Page): void {
  if (isShown) return;
  isShown = true;
  const section = element('own-table', HTMLElement);
  const answer = make('output', { id: 'prediction' });
  const show = () => {
    const { data } = page.facts;
    section.hidden = page.state.data !== 'own' || !data?.table;
    if (section.hidden || !data?.table) return;
    answer.textContent = '';
    section.replaceChildren(
      make('h2', { id: 'own-table-title', textContent: words.title }),
      ...rowsOf(page, data, data.table),
      ...data.table.notes.map((note) => make('p', { textContent: words.note(note) })),
      columnsOf(page, data.table),
      make('p', { id: 'baseline', textContent: baselineOf(data) }),
      predictForm(page, data.table, answer),
      downloads(page),
    );
  };
  page.on('data', show);
  page.on('state', () => {
    section.hidden = page.state.data !== 'own' || !page.facts.data?.table;
  });
  page.on('prediction', () => {
    answer.textContent = predictionOf(page);
  });
  show();
}

/** Returns a new element with properties and children. */
function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Partial<HTMLElementTagNameMap[K]>,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function rowsOf(page: Page, { train, validation, available, room }: DataFacts, { rows }: TableFacts): HTMLElement[] {
  const said = [words.rows(count(rows), count(train), count(validation))];
  const most = Math.min(available, room ?? available);
  if (train < available) said.push(words.unused(count(available - train)));
  if (room !== undefined) said.push(words.room(count(room)));
  const text = make('p', { id: 'table-rows', textContent: said.join(' ') });
  if (train >= most) return [text];
  const all = make('button', { type: 'button', id: 'use-all', textContent: words.useAll(count(most)) });
  all.addEventListener('click', () => page.change({ examples: most }));
  return [text, make('p', {}, all)];
}

function columnsOf(page: Page, facts: TableFacts): HTMLTableElement {
  const titles = words.columns.map((title) => make('th', { scope: 'col', textContent: title }));
  const rows = facts.columns.map((column) =>
    make(
      'tr',
      {},
      make('th', { scope: 'row', textContent: column.name }),
      make('td', { textContent: column.kind }),
      make('td', { textContent: count(column.missing) }),
      make('td', { textContent: valuesOf(column) }),
      make('td', {}, useOf(page, facts, column), ...taskOf(page, facts, column)),
    ),
  );
  return make('table', { id: 'columns' }, make('thead', {}, make('tr', {}, ...titles)), make('tbody', {}, ...rows));
}

function valuesOf({ values, range, distinct, kind }: ColumnFacts): string {
  if (values) return words.values(values.join(', '), distinct <= values.length);
  return range && kind === 'number' ? words.range(tidy(range[0]), tidy(range[1])) : words.different(count(distinct));
}

function useOf(page: Page, { target }: TableFacts, { name, leftOut }: ColumnFacts): HTMLSelectElement {
  const { drop = [] } = page.state.table ?? {};
  const uses = make('select', { ariaLabel: words.useOf(name) });
  for (const [value, text] of Object.entries(words.uses)) uses.append(new Option(text, value));
  uses.value = name === target ? 'target' : leftOut === undefined ? 'feature' : 'drop';
  if (leftOut !== undefined && !drop.includes(name)) uses.title = words.leftOut(leftOut);
  uses.addEventListener('change', () => {
    const others = drop.filter((each) => each !== name);
    if (uses.value === 'target') choose(page, { target: name, drop: others });
    else
      choose(page, {
        target: name === target ? undefined : target,
        drop: uses.value === 'drop' ? [...drop, name] : others,
      });
  });
  return uses;
}

/** Returns the choice of classes or a number, for the column to learn. */
function taskOf(page: Page, { target }: TableFacts, { name }: ColumnFacts): HTMLElement[] {
  if (name !== target) return [];
  const tasks = make('select', { ariaLabel: words.task });
  for (const [value, text] of Object.entries(words.tasks)) tasks.append(new Option(text, value));
  tasks.value = page.state.table?.task ?? '';
  tasks.addEventListener('change', () => {
    const task = (['classes', 'number'] as const).find((each) => each === tasks.value);
    page.change({ table: { ...page.state.table, target, task } });
  });
  return [tasks];
}

function choose(page: Page, choice: TableChoice): void {
  page.change({ table: choice });
}

function baselineOf({ baseline }: DataFacts): string {
  return words.baseline(loss(baseline.loss), baseline.accuracy === undefined ? undefined : percent(baseline.accuracy));
}

function predictForm(page: Page, { columns, target }: TableFacts, answer: HTMLOutputElement): HTMLFormElement {
  const used = columns.filter(({ name, leftOut }) => name !== target && leftOut === undefined);
  const boxes = used.map(({ name, first }) => make('input', { name, value: first, type: 'text' }));
  const form = make(
    'form',
    { id: 'predict', className: 'fields' },
    ...boxes.map((box) => make('label', {}, box.name, box)),
    make('button', { type: 'submit', textContent: words.predict }),
    answer,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    page.tell({ kind: 'predict', row: Object.fromEntries(boxes.map(({ name, value }) => [name, value])) });
  });
  return form;
}

function predictionOf({ facts, state }: Page): string {
  const { prediction, data } = facts;
  if (!prediction) return '';
  const { run, answer, probabilities = [] } = prediction;
  const place = state.runs.findIndex(({ id }) => id === run);
  const said = words.prediction(LETTERS[place] ?? '', typeof answer === 'number' ? tidy(answer) : answer);
  const shares = probabilities.map((share, i) => words.share(data?.classes?.[i] ?? '', percent(share)));
  return shares.length > 0 ? `${said} (${shares.join(', ')})` : said;
}

function downloads(page: Page): HTMLElement {
  const whats = ['code', 'model', 'onnx', 'predictions'] as const;
  const buttons = whats.map((what) => {
    const button = make('button', { type: 'button', textContent: words.downloads[what] });
    button.addEventListener('click', () => page.tell({ kind: 'export', what }));
    return button;
  });
  return make('p', { className: 'fields' }, `${words.take}: `, ...buttons);
}
