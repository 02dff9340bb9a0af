import type { SearchFacts, TrialFacts } from '../contract/protocol.js';
import { LIMITS } from '../contract/state.js';
import { button, element, write } from './element.js';
import { duration, tidy } from './figures.js';
import { onceAFrame } from './once-a-frame.js';
import type { Page } from './page.js';
import type { Panel } from './panel.js';
import { LETTERS } from './run-look.js';
import { markCell, showMap } from './search-map.js';
import { readPlan, showBudget, writePlan } from './search-plan.js';
import { showTrial } from './trial.js';

/** λ by p: every cell a network, filled while they train; a cell opens its curves, and may be adopted. */
export function openSearch(page: Page): Panel {
  let chosen: number | undefined;
  const start = () => page.lesson?.search && !page.facts.search?.running && writePlan(page.lesson.search);
  writePlan(page.lesson?.search ?? PLAN, true);
  planForm(page, () => {
    chosen = undefined;
  });
  const draw = onceAFrame(() => {
    const { search } = page.facts;
    button('search-start').disabled = search?.running ?? false;
    button('search-stop').disabled = !search?.running;
    for (const id of ['search-csv', 'search-json']) button(id).disabled = !search;
    if (!search) return;
    showMap(search);
    write('search-progress', progress(search));
    const cell = chosen ?? search.best;
    element('trial', HTMLElement).hidden = cell === undefined;
    if (cell === undefined) return;
    markCell(cell);
    showTrial(search, cell);
  });
  page.on(['search', 'look'], draw);
  page.on('lesson', start);
  page.on(['state', 'training'], () => showBudget(page));
  element('panel-search', HTMLElement).addEventListener('change', draw);
  element('search-map', HTMLElement).addEventListener('click', ({ target }) => {
    if (!(target instanceof HTMLButtonElement)) return;
    chosen = Number(target.dataset.cell);
    draw();
  });
  button('adopt').addEventListener('click', () => {
    const trial = page.facts.search?.trials[chosen ?? page.facts.search.best ?? -1];
    if (trial) adopt(page, trial);
  });
  showBudget(page);
  draw();
  return { view: () => ({ kind: 'nothing' }), show: () => undefined };
}

/** A new run with what a cell has, from the start, that plays beside those there are; where there is no room, in the selected one. */
function adopt(page: Page, { l2, dropout }: TrialFacts): void {
  const { runs, hidden } = page.state;
  const knobs = { ...page.knobs, l2, dropout: hidden.map(() => dropout) };
  if (runs.length < LIMITS.runs.max) page.change({ runs: [...runs, knobs], selected: runs.length });
  else page.turn(knobs);
  page.tell({ kind: 'play' });
  const what = `λ ${l2 ? tidy(l2) : 'off'}, p ${dropout ? tidy(dropout) : 'off'}`;
  const later = page.facts.search?.running ? ' once the search is over' : '';
  write('search-progress', `Adopted ${what}: run ${LETTERS[page.state.selected]} trains with it${later}.`);
}

/** Where no lesson has a plan. */
const PLAN = {
  l2: [0, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1],
  dropout: [0, 0.1, 0.2, 0.3, 0.5, 0.7],
  epochs: 100,
  strategy: 'grid',
} as const;

function planForm(page: Page, started: () => void): void {
  const form = element('search-plan', HTMLFormElement);
  form.addEventListener('input', () => showBudget(page));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const plan = readPlan();
    if (!plan) return void form.reportValidity();
    started();
    page.tell({ kind: 'search', plan });
  });
  button('search-stop').addEventListener('click', () => page.tell({ kind: 'stop search' }));
  for (const format of ['csv', 'json'] as const) {
    button(`search-${format}`).addEventListener('click', () => page.tell({ kind: 'export search', format }));
  }
}

function progress({ running, plan, round, epoch, epochs, seconds, trials, best }: SearchFacts): string {
  const where = `${plan.strategy === 'halving' ? `Round ${round + 1}, epoch` : 'Epoch'} ${epoch} of ${epochs}`;
  const trial = best === undefined ? undefined : trials[best];
  const leader = trial
    ? ` Best ${running ? 'so far' : ''}: λ ${trial.l2 ? tidy(trial.l2) : 'off'}, p ${tidy(trial.dropout)}.`
    : '';
  return `${running ? where : 'Done'}, ${duration(seconds)}.${leader.replace(' :', ':')}`;
}
