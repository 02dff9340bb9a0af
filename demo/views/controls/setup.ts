import { fitted } from '../../contract/address.js';
import { presetOf, rateOf } from '../../contract/lessons.js';
import { ACTIVATIONS, DATA, LIMITS, mostExamples, OPTIMIZERS, type Parts, type State } from '../../contract/state.js';
import { button, copies, element, input, select, within } from '../../page/element.js';
import { count, tidy } from '../../page/figures.js';
import type { Page } from '../../page/page.js';
import { showIn } from '../../page/typed.js';
import { knob as words } from '../../words/words.js';
import { even, join, logarithmic, sliderOf } from './slider.js';

const NOISE = even(LIMITS.noise.min, LIMITS.noise.max, 0.05);

/** Shows the settings that restart the runs: data, network, optimiser, batch, seed. */
export function showSetup(page: Page): void {
  const sliders = dataSliders(page);
  const layers = layerBoxes(page);
  choices(page);
  numbers(page, ['batch', 'seed', 'steps']);
  const parts = partBoxes(page);
  const show = () => {
    const { state } = page;
    select('data').value = state.data;
    select('activation').value = state.activation;
    select('optimizer').value = state.optimizer;
    for (const name of ['batch', 'seed', 'steps'] as const) showIn(input(name), state[name]);
    sliders(state);
    layers(state);
    parts(state);
  };
  page.on(['state', 'data'], show);
  show();
}

const learnsNumbers = ({ state, facts }: Page) =>
  state.data === 'sine' ||
  state.data === 'sparse' ||
  (state.data === 'own' && facts.data !== undefined && !facts.data.classes);

/** Returns the most training examples that can be chosen: of a person's own data as many as there are. */
function mostOf({ state, facts: { data } }: Page): number {
  if (state.data !== 'own' || !data) return mostExamples(state.data === 'own' ? 'mnist' : state.data);
  return Math.min(data.available, data.room ?? data.available);
}

function dataSliders(page: Page): (state: State) => void {
  const examples = join({
    ...sliderOf('examples'),
    say: (value) => words.sayExamples(count(value)),
    changed: (examples) => page.change({ examples }),
  });
  const noise = join({
    ...sliderOf('noise'),
    say: (value) => (learnsNumbers(page) ? words.sayDeviation(tidy(value)) : words.sayNoise(tidy(100 * value))),
    changed: (noise) => page.change({ noise }),
  });
  return (state) => {
    const most = mostOf(page);
    input('examples-exact').max = String(most);
    examples(state.examples, logarithmic(LIMITS.examples.min, most));
    noise(state.noise, NOISE);
    const [name, title] = learnsNumbers(page) ? words.noiseOfNumbers : words.noiseOfLabels;
    const label = within(document, 'label[for="noise"]', HTMLLabelElement);
    label.textContent = name;
    label.title = title;
    input('noise-exact').ariaLabel = words.exactly(name);
  };
}

/** Chooses a data set, with a network and a learning rate that suit it. */
function choose(page: Page, data: State['data']): void {
  const learningRate = rateOf(data);
  const runs = page.state.runs.map((run) => ({ ...run, learningRate }));
  page.change(fitted({ ...page.state, ...presetOf(data), runs, data }));
}

/** Draws the thumbnails of the data sets, once. */
async function withThumbnails(): Promise<void> {
  const { addThumbnails } = await import('./thumbnails.js');
  const data = select('data');
  if (!data.querySelector('svg')) addThumbnails(data);
}

function choices(page: Page): void {
  const data = select('data');
  data.addEventListener('pointerenter', withThumbnails, { once: true });
  data.addEventListener('focus', withThumbnails, { once: true });
  let hasOwn = false;
  page.on('state', () => {
    hasOwn ||= page.state.data === 'own';
  });
  data.addEventListener('change', () => {
    const name = DATA.find((each) => each === data.value);
    if (name === 'own' && !hasOwn) {
      data.value = page.state.data;
      input('file').click();
    } else if (name) {
      choose(page, name);
    }
  });
  const activation = select('activation');
  activation.addEventListener('change', () => {
    page.change({ activation: ACTIVATIONS.find((each) => each === activation.value) ?? page.state.activation });
  });
  const optimizer = select('optimizer');
  optimizer.addEventListener('change', () => {
    page.change({ optimizer: OPTIMIZERS.find((each) => each === optimizer.value) ?? page.state.optimizer });
  });
}

function numbers(page: Page, names: readonly ('batch' | 'seed' | 'steps')[]): void {
  for (const name of names) {
    const box = input(name);
    box.addEventListener('change', () => box.reportValidity() && page.change({ [name]: box.valueAsNumber }));
  }
}

/** Offers the parts beside L2 and dropout. Returns a function that shows those of a state. */
function partBoxes(page: Page): (state: State) => void {
  const [l1, gaussian, maxNorm] = [input('part-l1'), input('part-gaussian'), input('max-norm')];
  const changed = () => {
    if (!maxNorm.reportValidity()) return;
    const norm = maxNorm.valueAsNumber && Math.max(maxNorm.valueAsNumber, LIMITS.maxNorm.min);
    const parts: Parts = {
      ...(l1.checked && { l1: true }),
      ...(gaussian.checked && { gaussian: true }),
      ...(norm > 0 && { maxNorm: norm }),
    };
    page.change({ parts: Object.keys(parts).length > 0 ? parts : undefined });
  };
  for (const box of [l1, gaussian, maxNorm]) box.addEventListener('change', changed);
  return ({ parts = {} }) => {
    l1.checked = parts.l1 ?? false;
    gaussian.checked = parts.gaussian ?? false;
    showIn(maxNorm, parts.maxNorm ?? 0);
  };
}

function layerBoxes(page: Page): (state: State) => void {
  const parent = element('layers', HTMLElement);
  /** Gives all runs these layers, with a rate for each. */
  const resize = (hidden: readonly number[]) => {
    const runs = page.state.runs.map((run) => ({
      ...run,
      dropout: hidden.map((_, layer) => run.dropout[layer] ?? run.dropout.at(-1) ?? 0),
    }));
    page.change({ hidden, runs });
  };
  button('add-layer').addEventListener('click', () => resize([...page.state.hidden, page.state.hidden.at(-1) ?? 16]));
  button('remove-layer').addEventListener('click', () => resize(page.state.hidden.slice(0, -1)));
  parent.addEventListener('change', ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !target.reportValidity()) return;
    const layer = [...parent.children].indexOf(target);
    resize(page.state.hidden.map((units, i) => (i === layer ? target.valueAsNumber : units)));
  });
  return ({ hidden }) => {
    for (const [layer, box] of copies(parent, hidden.length, 'layer-box', HTMLInputElement).entries()) {
      showIn(box, hidden[layer]);
      box.ariaLabel = words.units(layer + 1);
    }
    button('add-layer').disabled = hidden.length >= LIMITS.layers.max;
    button('remove-layer').disabled = hidden.length <= LIMITS.layers.min;
  };
}
