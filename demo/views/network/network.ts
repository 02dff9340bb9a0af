import type { NetworkFacts } from '../../contract/view-facts.js';
import { canvas, element, write } from '../../page/element.js';
import { count } from '../../page/figures.js';
import { LETTERS } from '../../page/run-look.js';
import { network as words } from '../../words/words.js';
import { ink } from '../draw/ink.js';
import { type Sheet, sheetOf } from '../draw/sheet.js';

type Layer = NetworkFacts['layers'][number];

/** Most lines between two layers: the weights of the largest size. */
const MOST_LINES = 300;
/** Opacity of the line of a layer's largest weight. */
const STRONGEST = 0.8;

/** Draws a run's network: units in rows, the largest weights as lines, and the units that its last step dropped as rings. */
export function drawNetwork(facts: NetworkFacts | undefined, run: number): void {
  const figure = element('network-figure', HTMLElement);
  figure.hidden = !facts;
  if (!facts) return;
  const all = facts.kept.reduce((sum, layer) => sum + (layer?.length ?? 0), 0);
  const kept = facts.kept.reduce((sum, layer) => sum + (layer?.reduce((ones, each) => ones + each, 0) ?? 0), 0);
  const letter = LETTERS[run];
  write(
    'network-caption',
    all === 0 ? words.whole(letter) : words.dropped(letter, count(facts.step), count(all - kept), count(all)),
  );
  const sheet = sheetOf(canvas('network-canvas'));
  if (!sheet) return;
  const sizes = [facts.layers[0].from, ...facts.layers.map(({ to }) => to)];
  const isOn = (row: number, unit: number) => facts.kept[row - 1]?.[unit] !== 0;
  const place = placesIn(sheet, sizes);
  for (const [row, layer] of facts.layers.entries()) drawLines(sheet, layer, row, place, isOn);
  for (const [row, size] of sizes.entries()) {
    for (let unit = 0; unit < size; unit++) drawUnit(sheet, place(row, unit), radiusOf(sheet, size), isOn(row, unit));
  }
}

type Place = (row: number, unit: number) => readonly [x: number, y: number];

/** Returns the places of the units: inputs at the bottom, outputs at the top. */
function placesIn({ width, height, em }: Sheet, sizes: readonly number[]): Place {
  const step = (height - 2 * em) / (sizes.length - 1);
  return (row, unit) => [((unit + 0.5) * width) / sizes[row], height - em - row * step];
}

const radiusOf = ({ width, em }: Sheet, size: number) => Math.max(1, Math.min(em / 2, (0.4 * width) / size));

function drawLines(
  { context }: Sheet,
  { from, to, data }: Layer,
  row: number,
  place: Place,
  isOn: (row: number, unit: number) => boolean,
): void {
  const sizes = data.map(Math.abs).sort().reverse();
  const [most, least] = [sizes[0], sizes[Math.min(sizes.length, MOST_LINES) - 1]];
  for (let i = 0; i < from; i++) {
    for (let j = 0; j < to; j++) {
      const weight = data[i * to + j];
      if (Math.abs(weight) < least || !isOn(row, i) || !isOn(row + 1, j)) continue;
      context.strokeStyle = ink(weight < 0 ? 'negative' : 'positive', (STRONGEST * Math.abs(weight)) / (most || 1));
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(...place(row, i));
      context.lineTo(...place(row + 1, j));
      context.stroke();
    }
  }
}

function drawUnit({ context }: Sheet, [x, y]: readonly [number, number], radius: number, isOn: boolean): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.lineWidth = 1;
  context.fillStyle = ink(isOn ? 'ink' : 'panel');
  context.strokeStyle = ink(isOn ? 'ink' : 'edge');
  context.fill();
  context.stroke();
}
