import type { RunFacts } from '../contract/protocol.js';
import type { Knobs } from '../contract/state.js';
import { same } from './reconcile.js';

/** Turns of a knob that follow each other within this time are one: a slider is being dragged. */
const DRAG_MILLISECONDS = 500;
/** More than a chart can show. */
const MOST = 100;

interface Mark {
  readonly step: number;
  readonly before: Knobs;
  readonly after: Knobs;
  readonly time: number;
}

/** When the knobs of a run were turned. */
export class Marks {
  #marks: readonly Mark[] = [];

  /** Notes that knobs were turned before `step`; together with the last time, if that is the same step or not long ago. */
  add(step: number, before: Knobs, after: Knobs, time = performance.now()): void {
    const last = this.#marks.at(-1);
    const goesOn = last && (last.step === step || time - last.time < DRAG_MILLISECONDS);
    const mark = { step, before: goesOn ? last.before : before, after, time };
    const marks = [...(goesOn ? this.#marks.slice(0, -1) : this.#marks), mark];
    this.#marks = marks.filter((each) => !same(each.before, each.after)).slice(-MOST);
  }

  /** The run is back at a step, with its knobs as they are. */
  cut(step: number): void {
    this.#marks = this.#marks.map((mark) => ({ ...mark, step: Math.min(mark.step, step) }));
  }

  facts(): RunFacts['marks'] {
    return this.#marks.map(({ step, before, after }) => ({ step, text: changeText(before, after) }));
  }
}

/** What differs, such as "λ 0 → 0.001". */
function changeText(before: Knobs, after: Knobs): string {
  const parts = [
    ['λ', before.l2, after.l2],
    ['p', rates(before), rates(after)],
    ['learning rate', before.learningRate, after.learningRate],
  ];
  return parts.flatMap(([name, was, is]) => (was === is ? [] : [`${name} ${was} → ${is}`])).join(', ');
}

/** One rate for all layers, or one each. */
function rates({ dropout }: Knobs): string {
  return (new Set(dropout).size === 1 ? dropout.slice(0, 1) : dropout).join(' ');
}
