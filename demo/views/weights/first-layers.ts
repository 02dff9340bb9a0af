import type { ViewFacts, WeightPicture } from '../../contract/view-facts.js';
import { copies, element, within } from '../../page/element.js';
import { count } from '../../page/figures.js';
import type { Page } from '../../page/page.js';
import { colourOf, LETTERS, nameOf, penaltyName, turnOf } from '../../page/run-look.js';
import { weights as words } from '../../words/words.js';
import { ink, triple } from '../draw/ink.js';
import { blend, pixels, sheetOf } from '../draw/sheet.js';

type Weights = Extract<ViewFacts, { kind: 'weights' }>;
type Images = Extract<WeightPicture, { kind: 'images' }>;
type Inputs = Extract<WeightPicture, { kind: 'inputs' }>;

/** Shows the first layers side by side: of all runs in a lesson, of A and the selected run in the lab. */
export function showFirstLayers(page: Page, { first }: Weights): void {
  const { state, lab, lesson, facts } = page;
  const shown = first
    .map((each) => ({ ...each, run: state.runs.findIndex(({ id }) => id === each.id) }))
    .filter(({ run }) => run >= 0 && (!lab || run === 0 || run === state.selected));
  const hasPicture = shown.some(({ picture }) => picture);
  const parent = element('first-layers', HTMLElement);
  parent.hidden = element('first-title', HTMLElement).hidden = !hasPicture;
  if (!hasPicture) return;
  parent.style.setProperty('--across', String(shown.length === 4 ? 2 : shown.length));
  const figures = copies(parent, shown.length, 'first-layer-figure', HTMLElement);
  for (const [i, { run, all, zeros, picture }] of shown.entries()) {
    const figure = figures[i];
    const letter = LETTERS[run];
    figure.style.setProperty('--run', `var(--${colourOf(run)})`);
    within(figure, '.letter', HTMLElement).textContent = letter;
    const isOfL1 = lesson?.name === 'l1' && !lab;
    const name = isOfL1 ? penaltyName(state.runs[run]) : nameOf(state, state.runs[run]);
    within(figure, '.name', HTMLElement).textContent = turnOf(page, run) ?? name;
    const left = picture?.kind === 'inputs' ? ` · ${words.inputsLeft(...leftOf(picture))}` : '';
    within(figure, '.right', HTMLElement).textContent = words.zeros(count(zeros), count(all)) + left;
    const canvas = within(figure, 'canvas', HTMLCanvasElement);
    canvas.ariaLabel = picture?.kind === 'inputs' ? words.inputs(letter) : words.filters(letter);
    if (picture?.kind === 'images') drawImages(canvas, picture);
    if (picture?.kind === 'inputs') drawInputs(canvas, picture, facts.data?.matter ?? []);
  }
}

/** Returns the number of inputs that have a weight other than 0, and of all. */
function leftOf({ units, weights }: Inputs): [left: number, all: number] {
  let left = 0;
  for (let i = 0; i < weights.length; i += units) if (weights.subarray(i, i + units).some((each) => each !== 0)) left++;
  return [left, weights.length / units];
}

const GAP = 1;
/** The palest colour of a weight other than 0. */
const PALEST = 0.12;

/** Returns the colour of each weight: that of the background for 0, green for, purple against; the largest is the strongest. */
function colouring(weights: Float32Array): (i: number) => [number, number, number] {
  const most = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-12);
  const [ground, positive, negative] = [triple('ground'), triple('positive'), triple('negative')];
  return (i) => {
    const share = weights[i] === 0 ? 0 : PALEST + (1 - PALEST) * (Math.abs(weights[i]) / most);
    return blend(ground, weights[i] < 0 ? negative : positive, share);
  };
}

/** Draws images side by side; each has its own scale. */
function drawImages(canvas: HTMLCanvasElement, { width, height, images }: Images): void {
  canvas.style.aspectRatio = '4 / 3';
  const sheet = sheetOf(canvas);
  if (!sheet) return;
  const size = width * height;
  const all = images.length / size;
  const across = Math.ceil(Math.sqrt((all * sheet.width) / sheet.height));
  const side = Math.min(sheet.width / across, sheet.height / Math.ceil(all / across));
  sheet.context.imageSmoothingEnabled = false;
  for (let image = 0; image < all; image++) {
    const picture = pixels(width, height, colouring(images.subarray(image * size, (image + 1) * size)));
    const [x, y] = [(image % across) * side, Math.floor(image / across) * side];
    sheet.context.drawImage(picture, x, y, side - GAP, side - GAP);
  }
}

/** Draws a column for each input and a row for each unit, and a mark below the inputs that matter. */
function drawInputs(canvas: HTMLCanvasElement, { units, weights }: Inputs, matter: readonly number[]): void {
  canvas.style.aspectRatio = '4 / 3';
  const sheet = sheetOf(canvas);
  if (!sheet) return;
  const { context, width, em } = sheet;
  const height = sheet.height - 1.2 * em;
  const inputs = weights.length / units;
  const colour = colouring(weights);
  context.imageSmoothingEnabled = false;
  const picture = pixels(inputs, units, (i) => colour((i % inputs) * units + Math.floor(i / inputs)));
  context.drawImage(picture, 0, 0, width, height);
  context.strokeStyle = ink('rule');
  context.strokeRect(0.5, 0.5, width - 1, height - 1);
  context.fillStyle = ink('ink');
  for (const input of matter) {
    const x = ((input + 0.5) * width) / inputs;
    context.beginPath();
    context.moveTo(x, height + 0.2 * em);
    context.lineTo(x - 0.4 * em, height + em);
    context.lineTo(x + 0.4 * em, height + em);
    context.fill();
  }
}
