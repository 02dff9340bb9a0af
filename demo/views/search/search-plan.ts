import type { SearchPlan } from '../../contract/protocol.js';
import { LIMITS } from '../../contract/state.js';
import { input, select, write } from '../../page/element.js';
import { count, duration } from '../../page/figures.js';
import type { Page } from '../../page/page.js';

/** Most values of each knob: 10 x 10 networks still fit a phone's memory. */
const MOST = 10;

/** Writes a plan into the form; the first one does not overwrite typed text. */
export function writePlan({ l2, dropout, epochs, strategy }: SearchPlan, isFirst = false): void {
  const texts = { 'search-l2': l2.join(', '), 'search-dropout': dropout.join(', '), 'search-epochs': String(epochs) };
  for (const [id, text] of Object.entries(texts)) {
    const box = input(id);
    if (!isFirst || box.value === box.defaultValue) box.value = text;
  }
  select('search-strategy').value = strategy;
}

/** Returns the plan in the form; undefined if a box has a mistake, which that box then shows. */
export function readPlan(): SearchPlan | undefined {
  const l2 = values('search-l2', LIMITS.l2);
  const dropout = values('search-dropout', LIMITS.dropout);
  const epochs = input('search-epochs');
  if (!l2 || !dropout || !epochs.checkValidity()) return undefined;
  const strategy = select('search-strategy').value === 'halving' ? 'halving' : 'grid';
  return { l2, dropout, epochs: epochs.valueAsNumber, strategy };
}

/** Shows the cost of the plan before it starts. */
export function showBudget({ state, facts }: Page): void {
  const plan = readPlan();
  if (!plan) {
    write('search-budget', 'Some of these values cannot be used.');
    return;
  }
  const networks = plan.l2.length * plan.dropout.length;
  const steps = networks * plan.epochs * Math.ceil(state.examples / state.batch);
  const step = facts.training?.stepMilliseconds;
  const time =
    step === undefined ? '' : `, at most ${duration((steps * step) / 1000)} at ${step.toPrecision(2)} ms a step`;
  const most = plan.strategy === 'halving' ? 'at most ' : '';
  write('search-budget', `${networks} networks side by side, ${most}${count(steps)} steps in all${time}.`);
}

/**
 * Returns the numbers between commas, sorted and without repetitions; undefined if there is a mistake, which the box
 * shows.
 */
function values(id: string, { min, max }: { min: number; max: number }): number[] | undefined {
  const box = input(id);
  const found = [
    ...new Set(
      box.value
        .split(/[\s,;]+/)
        .filter(Boolean)
        .map(Number),
    ),
  ].sort((a, b) => a - b);
  const isRight =
    found.length > 0 && found.length <= MOST && found.every((each) => each === 0 || (each >= min && each <= max));
  box.setCustomValidity(isRight ? '' : `1 to ${MOST} numbers: 0, or from ${min || 0} to ${max}`);
  return isRight ? found : undefined;
}
