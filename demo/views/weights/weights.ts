import type { ViewFacts } from '../../contract/view-facts.js';
import { copies, element, within } from '../../page/element.js';
import { tidy } from '../../page/figures.js';
import type { Page } from '../../page/page.js';
import { colourOf, LETTERS } from '../../page/run-look.js';
import { weights as words } from '../../words/words.js';
import { ink } from '../draw/ink.js';
import { sheetOf } from '../draw/sheet.js';
import type { Panel } from '../inside/panel.js';
import { showFirstLayers } from './first-layers.js';

type Weights = Extract<ViewFacts, { kind: 'weights' }>;
type Layer = Weights['layers'][number];

/**
 * Opens the tab of the weights: first layers as pictures, A's beside the others', and histograms of the selected run's over
 * the first run's, layer by layer.
 */
export function openWeights(page: Page): Panel {
  const show = (facts: ViewFacts) => {
    if (facts.kind !== 'weights') return;
    const { selected } = page.state;
    const figures = copies(element('histograms', HTMLElement), facts.layers.length, 'histogram-figure', HTMLElement);
    element('ghost-note', HTMLElement).hidden = selected === 0;
    for (const [i, layer] of facts.layers.entries()) {
      const name = i < facts.layers.length - 1 ? words.hidden(i + 1) : words.output;
      showLayer(figures[i], { ...layer, name }, selected);
    }
    showFirstLayers(page, facts);
  };
  return { view: () => ({ kind: 'weights' }), show };
}

function showLayer(figure: HTMLElement, layer: Layer, selected: number): void {
  const [first, own] = [layer.runs[0], layer.runs[selected] ?? layer.runs[0]];
  const ghost = selected === 0 ? '' : `, ${LETTERS[0]} ${tidy(first.norm)}`;
  within(figure, 'b', HTMLElement).textContent = layer.name;
  within(figure, 'span', HTMLElement).textContent = `‖w‖ ${LETTERS[selected]} ${tidy(own.norm)}${ghost}`;
  const shown = within(figure, 'canvas', HTMLCanvasElement);
  shown.ariaLabel = words.histogram(layer.name, tidy(layer.min), tidy(layer.max));
  drawHistogram(shown, layer, selected);
}

const FOOT = 16;

function drawHistogram(shown: HTMLCanvasElement, { min, max, runs }: Layer, selected: number): void {
  const sheet = sheetOf(shown);
  if (!sheet) return;
  const { context, width, height } = sheet;
  const [first, own] = [runs[0].counts, (runs[selected] ?? runs[0]).counts];
  const bins = own.length;
  // Square roots show the tails, which regularisation removes: most weights are near 0.
  const most = Math.sqrt(Math.max(1, ...own, ...first));
  const top = (count: number) => (height - FOOT) * (1 - Math.sqrt(count) / most);
  const left = (bin: number) => (width * bin) / bins;
  context.fillStyle = ink(colourOf(selected), 0.65);
  for (let bin = 0; bin < bins; bin++) {
    context.fillRect(left(bin), top(own[bin]), left(1) - 0.5, height - FOOT - top(own[bin]));
  }
  if (selected !== 0) {
    context.beginPath();
    for (let bin = 0; bin < bins; bin++) {
      context.lineTo(left(bin), top(first[bin]));
      context.lineTo(left(bin + 1), top(first[bin]));
    }
    context.strokeStyle = ink(colourOf(0));
    context.lineWidth = 1.25;
    context.stroke();
  }
  context.strokeStyle = ink('rule');
  context.strokeRect(0, height - FOOT + 0.5, width, 0);
  context.fillStyle = ink('faint');
  context.textBaseline = 'bottom';
  for (const [value, align] of [
    [min, 'left'],
    [max, 'right'],
  ] as const) {
    context.textAlign = align;
    context.fillText(tidy(value), value === min ? 0 : width, height);
  }
  if (min < 0 && max > 0) {
    context.textAlign = 'center';
    context.fillText('0', (width * -min) / (max - min), height);
  }
}
