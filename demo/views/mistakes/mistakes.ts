import type { ViewFacts } from '../../contract/view-facts.js';
import { canvas, copies, element, within, write } from '../../page/element.js';
import { count, percent, tidy } from '../../page/figures.js';
import type { Page } from '../../page/page.js';
import { colourOf, LETTERS } from '../../page/run-look.js';
import { mistakes as words } from '../../words/words.js';
import { ink, triple } from '../draw/ink.js';
import { placeOf } from '../draw/plane.js';
import { blend, pixels, sheetOf } from '../draw/sheet.js';
import type { Panel } from '../inside/panel.js';
import { drawMistakes } from './mistakes-map.js';

/** Mistakes that are listed beside a picture of all. */
const LISTED = 6;

type Mistakes = Extract<ViewFacts, { kind: 'mistakes' }>;

/** Opens the tab of the validation examples that the selected run gets wrong. */
export function openMistakes(page: Page): Panel {
  const show = (facts: ViewFacts) => {
    const isErrors = facts.kind === 'errors';
    canvas('errors-canvas').hidden = !isErrors;
    for (const id of ['confusion', 'worst', 'worst-title', 'wrong-labels', 'mistakes-canvas'])
      element(id, HTMLElement).hidden = isErrors;
    if (facts.kind === 'errors') showErrors(page, facts.pairs);
    if (facts.kind !== 'mistakes') return;
    const classes = page.facts.data?.classes ?? [];
    const total = facts.confusion.reduce((sum, each) => sum + each, 0);
    const wrong = facts.wrong.length;
    const place = page.runs.findIndex((run) => run.facts.id === facts.run);
    write(
      'mistakes-title',
      words.title(LETTERS[Math.max(0, place)], count(wrong), count(total), percent(wrong / total)),
    );
    showConfusion(facts.confusion, classes);
    element('wrong-labels', HTMLElement).hidden = page.state.noise === 0;
    const isDrawn = drawMistakes(page.facts.data, facts.wrong);
    showWorst(isDrawn ? { ...facts, worst: facts.worst.slice(0, LISTED) } : facts, classes);
  };
  return { view: () => ({ kind: 'mistakes' }), show };
}

function showConfusion(confusion: Uint32Array, classes: readonly string[]): void {
  const table = element('confusion', HTMLTableElement);
  const size = Math.round(Math.sqrt(confusion.length));
  const names = Array.from({ length: size }, (_, i) => classes[i] ?? String(i));
  const like = JSON.stringify(names);
  if (table.dataset.like !== like) {
    table.dataset.like = like;
    table.replaceChildren();
    table.createCaption().textContent = words.caption;
    table
      .createTHead()
      .insertRow()
      .append(document.createElement('td'), ...names.map((name) => heading(name, 'col')));
    const body = table.createTBody();
    for (const name of names) {
      const row = body.insertRow();
      row.append(heading(name, 'row'));
      for (let i = 0; i < size; i++) row.insertCell();
    }
  }
  const most = Math.max(1, ...confusion.filter((_, i) => i % (size + 1) !== 0));
  for (const [i, value] of confusion.entries()) {
    const cell = table.rows[1 + Math.floor(i / size)].cells[1 + (i % size)];
    const isRight = i % (size + 1) === 0;
    cell.textContent = value === 0 ? '·' : String(value);
    cell.className = isRight ? 'right-answer' : '';
    cell.style.setProperty('--share', isRight ? '0' : (value / most).toFixed(2));
  }
}

function heading(text: string, scope: string): HTMLTableCellElement {
  const cell = document.createElement('th');
  cell.scope = scope;
  cell.textContent = text;
  return cell;
}

function showWorst({ worst, images }: Mistakes, classes: readonly string[]): void {
  const items = copies(element('worst', HTMLElement), worst.length, 'worst-item', HTMLElement);
  const name = (label: number) => classes[label] ?? String(label);
  const [paper, pen] = [triple('ground'), triple('ink')];
  for (const [i, { label, guess, probability, features, index }] of worst.entries()) {
    const shown = within(items[i], 'canvas', HTMLCanvasElement);
    const at = features ? features.map(tidy).join(', ') : '';
    within(items[i], 'span', HTMLElement).textContent = words.one(name(label), at, name(guess), percent(probability));
    shown.hidden = !images;
    if (!images) continue;
    const { width, height } = images;
    const image = images.pixels.subarray(i * width * height, (i + 1) * width * height);
    shown.ariaLabel = words.example(index);
    shown.width = width;
    shown.height = height;
    shown.getContext('2d')?.drawImage(
      pixels(width, height, (pixel) => blend(paper, pen, image[pixel])),
      0,
      0,
    );
  }
}

/** Draws answers against targets; a right answer lies on the diagonal. */
function showErrors(page: Page, pairs: Float32Array): void {
  const sheet = sheetOf(canvas('errors-canvas'));
  const [low, high] = [Math.min(...pairs), Math.max(...pairs)];
  let squares = 0;
  for (let i = 0; i < pairs.length; i += 2) squares += (pairs[i] - pairs[i + 1]) ** 2;
  write('mistakes-title', words.errors(tidy(Math.sqrt((2 * squares) / pairs.length))));
  if (!sheet) return;
  const { context } = sheet;
  const place = placeOf(sheet, { left: low, right: high, bottom: low, top: high });
  context.strokeStyle = ink('faint');
  context.beginPath();
  context.moveTo(place.x(low), place.y(low));
  context.lineTo(place.x(high), place.y(high));
  context.stroke();
  context.fillStyle = ink(colourOf(page.state.selected), 0.7);
  for (let i = 0; i < pairs.length; i += 2) {
    context.fillRect(place.x(pairs[i]) - 1.5, place.y(pairs[i + 1]) - 1.5, 3, 3);
  }
}
