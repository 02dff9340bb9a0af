import type { ViewFacts } from '../../contract/view-facts.js';
import { percent, tidy } from '../../page/figures.js';
import { LETTERS } from '../../page/run-look.js';
import { answer as words } from '../../words/words.js';

/** A place on a figure, as shares of its width and height from the top left. */
export interface HoverPlace {
  /** Index of the figure. */
  readonly figure: number;
  readonly across: number;
  readonly down: number;
}

/** Calls back when the pointer moves over a figure, and when it leaves. */
export function listenForHover(figures: HTMLElement, hear: (place: HoverPlace | undefined) => void): void {
  figures.addEventListener('pointermove', ({ target, offsetX, offsetY }) => {
    if (!(target instanceof HTMLCanvasElement)) return hear(undefined);
    const figure = [...figures.querySelectorAll('canvas')].indexOf(target);
    hear({ figure, across: offsetX / target.clientWidth, down: offsetY / target.clientHeight });
  });
  figures.addEventListener('pointerleave', () => hear(undefined));
}

/** Returns the networks' answers at a place in words; empty if the figure has none there. */
export function textAt(facts: ViewFacts, { figure, across, down }: HoverPlace, classes: readonly string[]): string {
  const share = (value: number) => Math.min(1 - 1e-9, Math.max(0, value));
  if (facts.kind === 'plane') {
    const { columns, rows, reach } = facts;
    const run = facts.runs[figure];
    if (!run) return '';
    const x = reach.left + (reach.right - reach.left) * share(across);
    const y = reach.top - (reach.top - reach.bottom) * share(down);
    const place = Math.floor(share(down) * rows) * columns + Math.floor(share(across) * columns);
    const winner = run.winner[place];
    const guess = 1 / Math.max(2, classes.length);
    const probability = guess + (1 - guess) * run.certainty[place];
    return words.atPlane(tidy(x), tidy(y), LETTERS[figure], classes[winner] ?? String(winner), percent(probability));
  }
  if (facts.kind !== 'line') return '';
  const place = Math.round(share(across) * (facts.x.length - 1));
  const answers = facts.runs.map(({ y }, i) => `${LETTERS[i]} ${tidy(y[place])}`);
  return words.atLine(tidy(facts.x[place]), answers.join(', '));
}
