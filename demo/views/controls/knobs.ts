import { LIMITS } from '../../contract/state.js';
import { copies, element, input, within, write } from '../../page/element.js';
import { tidy } from '../../page/figures.js';
import type { Page } from '../../page/page.js';
import { colourOf, LETTERS } from '../../page/run-look.js';
import { showIn } from '../../page/typed.js';
import { knob as words } from '../../words/words.js';
import { even, join, logarithmic, type Scale, sliderOf, withOff } from './slider.js';

const L2 = withOff(logarithmic(LIMITS.l2.min, LIMITS.l2.max));
const RATE = logarithmic(LIMITS.learningRate.min, LIMITS.learningRate.max);
const DROPOUT = even(LIMITS.dropout.min, LIMITS.dropout.max, 0.05);

/** Shows the selected run's knobs, which may be turned while it trains: λ, dropout, learning rate. */
export function showKnobs(page: Page): void {
  const l2 = join({
    ...sliderOf('l2'),
    say: (value) => (value === 0 ? words.off : words.sayL2(tidy(value))),
    changed: (l2) => page.turn({ l2: l2 && Math.max(l2, LIMITS.l2.min) }),
  });
  const l1 = join({
    ...sliderOf('l1'),
    say: (value) => (value === 0 ? words.off : words.sayL2(tidy(value))),
    changed: (l1) => page.turn({ l1: l1 && Math.max(l1, LIMITS.l1.min) }),
  });
  const learningRate = join({
    ...sliderOf('learning-rate'),
    say: (value) => words.sayRate(tidy(value)),
    changed: (learningRate) => page.turn({ learningRate }),
  });
  const dropout = dropoutRows(page);
  const show = () => {
    const { knobs, state } = page;
    l2(knobs.l2, L2);
    l1(knobs.l1 ?? 0, L2);
    element('l1-row', HTMLElement).hidden = !state.parts?.l1;
    learningRate(knobs.learningRate, RATE);
    dropout(knobs.dropout);
    write('knobs-run', LETTERS[state.selected]);
    element('settings', HTMLElement).style.setProperty('--run', `var(--${colourOf(state.selected)})`);
  };
  page.on('state', show);
  show();
}

/** Marks the common slider if rates differ between layers; it then shows the largest. */
function showDiffering(differ: boolean): void {
  const [range, exact] = [input('dropout-all'), input('dropout-all-exact')];
  range.toggleAttribute('data-differ', differ);
  exact.placeholder = differ ? words.differ : '';
  if (!differ) return;
  range.setAttribute('aria-valuetext', words.differs);
  showIn(exact, '');
}

/** Makes one slider per hidden layer, after a common one if there are several. Returns a function that shows rates. */
function dropoutRows(page: Page): (rates: readonly number[]) => void {
  const parent = element('dropout-rows', HTMLElement);
  let shows: ((value: number, scale: Scale) => void)[] = [];
  const make = (layers: number) => {
    const all = layers > 1 ? 1 : 0;
    parent.replaceChildren();
    shows = copies(parent, layers + all, 'dropout-row', HTMLElement).map((row, i) => {
      const layer = i - all;
      const [range, exact] = row.querySelectorAll('input');
      const label = within(row, 'label', HTMLLabelElement);
      range.id = label.htmlFor = layer < 0 ? 'dropout-all' : `dropout-${layer}`;
      exact.id = `${range.id}-exact`;
      label.textContent = layer < 0 ? words.dropoutAll : layers > 1 ? words.dropoutOf(layer + 1) : words.dropoutOnly;
      exact.setAttribute('aria-label', words.dropoutExactly(layer < 0 ? undefined : layer + 1));
      return join({
        range,
        exact,
        say: (p) => (p === 0 ? words.off : words.sayDropout(tidy(p))),
        changed: (p) =>
          page.turn({ dropout: page.knobs.dropout.map((own, j) => (layer < 0 || j === layer ? p : own)) }),
      });
    });
  };
  return (rates) => {
    const all = rates.length > 1 ? 1 : 0;
    if (shows.length !== rates.length + all) make(rates.length);
    for (const [i, show] of shows.entries()) show(i < all ? Math.max(...rates) : rates[i - all], DROPOUT);
    if (all) showDiffering(rates.some((p) => p !== rates[0]));
  };
}
