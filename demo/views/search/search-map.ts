import type { SearchFacts, TrialFacts } from '../../contract/protocol.js';
import { element, within, write } from '../../page/element.js';
import { loss, percent, tidy } from '../../page/figures.js';
import { search as words } from '../../words/words.js';
import { mapColours } from './map-colours.js';

type What = 'loss' | 'accuracy' | 'gap';

const chosenWhat = () => within(document, 'input[name="search-what"]:checked', HTMLInputElement).value as What;

/** Returns the number that a cell shows; lower is better. */
function measureOf({ epochs }: TrialFacts, what: What): number | undefined {
  const last = epochs.at(-1);
  if (!last) return undefined;
  const [train, validation, accuracy] = last;
  return { loss: validation, accuracy: 1 - accuracy, gap: validation - train }[what];
}

/**
 * Returns the largest value of a cell that is as good as the best one: the mean of the best setting's networks from other seeds, and
 * one standard deviation, by which a single network differs for its seed alone. Undefined until they are tested.
 */
function limitOf({ winner }: Pick<SearchFacts, 'winner'>, what: What): number | undefined {
  const { loss, accuracy } = winner?.validation ?? {};
  if (what === 'loss') return loss && loss.mean + loss.deviation;
  return what === 'accuracy' ? accuracy && 1 - accuracy.mean + accuracy.deviation : undefined;
}

/** Returns true for a cell beside the best that trained as long: one that was dropped was not seen to its end. */
const isRival = ({ trials, best }: Pick<SearchFacts, 'trials' | 'best'>, cell: number) =>
  cell !== best && trials[cell]?.status !== 'dropped';

/** Returns the number of cells beside the best whose validation loss is as good; undefined until that is known. */
export function countTies(search: SearchFacts): number | undefined {
  const limit = limitOf(search, 'loss');
  if (limit === undefined) return undefined;
  const { ties } = mapColours(
    search.trials.map((trial) => measureOf(trial, 'loss')),
    limit,
  );
  return ties.filter((isTie, i) => isTie && isRival(search, i)).length;
}

/** Fills the map: one row per λ, one column per dropout rate; a better cell has a stronger colour. */
export function showMap(search: Pick<SearchFacts, 'plan' | 'trials' | 'best' | 'winner'>): void {
  const { plan, trials, best } = search;
  const table = element('search-map', HTMLTableElement);
  const like = JSON.stringify([plan.l2, plan.dropout]);
  if (table.dataset.like !== like) build(table, search);
  table.dataset.like = like;
  const what = chosenWhat();
  const values = trials.map((trial) => measureOf(trial, what));
  const limit = limitOf(search, what);
  const { shares, ties, ends } = mapColours(values, limit);
  const textOf = (value: number) => (what === 'accuracy' ? percent(1 - value) : loss(value));
  const caption = table.createCaption();
  const isTied = ties.some((isTie, i) => isTie && isRival(search, i));
  const isDropped = trials.some(({ status }) => status === 'dropped');
  const marks = [
    best !== undefined && words.captionBest,
    isTied && words.captionTies,
    isDropped && words.captionDropped,
  ];
  const said = [words.caption[what], ...marks].filter(Boolean).join(' ');
  if (caption.textContent !== said) caption.textContent = said;
  for (const [i, cell] of table.querySelectorAll('button').entries()) {
    const { status } = trials[i];
    const value = values[i];
    const text = status === 'diverged' ? '∞' : value === undefined ? '·' : textOf(value);
    if (cell.textContent !== text) cell.textContent = text;
    cell.style.setProperty('--share', shares[i].toFixed(2));
    cell.dataset.status = status;
    const isTie = ties[i] && isRival(search, i);
    cell.classList.toggle('best', i === best);
    cell.classList.toggle('tie', isTie);
    cell.ariaLabel = words.cell(settingOf(trials[i]), text, words.status[status], i === best, isTie);
  }
  element('search-scale', HTMLElement).hidden = !ends;
  if (!ends) return;
  const { best: strongest, middle, worst, isCut } = ends;
  write('scale-best', textOf(strongest));
  write('scale-middle', textOf(middle));
  write('scale-worst', isCut ? words.orWorse(textOf(worst)) : textOf(worst));
}

/** Returns λ and p in words. */
export const settingOf = ({ l2, dropout }: Pick<TrialFacts, 'l2' | 'dropout'>) =>
  words.setting(orOff(l2), orOff(dropout));

const orOff = (value: number) => (value === 0 ? words.off : tidy(value));

/** Marks the cell with open curves, which also takes the keyboard focus. */
export function markCell(cell: number): void {
  for (const [i, button] of cells().entries()) {
    button.ariaPressed = String(i === cell);
    button.tabIndex = i === cell ? 0 : -1;
  }
}

/** Moves between cells by the arrow keys, and opens each. */
export function listenForArrows(open: (cell: number) => void): void {
  element('search-map', HTMLTableElement).addEventListener('keydown', (event) => {
    const all = cells();
    const columns = all[0]?.closest('tr')?.querySelectorAll('button').length ?? 1;
    const here = event.target instanceof HTMLButtonElement ? all.indexOf(event.target) : -1;
    const place = here % columns;
    const to = {
      ArrowLeft: place > 0 ? here - 1 : here,
      ArrowRight: place < columns - 1 ? here + 1 : here,
      ArrowUp: here - columns,
      ArrowDown: here + columns,
      Home: here - place,
      End: here - place + columns - 1,
    }[event.key];
    if (to === undefined || here < 0) return;
    event.preventDefault();
    if (!all[to]) return;
    open(to);
    all[to].focus();
  });
}

const cells = () => [...element('search-map', HTMLTableElement).querySelectorAll('button')];

function build(table: HTMLTableElement, { plan }: Pick<SearchFacts, 'plan'>): void {
  table.replaceChildren();
  table.style.setProperty('--rows', String(plan.l2.length));
  const head = table.createTHead().insertRow();
  head.append(document.createElement('td'));
  for (const p of plan.dropout) head.append(heading(words.column(orOff(p)), words.columnTitle, 'col'));
  const body = table.createTBody();
  for (const [i, l2] of plan.l2.entries()) {
    const row = body.insertRow();
    row.append(heading(words.row(orOff(l2)), words.rowTitle, 'row'));
    for (const j of plan.dropout.keys()) {
      const cell = document.createElement('button');
      cell.type = 'button';
      cell.tabIndex = -1;
      cell.dataset.cell = String(i * plan.dropout.length + j);
      row.insertCell().append(cell);
    }
  }
}

function heading(text: string, title: string, scope: string): HTMLTableCellElement {
  const cell = document.createElement('th');
  cell.scope = scope;
  cell.title = title;
  cell.textContent = text;
  return cell;
}
