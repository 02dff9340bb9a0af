import type { SearchFacts, Spread, TrialFacts } from '../../contract/protocol.js';
import { workOf } from '../../contract/search-work.js';
import { LIMITS } from '../../contract/state.js';
import type { EpochTime } from '../../contract/view-facts.js';
import { announcer } from '../../page/announce.js';
import { button, element, exclude, write } from '../../page/element.js';
import { duration, loss, percent } from '../../page/figures.js';
import { onceAFrame } from '../../page/once-a-frame.js';
import type { Page } from '../../page/page.js';
import { LETTERS } from '../../page/run-look.js';
import { search as words } from '../../words/words.js';
import type { Panel } from '../inside/panel.js';
import { countTies, listenForArrows, markCell, settingOf, showMap } from './search-map.js';
import { between, epochTimeOf, learnPace, readPlan, secondsLeft, showBudget, writePlan } from './search-plan.js';
import { showTrial } from './trial.js';

/** Opens the tab of the search: a map of λ by p, one network per cell. A cell shows its curves and can be adopted. */
export function openSearch(page: Page): Panel {
  let chosen: number | undefined;
  const start = () => page.lesson?.search && !page.facts.search?.running && writePlan(page.lesson.search);
  writePlan(page.lesson?.search ?? PLAN, true);
  let tell = announcer();
  /** The setup of the last search. */
  let searched = '';
  planForm(
    page,
    () => draw(),
    () => {
      chosen = undefined;
      searched = setupOf(page);
      tell = announcer();
      element('search-adopted', HTMLElement).hidden = true;
    },
  );
  const draw = onceAFrame(() => {
    const { search } = page.facts;
    exclude('search-start', 'search-stop', search?.running ?? false);
    element('search-stale', HTMLElement).hidden = !search || searched === setupOf(page);
    for (const id of ['search-csv', 'search-json']) button(id).disabled = !search;
    const time = epochTimeOf(page);
    showBar(search, time);
    showBudget(page);
    if (!search) return showPlanned();
    showMap(search);
    learnPace(search, time);
    const text = progress(search);
    write('search-progress', text);
    tell(search.running ? 0.99 * shareOf(search, time) : 1, text); // the rest is the outcome
    const cell = chosen ?? search.best;
    element('trial', HTMLElement).hidden = cell === undefined;
    if (cell === undefined) return;
    markCell(cell);
    showTrial(search, cell);
  });
  page.on(['search', 'state', 'data', 'look'], draw);
  page.on('lesson', start);
  const values = element('search-values', HTMLDetailsElement);
  const unfold = () => {
    values.open = page.lab;
  };
  page.on('mode', unfold);
  unfold();
  element('panel-search', HTMLElement).addEventListener('change', draw);
  const openCell = (cell: number) => {
    chosen = cell;
    draw();
  };
  element('search-map', HTMLElement).addEventListener('click', ({ target }) => {
    if (target instanceof HTMLButtonElement) openCell(Number(target.dataset.cell));
  });
  listenForArrows(openCell);
  button('adopt').addEventListener('click', () => {
    const trial = page.facts.search?.trials[chosen ?? page.facts.search.best ?? -1];
    if (trial) adopt(page, trial);
  });
  draw();
  return { view: () => ({ kind: 'search' }), show: draw };
}

/** Trains with the knobs of a cell: in a new run or, if there is no room for one, in the selected run. */
function adopt(page: Page, { l2, dropout }: TrialFacts): void {
  const { runs, hidden } = page.state;
  const knobs = { ...page.knobs, l2, dropout: hidden.map(() => dropout) };
  if (runs.length < LIMITS.runs.max) page.addRun(knobs);
  else page.turn(knobs);
  page.tell({ kind: 'play' });
  const setting = settingOf({ l2, dropout });
  write('adopted-setting', words.adopted(setting, LETTERS[page.state.selected]));
  element('search-adopted', HTMLElement).hidden = false;
}

/** Returns all that a search depends on besides its plan. */
function setupOf({ state, knobs }: Page): string {
  const { data, examples, noise, hidden, activation, optimizer, batch, seed } = state;
  return JSON.stringify([data, examples, noise, hidden, activation, optimizer, batch, seed, knobs.learningRate]);
}

/** Plan of a page whose lesson has none. */
const PLAN = {
  l2: [0, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1],
  dropout: [0, 0.1, 0.2, 0.3, 0.5, 0.7],
  epochs: 100,
  strategy: 'grid',
} as const;

function planForm(page: Page, changed: () => void, started: () => void): void {
  const form = element('search-plan', HTMLFormElement);
  form.addEventListener('input', changed);
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

/** Shows the map that Start will fill; none if a box has a mistake. */
function showPlanned(): void {
  const plan = readPlan();
  if (!plan) return;
  const trials = plan.l2.flatMap((l2) =>
    plan.dropout.map((dropout): TrialFacts => ({ l2, dropout, status: 'waiting', epochs: [] })),
  );
  showMap({ plan, trials });
}

function showBar(search: SearchFacts | undefined, time: EpochTime | undefined): void {
  const bar = element('search-bar', HTMLProgressElement);
  bar.hidden = !search?.running;
  if (search) bar.value = shareOf(search, time);
}

/** Returns the share of the search and of its test that is done. */
function shareOf(facts: SearchFacts, time: EpochTime | undefined): number {
  const { search, done, test, tested } = workOf(facts.plan, facts, time);
  return facts.running ? (done + tested) / (search + test) : 1;
}

function progress(search: SearchFacts): string {
  const { running, complete, stopped, winner, plan, round, epoch, epochs, trials, best } = search;
  if (running && epochs === 0) return words.starting;
  const left = secondsLeft(search);
  const until = left ? `, ${words.left(between(...left))}` : '';
  const setting = best === undefined ? '' : settingOf(trials[best]);
  if (running && complete && winner) {
    return `${words.best(setting)} ${words.testing(winner.seeds, winner.epoch, winner.epochs)}${until}.`;
  }
  const where = words.at(epoch, epochs, plan.strategy === 'halving' ? round + 1 : undefined);
  if (running) return `${setting && words.bestSoFar(setting, ...lossesOf(search))} ${where}${until}.`.trim();
  const state = complete ? words.done : (stopped === 'changed' ? words.changed : words.stopped)(where);
  return `${state}, ${duration(search.seconds)}. ${setting && words.best(setting)} ${tested(search)}`.trim();
}

/** Returns the validation loss of the best cell so far and, if it is another, of the cell with neither L2 nor dropout. */
function lossesOf({ trials, best = 0 }: SearchFacts): [best: string, bare: string] {
  const lossOf = (cell: number) => loss(trials[cell]?.epochs.at(-1)?.[1]);
  const bare = trials.findIndex(({ l2, dropout }) => l2 === 0 && dropout === 0);
  return [lossOf(best), bare < 0 || bare === best ? '' : lossOf(bare)];
}

/** Returns the test of the best cell as a sentence, and the number of cells that are as good. */
function tested(search: SearchFacts): string {
  const { winner } = search;
  if (!winner?.loss) return '';
  const { seeds, accuracy, diverged = 0 } = winner;
  const about = ({ mean, deviation }: Spread, text: typeof loss) => `${text(mean)} ± ${text(deviation)}`;
  const ties = countTies(search);
  const score = words.tested(seeds, about(winner.loss, loss), accuracy && about(accuracy, percent), diverged);
  const dropped = search.trials.filter(({ status }) => status === 'dropped').length;
  if (dropped > 0) return `${score} ${words.droppedCells(dropped)}`;
  return ties === undefined ? score : `${score} ${words.ties(ties)}`;
}
