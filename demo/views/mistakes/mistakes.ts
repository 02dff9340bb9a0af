import type { ViewFacts } from '../../contract/view-facts.js';
import { canvas, copies, element, within, write } from '../../page/element.js';
import { count, percent, tidy } from '../../page/figures.js';
import type { Page } from '../../page/page.js';
import { colourOf, LETTERS } from '../../page/run-look.js';
import { mistakes as words } from '../../words/words.js';
import { triple } from '../draw/ink.js';
import { blend, pixels } from '../draw/sheet.js';
import type { Panel } from '../inside/panel.js';
import { fillConfusion } from './confusion.js';
import { drawErrors, errorOf } from './errors.js';
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
    fillConfusion(element('confusion', HTMLTableElement), facts.confusion, classes);
    element('wrong-labels', HTMLElement).hidden = page.state.noise === 0;
    element('worst-title', HTMLElement).hidden = wrong === 0;
    const isDrawn = drawMistakes(page.facts.data, facts.wrong);
    showWorst(isDrawn ? { ...facts, worst: facts.worst.slice(0, LISTED) } : facts, classes);
  };
  return { view: () => ({ kind: 'mistakes' }), show };
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

function showErrors(page: Page, pairs: Float32Array): void {
  write('mistakes-title', words.errors(tidy(errorOf(pairs))));
  drawErrors(canvas('errors-canvas'), pairs, colourOf(page.state.selected));
}
