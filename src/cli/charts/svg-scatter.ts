import { short } from '../terminal/numbers.js';
import { linear, type Scale } from './chart.js';
import { svgElement, svgHint, svgLine, svgNumber, svgText } from './html.js';

/** Points of two numbers on the same scale, and the names of the axes. */
export interface Scatter {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

const WIDTH = 480;
const HEIGHT = 400;
const LEFT = 72;
const RIGHT = 40;
const TOP = 12;
const BOTTOM = 52;
const TICKS = 5;
/** More points than this say nothing when pointed at: the page would grow with every one. */
const MOST_HINTS = 200;

/** Returns points as an SVG element, beside the dashed line on which both numbers are equal. */
export function svgScatter({ title, x, y, points }: Scatter): string {
  const ends = points
    .flat()
    .reduce<[number, number]>(
      ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    );
  const scale = linear(...ends, TICKS);
  const last = scale.ticks.at(-1)?.value ?? 0;
  const first = scale.ticks[0].value;
  const place = ([a, b]: readonly [number, number]): [number, number] => [xOf(a, scale), yOf(b, scale)];
  const dot = (point: readonly [number, number]) => {
    const [cx, cy] = place(point).map(svgNumber);
    return `<circle class="series0 dot" cx="${cx}" cy="${cy}" r="3"/>`;
  };
  const hint = ([a, b]: readonly [number, number]) => `${x} ${short(a)}, ${y} ${short(b)}`;
  const parts = [
    ...scale.ticks.flatMap(({ value, label }) => [
      svgLine('grid', [LEFT, yOf(value, scale)], [WIDTH - RIGHT, yOf(value, scale)]),
      svgText(LEFT - 8, yOf(value, scale) + 4, label, 'end'),
      svgText(xOf(value, scale), HEIGHT - BOTTOM + 18, label, 'middle'),
    ]),
    svgLine('any dashed', place([first, first]), place([last, last])),
    svgText((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, x, 'middle'),
    svgText(14, (TOP + HEIGHT - BOTTOM) / 2, y, 'middle', `transform="rotate(-90 14 ${(TOP + HEIGHT - BOTTOM) / 2})"`),
    ...points.map((point) => (points.length > MOST_HINTS ? dot(point) : svgHint(hint(point), dot(point)))),
  ];
  return svgElement(title, [WIDTH, HEIGHT], parts);
}

const xOf = (value: number, scale: Scale) => LEFT + scale.place(value) * (WIDTH - LEFT - RIGHT);

const yOf = (value: number, scale: Scale) => HEIGHT - BOTTOM - scale.place(value) * (HEIGHT - TOP - BOTTOM);
