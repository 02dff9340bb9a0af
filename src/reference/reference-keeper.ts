import type { GoodStates, MetricRow, StepContexts } from '../graph/engine.js';
import { goneBack, goodSteps, judgeWindow, type Kept, startKept, windowSteps } from '../graph/keep-rule.js';
import type { Tensor } from '../ops/tensor.js';

/** One member's states. Steps replace states and never change them in place, so a copy of the map keeps them. */
export type States = Map<Tensor, Float32Array>;

/** A step since the last window ended. */
interface Counted {
  readonly row: readonly MetricRow[];
  readonly contexts: StepContexts;
}

/** The good states of every member, kept by the rule in `src/graph/keep-rule.ts`. */
export class ReferenceKeeper {
  readonly #window: number;
  #slots: [States, States][] = [];
  #kept: Kept[] = [];
  #counted: Counted[] = [];

  /** @param slots - steps whose metrics are kept */
  constructor(slots: number) {
    this.#window = windowSteps(slots);
  }

  get good(): GoodStates {
    const [kept = startKept(0)] = this.#kept;
    return { steps: goodSteps(kept), ended: kept.ended };
  }

  /** Counts a step that has run; keeps the states of good members if it ends a window. */
  count(row: readonly MetricRow[], contexts: StepContexts, states: readonly States[]): void {
    this.#counted.push({ row, contexts });
    const steps = contexts[0].step + 1;
    if (steps % this.#window !== 0) return;
    const counted = this.#counted.splice(0);
    this.#kept = this.#kept.map((before, member) => {
      const losses = counted.map(({ row }) => row[member].values[0].reduce((sum, value) => sum + value, 0));
      const weights = counted.map(({ contexts }) => contexts[member].weight ?? contexts[member].count);
      const { kept, slot } = judgeWindow(before, {
        steps,
        loss: total(losses),
        firstLoss: losses[0],
        weight: total(weights),
        firstWeight: weights[0],
        isBad: counted.some(({ row }) => row[member].bad !== undefined),
      });
      if (slot !== undefined) this.#slots[member][slot] = new Map(states[member]);
      return kept;
    });
  }

  /** Keeps states that have taken so many steps. */
  keep(states: readonly States[], steps: number): void {
    this.#counted = [];
    this.#slots = states.map((own) => [new Map(own), new Map(own)]);
    this.#kept = states.map(() => startKept(steps));
  }

  /** Returns the good states by member, and goes on from them. */
  restore(): States[] {
    this.#counted = [];
    const good = this.#kept.map(({ newer }, member) => this.#slots[member][1 - newer]);
    this.#kept = this.#kept.map(goneBack);
    this.#slots = good.map((own) => [own, own]);
    return good.map((own) => new Map(own));
  }
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
