import { element } from './element.js';

/** What decides a run from its start. */
export interface Start {
  readonly width: number;
  readonly seed: number;
}

/** What may change while it runs. */
export interface Knobs {
  readonly l2: number;
  readonly dropout: number;
  readonly learningRate: number;
}

const l2 = element('l2', HTMLInputElement);
const dropout = element('dropout', HTMLInputElement);
const learningRate = element('learning-rate', HTMLInputElement);
const width = element('width', HTMLSelectElement);
const seed = element('seed', HTMLInputElement);

/** Ten places a decade; place 1 is `lowest`. */
const logarithmic = (place: number, lowest: number) => Number((lowest * 10 ** ((place - 1) / 10)).toPrecision(2));

/** λ is off at place 0, and from 1e-6 to 0.1 after that. */
const strength = () => (l2.valueAsNumber === 0 ? 0 : logarithmic(l2.valueAsNumber, 1e-6));

/** The values of the sliders. */
export function knobs(): Knobs {
  return {
    l2: strength(),
    dropout: dropout.valueAsNumber,
    learningRate: logarithmic(learningRate.valueAsNumber, 1e-4),
  };
}

/** Units and seed. */
export function start(): Start {
  return { width: Number(width.value), seed: seed.valueAsNumber };
}

/** Writes each slider's value beside it, and where a screen reader finds it. */
export function showKnobs(): void {
  const { l2: lambda, dropout: rate, learningRate: step } = knobs();
  const say = (input: HTMLInputElement, text: string) => {
    element(`${input.id}-value`, HTMLOutputElement).value = text;
    input.setAttribute('aria-valuetext', text);
  };
  say(l2, lambda === 0 ? 'off' : String(lambda));
  say(dropout, rate === 0 ? 'off' : String(rate));
  say(learningRate, String(step));
}

/** Calls back when a slider moves, and when units or seed are new and valid. */
export function onChange({ moved, restarted }: { moved: () => void; restarted: () => void }): void {
  for (const input of [l2, dropout, learningRate]) {
    input.addEventListener('input', () => {
      showKnobs();
      moved();
    });
  }
  for (const input of [width, seed]) {
    input.addEventListener('change', () => {
      if (input.reportValidity()) restarted();
    });
  }
  element('controls', HTMLFormElement).addEventListener('submit', (event) => event.preventDefault());
}
