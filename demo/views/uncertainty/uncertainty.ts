import type { View } from '../../contract/protocol.js';
import type { ViewFacts } from '../../contract/view-facts.js';
import { announce } from '../../page/announce.js';
import { canvas, copies, element, input, within, write } from '../../page/element.js';
import { percent } from '../../page/figures.js';
import type { Page } from '../../page/page.js';
import { colourOf, LETTERS } from '../../page/run-look.js';
import { uncertainty as words } from '../../words/words.js';
import { drawCurves } from '../draw/line.js';
import { drawPlane } from '../draw/plane.js';
import type { Panel } from '../inside/panel.js';
import { listenForDrawing } from './drawing.js';

/** The class whose colour is grey: that of uncertain places. */
const GREY = 2;
/** Uncertain places are darker than classes, by this factor. */
const DARK = 1.5;

/** Opens the tab of many answers of the selected run with dropout on. */
export function openUncertainty(page: Page): Panel {
  const samples = input('samples');
  /** True while a person waits for the network's answer to a drawing. */
  let isAwaited = false;
  const drawing = listenForDrawing(() => {
    isAwaited = true;
    ask();
  });
  const view = (): View => ({ kind: 'uncertainty', samples: samples.valueAsNumber, ...drawing() });
  const ask = () => page.tell({ kind: 'view', view: view() });
  samples.addEventListener('input', () => {
    write('samples-value', samples.value);
    samples.setAttribute('aria-valuetext', words.samples(samples.value));
    ask();
  });
  let last: ViewFacts | undefined;
  const show = (facts: ViewFacts) => {
    last = facts;
    const isDigit = facts.kind === 'uncertain digit';
    element('uncertain-map', HTMLElement).hidden = isDigit;
    element('digit', HTMLElement).hidden = !isDigit;
    element('uncertain-what', HTMLElement).hidden = facts.kind !== 'uncertain plane';
    if (facts.kind === 'uncertain plane') showPlane(page, facts);
    if (facts.kind === 'uncertain line') showLine(page, facts);
    if (!isDigit) return;
    const said = showDigit(page, facts);
    if (isAwaited) announce(said);
    isAwaited = false;
  };
  element('uncertain-what', HTMLElement).addEventListener('change', () => last && show(last));
  const prepare = () => {
    const isDigit = page.facts.data?.features === 784 && page.knobs.dropout.some((p) => p > 0);
    element('uncertain-map', HTMLElement).hidden = isDigit;
    element('uncertain-what', HTMLElement).hidden = isDigit;
    element('digit', HTMLElement).hidden = !isDigit;
    return isDigit;
  };
  return { view, show, prepare };
}

function showPlane(page: Page, facts: Extract<ViewFacts, { kind: 'uncertain plane' }>): void {
  const classes = Math.max(2, page.facts.data?.classes?.length ?? 2);
  const { winner, mean, entropy, deviation, samples } = facts;
  const average = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const grey = new Uint8Array(winner.length).fill(GREY);
  // The largest entropy is log2(classes); the largest deviation of a probability is a half.
  const bits = Math.log2(classes);
  const looks = {
    mean: {
      plane: { ...facts, strength: (i: number) => (mean[i] - 1 / classes) / (1 - 1 / classes) },
      caption: words.mean(samples, percent(average(mean))),
    },
    deviation: {
      plane: { ...facts, winner: grey, strength: (i: number) => DARK * (deviation[i] / 0.5) },
      caption: words.deviation(samples, average(deviation).toFixed(3)),
    },
    entropy: {
      plane: { ...facts, winner: grey, strength: (i: number) => DARK * (entropy[i] / bits) },
      caption: words.entropy(samples, bits.toFixed(1), average(entropy).toFixed(2)),
    },
  };
  const { value } = within(document, 'input[name="uncertain"]:checked', HTMLInputElement);
  const { plane, caption } = value === 'mean' ? looks.mean : value === 'deviation' ? looks.deviation : looks.entropy;
  drawPlane(canvas('uncertain-canvas'), plane, page.facts.data);
  write('uncertain-caption', caption);
}

function showLine(page: Page, { x, mean, deviation, samples }: Extract<ViewFacts, { kind: 'uncertain line' }>): void {
  const curves = [{ colour: colourOf(page.state.selected), y: mean, deviation }];
  drawCurves(canvas('uncertain-canvas'), x, curves, page.facts.data);
  write('uncertain-caption', words.line(samples));
}

/** Shows the answer to a digit. Returns it in words. */
function showDigit(
  page: Page,
  { mean, deviation, entropy, run }: Extract<ViewFacts, { kind: 'uncertain digit' }>,
): string {
  const body = within(element('digit-means', HTMLTableElement), 'tbody', HTMLElement);
  const best = mean.indexOf(Math.max(...mean));
  for (const [label, row] of copies(body, mean.length, 'digit-row', HTMLTableRowElement).entries()) {
    row.cells[0].textContent = page.facts.data?.classes?.[label] ?? String(label);
    row.cells[2].textContent = `${percent(mean[label])} ± ${(100 * deviation[label]).toFixed(1)}`;
    row.classList.toggle('selected', label === best);
    within(row, 'i', HTMLElement).style.width = `${100 * mean[label]}%`;
    const whisker = within(row, 'b', HTMLElement).style;
    whisker.left = `${100 * Math.max(0, mean[label] - deviation[label])}%`;
    whisker.right = `${100 * Math.max(0, 1 - mean[label] - deviation[label])}%`;
  }
  const place = page.runs.findIndex(({ facts }) => facts.id === run);
  const most = Math.log2(mean.length);
  const said = words.digit(LETTERS[Math.max(0, place)], best, percent(mean[best]), entropy.toFixed(2), most.toFixed(2));
  write('digit-entropy', said);
  return said;
}
