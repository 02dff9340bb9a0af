import type { ViewFacts } from '../../contract/protocol.js';
import { copies, element, within, write } from '../../page/element.js';
import { percent } from '../../page/figures.js';
import type { Page } from '../../page/page.js';
import { colourOf, DASHES, LETTERS, nameOf } from '../../page/run-look.js';
import { drawCurves } from '../draw/line.js';
import { drawPlane } from '../draw/plane.js';
import { SHAPES } from '../draw/points.js';
import type { Panel } from '../inside/panel.js';

const PLANE_HINT =
  'What each network answers, paler where it is less sure. Training points are filled, validation points hollow.';
const LINE_HINT = 'What each network answers over the points. Training points are filled, validation points hollow.';

/** Returns the shapes of the classes in words; empty if there are more classes than shapes. */
function shapesOf(classes: readonly string[]): string {
  if (classes.length > SHAPES.length) return '';
  const text = classes.map((name, i) => `${SHAPES[i]}: ${name}`).join(', ');
  return text && `${text[0].toUpperCase()}${text.slice(1)}.`;
}

/** Opens the tab of the networks' answers: planes side by side, or lines in one picture. */
export function openAnswer(page: Page): Panel {
  const parent = element('answers', HTMLElement);
  const figures = (count: number) => {
    parent.dataset.count = String(count);
    return copies(parent, count, 'answer-figure', HTMLElement).map((figure) => ({
      figure,
      canvas: within(figure, 'canvas', HTMLCanvasElement),
      caption: within(figure, 'figcaption span:last-child', HTMLElement),
      letter: within(figure, '.letter', HTMLElement),
    }));
  };
  const show = (facts: ViewFacts) => {
    const { state, runs } = page;
    const data = page.facts.data;
    write('answer-hint', facts.kind === 'line' ? LINE_HINT : `${PLANE_HINT} ${shapesOf(data?.classes ?? [])}`);
    if (facts.kind === 'plane') {
      const shown = facts.runs.filter((_, i) => state.runs[i]);
      for (const [i, { figure, canvas, caption, letter }] of figures(shown.length).entries()) {
        const { winner, certainty } = shown[i];
        figure.style.setProperty('--run', `var(--${colourOf(i)})`);
        figure.classList.toggle('selected', i === state.selected && shown.length > 1);
        letter.textContent = LETTERS[i];
        const accuracy = runs[i]?.history.last('validationAccuracy') ?? null;
        caption.textContent = nameOf(state, state.runs[i]) + (accuracy === null ? '' : `: ${percent(accuracy)} right`);
        canvas.ariaLabel = `What run ${LETTERS[i]} answers over the plane`;
        drawPlane(canvas, { ...facts, winner, strength: (pixel) => certainty[pixel] }, data);
      }
    } else if (facts.kind === 'line') {
      const [{ figure, canvas, caption, letter }] = figures(1);
      figure.classList.remove('selected');
      letter.textContent = '';
      caption.textContent = 'All runs: the first solid, the others dashed as in the table.';
      canvas.ariaLabel = 'What all runs answer, as curves over the points they learn from';
      const curves = facts.runs.map(({ y }, i) => ({ colour: colourOf(i), y, dash: i === 0 ? [] : DASHES[i] }));
      drawCurves(canvas, facts.x, curves, data);
    }
  };
  return { view: () => ({ kind: 'answer' }), show };
}
