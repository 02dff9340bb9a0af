import { input } from '../../page/element.js';
import { showIn } from '../../page/typed.js';

/** Maps from positions of a slider, whole numbers from 0 to `places`, to values and back. */
export interface Scale {
  readonly places: number;
  value(place: number): number;
  place(value: number): number;
}

/** Returns a linear scale from `low` to `high`. */
export const even = (low: number, high: number, step: number): Scale => ({
  places: Math.round((high - low) / step),
  value: (place) => Number((low + place * step).toPrecision(6)),
  place: (value) => Math.round((value - low) / step),
});

/** Positions per decade of a logarithmic slider: 1, 1.3, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 7.9. */
const DECADE = 10;

/** Returns a logarithmic scale from `low` to `high`; values have two digits. */
export const logarithmic = (low: number, high: number): Scale => ({
  places: Math.ceil(DECADE * Math.log10(high / low) - 1e-9),
  value: (place) => Math.min(high, Number((low * 10 ** (place / DECADE)).toPrecision(2))),
  place: (value) => Math.round(DECADE * Math.log10(Math.max(value, low) / low)),
});

/** Returns the scale with another position at the left end, for 0. */
export function withOff(scale: Scale): Scale {
  return {
    places: scale.places + 1,
    value: (place) => (place === 0 ? 0 : scale.value(place - 1)),
    place: (value) => (value === 0 ? 0 : 1 + scale.place(value)),
  };
}

/** A slider with a box beside it for the exact value. */
export interface Slider {
  readonly range: HTMLInputElement;
  readonly exact: HTMLInputElement;
  /** Returns the text of a value for screen readers. */
  readonly say: (value: number) => string;
  readonly changed: (value: number) => void;
}

export const sliderOf = (id: string) => ({ range: input(id), exact: input(`${id}-exact`) });

/** Joins slider and box. Returns a function that shows a value on a scale, which may change. */
export function join({ range, exact, say, changed }: Slider): (value: number, scale: Scale) => void {
  let scale: Scale | undefined;
  range.min = '0';
  range.addEventListener('input', () => scale && changed(scale.value(range.valueAsNumber)));
  exact.addEventListener('change', () => exact.reportValidity() && changed(exact.valueAsNumber));
  return (value, over) => {
    scale = over;
    range.max = String(over.places);
    range.value = String(over.place(value));
    range.setAttribute('aria-valuetext', say(value));
    if (document.activeElement !== exact || exact.valueAsNumber !== value) showIn(exact, value);
  };
}
