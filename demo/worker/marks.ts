import type { RunFacts } from '../contract/protocol.js';
import type { Knobs } from '../contract/state.js';
import { same } from './reconcile.js';

/** Turns of a knob within this time are one turn: a person drags a slider. */
const DRAG_MILLISECONDS = 500;
/** Most marks that are kept; a chart cannot show more. */
const MOST = 100;

interface Mark {
  readonly step: number;
  readonly before: Knobs;
  readonly after: Knobs;
  readonly time: number;
}

/** The turns of a run's knobs. */
export class Marks {
  #marks: readonly Mark[] = [];

  /** Notes a turn of knobs before `step`; it joins the last one if that was at the same step or just now. */
  add(step: number, before: Knobs, after: Knobs, time = performance.now()): void {
    const last = this.#marks.at(-1);
    const goesOn = last && (last.step === step || time - last.time < DRAG_MILLISECONDS);
    const mark = { step, before: goesOn ? last.before : before, after, time };
    const marks = [...(goesOn ? this.#marks.slice(0, -1) : this.#marks), mark];
    this.#marks = marks.filter((each) => !same(each.before, each.after)).slice(-MOST);
  }

  /** Forgets the turns after a step, to which the run went back; its knobs stay. */
  cut(step: number): void {
    this.#marks = this.#marks.map((mark) => ({ ...mark, step: Math.min(mark.step, step) }));
  }

  facts(): RunFacts['marks'] {
    return this.#marks.map(({ step, before, after }) => ({ step, text: changeText(before, after) }));
  }
}

/** Returns the difference in words, such as "λ 0 → 0.001". */
function changeText(before: Knobs, after: Knobs): string {
  const parts = [
    ['λ', before.l2, after.l2],
    ['p', rates(before), rates(after)],
    ['learning rate', before.learningRate, after.learningRate],
  ];
  return parts.flatMap(([name, was, is]) => (was === is ? [] : [`${name} ${was} → ${is}`])).join(', ');
}

/** Returns the common rate of all layers, or one per layer. */
function rates({ dropout }: Knobs): string {
  return (new Set(dropout).size === 1 ? dropout.slice(0, 1) : dropout).join(' ');
}
