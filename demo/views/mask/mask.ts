import type { ViewFacts } from '../../contract/view-facts.js';
import { canvas, element, select, write } from '../../page/element.js';
import { count, tidy } from '../../page/figures.js';
import type { Page } from '../../page/page.js';
import { LETTERS } from '../../page/run-look.js';
import { mask as words } from '../../words/words.js';
import { triple } from '../draw/ink.js';
import { pixels, sheetOf } from '../draw/sheet.js';
import type { Panel } from '../inside/panel.js';

type Mask = Extract<ViewFacts, { kind: 'mask' }>;

/** This many standard deviations hold 95 % of a binomial count. */
const DEVIATIONS = 1.96;

/** Opens the tab of the last step's dropout mask, as the GPU stored it. */
export function openMask(page: Page): Panel {
  const layer = select('mask-layer');
  const view = () => ({ kind: 'mask' as const, layer: Math.max(0, layer.selectedIndex) });
  const options = () => {
    const { hidden } = page.state;
    if (layer.options.length === hidden.length) return;
    const chosen = Math.min(Math.max(0, layer.selectedIndex), hidden.length - 1);
    layer.replaceChildren(...hidden.map((_, i) => new Option(words.layer(i + 1), String(i), false, i === chosen)));
  };
  options();
  page.on('state', () => {
    const before = layer.selectedIndex;
    options();
    if (layer.selectedIndex !== before && document.body.dataset.tab === 'mask')
      page.tell({ kind: 'view', view: view() });
  });
  layer.addEventListener('change', () => page.tell({ kind: 'view', view: view() }));
  const show = (facts: ViewFacts) => {
    if (facts.kind !== 'mask') return;
    drawMask(facts);
    explain(
      facts,
      LETTERS[
        Math.max(
          0,
          page.runs.findIndex((run) => run.facts.id === facts.run),
        )
      ],
    );
  };
  return { view, show };
}

function drawMask({ rows, cols, kept }: Mask): void {
  const shown = canvas('mask-canvas');
  shown.style.aspectRatio = `${cols} / ${rows}`;
  const sheet = sheetOf(shown);
  if (!sheet) return;
  const [yes, no] = [triple('kept'), triple('dropped')];
  sheet.context.imageSmoothingEnabled = false;
  sheet.context.drawImage(
    pixels(cols, rows, (i) => (kept[i] ? yes : no)),
    0,
    0,
    sheet.width,
    sheet.height,
  );
}

/** Writes the share of kept elements beside the one expected of the rate. */
function explain({ step, rows, cols, kept, rate, differing, layer }: Mask, letter: string): void {
  const total = rows * cols;
  const ones = kept.reduce((sum, each) => sum + each, 0);
  const [expected, observed] = [1 - rate, ones / total];
  const band = DEVIATIONS * Math.sqrt((rate * expected) / total);
  const inside = Math.abs(observed - expected) <= band;
  write('mask-title', words.title(letter, count(step + 1), layer + 1, count(rows), count(cols)));
  write(
    'mask-kept',
    words.kept(count(ones), count(total), observed.toFixed(4), tidy(expected), band.toFixed(4), inside),
  );
  write('mask-differing', words.differing(count(differing), count(total)));
  element('mask-differing', HTMLElement).dataset.good = String(differing === 0);
  write('mask-scale', words.scale(rate === 0 ? '' : tidy(1 / expected)));
  // The strip shows four bands to either side of the expected share.
  const reach = 4 * Math.max(band, 1e-6);
  const percentOf = (value: number) =>
    `${(100 * Math.min(1, Math.max(0, (value - expected + reach) / (2 * reach)))).toFixed(2)}%`;
  const [strip, mark] = [element('mask-expected', HTMLElement), element('mask-observed', HTMLElement)];
  strip.style.left = percentOf(expected - band);
  strip.style.right = `calc(100% - ${percentOf(expected + band)})`;
  mark.style.left = percentOf(observed);
}
