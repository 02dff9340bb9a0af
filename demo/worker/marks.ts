import type { RunFacts } from '../contract/protocol.js';
import type { Knobs } from '../contract/state.js';
import { worker as words } from '../words/words.js';
import { same } from './reconcile.js';

/** Turns of a knob within this time are one turn: a person drags a slider. */
const DRAG_MILLISECONDS = 500;
/** Edits within this time are one: a person places some points. */
const EDIT_MILLISECONDS = 3000;
/** Most marks that are kept; a chart cannot show more. */
const MOST = 100;

/** The knobs of a run, and how often its training points were edited. A mark tells which of these changed. */
export interface Turned extends Knobs {
  readonly edits?: number;
}

interface Mark {
  readonly step: number;
  readonly before: Turned;
  readonly after: Turned;
  readonly time: number;
}

/** The turns of a run's knobs, and the edits of its points. */
export class Marks {
  #marks: readonly Mark[] = [];

  /** Notes a turn of knobs, or an edit, before `step`; it joins the last one if that was at the same step or just now. */
  add(step: number, before: Turned, after: Turned, time = performance.now()): void {
    const last = this.#marks.at(-1);
    const isEdit = last !== undefined && isOfEdits(last) && before.edits !== after.edits;
    const together = isEdit ? EDIT_MILLISECONDS : DRAG_MILLISECONDS;
    const goesOn = last && (last.step === step || time - last.time < together);
    const mark = { step, before: goesOn ? last.before : before, after, time };
    const marks = [...(goesOn ? this.#marks.slice(0, -1) : this.#marks), mark];
    this.#marks = marks.filter((each) => !same(each.before, each.after)).slice(-MOST);
  }

  /** Forgets the turns after a step, to which the run went back; its knobs stay. */
  cut(step: number): void {
    this.#marks = this.#marks.map((mark) => ({ ...mark, step: Math.min(mark.step, step) }));
  }

  facts(): RunFacts['marks'] {
    return this.#marks.map(({ step, before, after }) => {
      const edits = before.edits === after.edits ? [] : [words.pointsEdited];
      return { step, text: [...turns(before, after), ...edits].join(', ') };
    });
  }

  /** Returns the last turn of knobs in words if it is before `step`. */
  turnAt(step: number): string | undefined {
    const last = this.#marks.at(-1);
    return (last?.step === step && turns(last.before, last.after).join(', ')) || undefined;
  }
}

const isOfEdits = ({ before, after }: Mark) => before.edits !== after.edits;

/** Returns the differences of knobs in words, such as "λ 0 → 0.001". */
function turns(before: Turned, after: Turned): string[] {
  const parts = [
    ['λ', before.l2, after.l2],
    ['L1 λ', before.l1 ?? 0, after.l1 ?? 0],
    ['p', rates(before), rates(after)],
    [words.learningRate, before.learningRate, after.learningRate],
  ];
  return parts.flatMap(([name, was, is]) => (was === is ? [] : [`${name} ${was} → ${is}`]));
}

/** Returns the common rate of all layers, or one per layer. */
function rates({ dropout }: Knobs): string {
  return (new Set(dropout).size === 1 ? dropout.slice(0, 1) : dropout).join(' ');
}
