import type { ViewFacts } from '../../contract/view-facts.js';
import { within } from '../../page/element.js';
import { tidy } from '../../page/figures.js';
import type { Page } from '../../page/page.js';
import { colourOf } from '../../page/run-look.js';
import { answer as words } from '../../words/words.js';
import { fillConfusion } from '../mistakes/confusion.js';
import { drawErrors, errorOf } from '../mistakes/errors.js';

type Outcomes = Extract<ViewFacts, { kind: 'outcomes' }>;

/** Shows the answers of each run to the validation examples, in the figure that `figureOf` returns. */
export function showOutcomes(page: Page, { runs }: Outcomes, figureOf: (run: number) => HTMLElement): void {
  const classes = page.facts.data?.classes ?? [];
  for (const [i, { confusion, pairs }] of runs.entries()) {
    const figure = figureOf(i);
    const canvas = within(figure, 'canvas', HTMLCanvasElement);
    const table = within(figure, 'table', HTMLTableElement);
    within(figure, '.scroll', HTMLElement).hidden = !confusion;
    canvas.hidden = !pairs;
    if (confusion) fillConfusion(table, confusion, classes);
    if (pairs) {
      canvas.ariaLabel = words.outcomes;
      canvas.style.aspectRatio = '4 / 3';
      drawErrors(canvas, pairs, colourOf(i));
      within(figure, '.right', HTMLElement).textContent = words.error(tidy(errorOf(pairs)));
    }
  }
}
