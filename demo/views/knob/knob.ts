import type { LessonName } from '../../contract/lessons.js';
import { LIMITS } from '../../contract/state.js';
import { copies, element, input, within } from '../../page/element.js';
import { count, tidy } from '../../page/figures.js';
import type { Page, Run } from '../../page/page.js';
import { colourOf, LETTERS } from '../../page/run-look.js';
import { knob as words } from '../../words/words.js';
import { even, logarithmic, type Scale } from '../controls/slider.js';
import type { Transport } from '../transport/transport.js';

/** A knob of a lesson: its range, the values below it, and how it reads and turns the state. */
interface Knob {
  readonly name: string;
  /** True if it turns the selected run alone, while it trains; else all runs start again with other data. */
  readonly ofRun: boolean;
  readonly scale: Scale;
  /** True if it can be off, a little to the left of the scale. */
  readonly canBeOff?: boolean;
  readonly ticks: readonly number[];
  readonly text: (value: number) => string;
  readonly say: (text: string) => string;
  readonly read: (page: Page) => number;
  readonly turn: (page: Page, value: number) => void;
}

const offOr = (value: number) => (value === 0 ? words.off : tidy(value));

const KNOBS = {
  examples: {
    name: words.examples,
    ofRun: false,
    scale: logarithmic(20, 2000),
    ticks: [20, 50, 100, 200, 500, 1000, 2000],
    text: count,
    say: words.sayExamples,
    read: ({ state }) => state.examples,
    turn: (page, examples) => page.change({ examples }),
  },
  l2: {
    name: words.l2,
    ofRun: true,
    scale: logarithmic(1e-4, 1),
    canBeOff: true,
    ticks: [0, 1e-4, 1e-3, 1e-2, 1e-1, 1],
    text: offOr,
    say: words.sayL2,
    read: ({ knobs }) => knobs.l2,
    turn: (page, l2) => page.turn({ l2 }),
  },
  l1: {
    name: words.l1,
    ofRun: true,
    scale: logarithmic(1e-3, 1),
    canBeOff: true,
    ticks: [0, 1e-3, 1e-2, 1e-1, 1],
    text: offOr,
    say: words.sayL2,
    read: ({ knobs }) => knobs.l1 ?? 0,
    turn: (page, l1) => page.turn({ l1 }),
  },
  dropout: {
    name: words.dropout,
    ofRun: true,
    scale: even(LIMITS.dropout.min, LIMITS.dropout.max, 0.05),
    ticks: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
    text: offOr,
    say: words.sayDropout,
    read: ({ knobs }) => Math.max(0, ...knobs.dropout),
    turn: (page, p) => page.turn({ dropout: page.knobs.dropout.map(() => p) }),
  },
} as const satisfies Record<string, Knob>;

const OF_LESSON: Partial<Record<LessonName, readonly (keyof typeof KNOBS)[]>> = {
  overfit: ['examples'],
  l2: ['l2'],
  dropout: ['dropout'],
  both: ['l2', 'dropout'],
  l1: ['l1'],
};

/** Positions between off and the start of a scale, so that their labels have room. */
const GAP = 5;

/** Time without a change after which a slider rests: keys move it step by step, and only the last step starts the runs again. */
const REST_MILLISECONDS = 400;

/** Returns true if the lesson has come to its end, and its runs are not those that a person keeps. */
function isOver({ facts, state, runs }: Page): boolean {
  const isAtEnd = ({ facts }: Run) => facts.diverged !== undefined || facts.steps >= state.steps;
  return state.steps > 0 && !facts.training?.playing && runs.every(isAtEnd) && !input('keep').checked;
}

/** Shows the knob of the lesson as a slider over the full width. */
export function showKnob(page: Page, transport: Transport): void {
  const parent = element('knob', HTMLElement);
  let show: (() => void)[] = [];
  const make = () => {
    const knobs = (page.lesson && OF_LESSON[page.lesson.name]) ?? [];
    parent.hidden = knobs.length === 0;
    parent.replaceChildren();
    show = copies(parent, knobs.length, 'knob-row', HTMLElement).map((row, i) =>
      bind(page, transport, row, KNOBS[knobs[i]], knobs[i]),
    );
    update();
  };
  const update = () => {
    for (const each of show) each();
  };
  page.on('lesson', make);
  page.on('state', update);
  make();
}

function bind(page: Page, transport: Transport, row: HTMLElement, knob: Knob, id: string): () => void {
  const { scale, canBeOff } = knob;
  const range = within(row, 'input', HTMLInputElement);
  const label = within(row, 'label', HTMLLabelElement);
  const first = canBeOff ? -GAP : 0;
  const placeOf = (value: number) => (canBeOff && value === 0 ? first : Math.min(scale.places, scale.place(value)));
  range.id = label.htmlFor = `knob-${id}`;
  within(label, '.name', HTMLElement).textContent = knob.name;
  range.min = String(first);
  range.max = String(scale.places);
  /** The value of a slider that does not rest yet, of which the state knows nothing. */
  let moving: number | undefined;
  let rest: ReturnType<typeof setTimeout> | undefined;
  const valueNow = () => moving ?? knob.read(page);
  const chosen = () => {
    const place = range.valueAsNumber;
    // From off a step to the right leads to the start of the scale, and from there a step to the left leads to off.
    const isOff = place < 0 && (place === first || valueNow() !== 0);
    return isOff ? 0 : scale.value(Math.max(0, place));
  };
  const output = within(row, 'output', HTMLOutputElement);
  const show = () => {
    const value = valueNow();
    const { selected } = page.state;
    range.value = String(placeOf(value));
    range.setAttribute('aria-valuetext', knob.say(knob.text(value)));
    output.textContent = knob.text(value);
    within(row, '.letter', HTMLElement).textContent = knob.ofRun ? LETTERS[selected] : '';
    row.style.setProperty('--run', `var(--${colourOf(selected)})`);
  };
  /** Starts the runs again with the value at which the slider rests. */
  const startAgain = () => {
    const value = moving;
    moving = undefined;
    if (value === undefined || !row.isConnected) return;
    knob.turn(page, value);
    if (knob.ofRun) transport.reset();
    else transport.play();
  };
  range.addEventListener('input', () => {
    clearTimeout(rest);
    if (moving === undefined && knob.ofRun && !isOver(page)) return knob.turn(page, chosen());
    const value = chosen();
    moving = value === knob.read(page) ? undefined : value;
    show();
  });
  range.addEventListener('change', () => {
    clearTimeout(rest);
    if (moving !== undefined) rest = setTimeout(startAgain, REST_MILLISECONDS);
  });
  const ticks = knob.ticks.map((value) => tickOf(knob.text(value), (placeOf(value) - first) / (scale.places - first)));
  within(row, '.ticks', HTMLElement).append(...ticks);
  return show;
}

function tickOf(text: string, at: number): HTMLElement {
  const tick = document.createElement('span');
  tick.textContent = text;
  tick.style.setProperty('--at', String(at));
  return tick;
}
