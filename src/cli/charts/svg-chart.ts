import { count, shareOr } from '../terminal/numbers.js';
import {
  type Chart,
  groupsOf,
  lengthOf,
  niceStep,
  type Scale,
  type Series,
  type Stroke,
  scaleOf,
  strokesOf,
} from './chart.js';
import { escapeHtml, svgNumber as place, svgElement, svgLine, svgText as text } from './html.js';

const WIDTH = 480;
const HEIGHT = 250;
const LEFT = 52;
const RIGHT = 18;
const TOP = 36;
const BOTTOM = 44;
const LEGEND_LINE = 18;
/** More points than this are drawn as a line alone: nobody can point at one of them. */
const MOST_DOTS = 60;

/**
 * Returns a chart as an SVG element. Colours come from the page: `.series0`, `.series1`, ... for the lines (`.dashed` the
 * second of a group, `.dense` with many points), `.grid` and `text`. Where there are few points each says its value when
 * pointed at.
 */
export function svgChart(chart: Chart): string {
  const { title, series, unit } = chart;
  const scale = scaleOf(chart, 5);
  const last = lengthOf(chart);
  const strokes = strokesOf(chart);
  const { entries, height } = legend(series);
  // The first group lies on top.
  const drawn = height > 0 ? [...series.keys()].reverse() : [...series.keys()];
  const parts = [
    ...grid(scale),
    ...xTicks(last).map((n) => text(xOf(n, last), HEIGHT - BOTTOM + 18, count(n), 'middle')),
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, unit, 'middle'),
    ...(scale.logarithmic ? [text(WIDTH - RIGHT, 20, 'logarithmic', 'end')] : []),
    ...entries,
    ...drawn.flatMap((index) => line(chart, series[index], strokes[index], scale, last)),
  ];
  return svgElement(title, [WIDTH, HEIGHT + height], parts, -height);
}

const xOf = (n: number, last: number) =>
  last === 1 ? (LEFT + WIDTH - RIGHT) / 2 : LEFT + ((n - 1) / (last - 1)) * (WIDTH - LEFT - RIGHT);

const yOf = (value: number, scale: Scale) => HEIGHT - BOTTOM - scale.place(value) * (HEIGHT - TOP - BOTTOM);

function grid(scale: Scale): string[] {
  return scale.ticks.flatMap(({ value, label }) => {
    const y = yOf(value, scale);
    return [svgLine('grid', [LEFT, y], [WIDTH - RIGHT, y]), text(LEFT - 8, y + 4, label, 'end')];
  });
}

/** Returns 1, multiples of a round number, and `last`. */
function xTicks(last: number): number[] {
  const step = Math.max(1, niceStep(last / 6, [1, 2, 5]));
  const multiples = Array.from({ length: Math.floor(last / step) }, (_, i) => (i + 1) * step);
  return [...new Set([1, ...multiples.filter((n) => n - 1 >= step / 2 && last - n >= step / 2), last])];
}

function line({ unit, share = false }: Chart, one: Series, stroke: Stroke, scale: Scale, last: number): string[] {
  const { name, values, group } = one;
  const className = classOf(stroke);
  const whose = group === undefined ? name : `${group}: ${name}`;
  const points = values.flatMap((value, i) => {
    if (!Number.isFinite(value)) return [];
    return [{ n: i + 1, x: place(xOf(i + 1, last)), y: place(yOf(value, scale)), value }];
  });
  const path = points.map(({ x, y }) => `${x},${y}`).join(' ');
  const dense = points.length > MOST_DOTS ? ' dense' : '';
  const drawn = points.length > 1 ? [`<polyline class="${className}${dense}" points="${path}"/>`] : [];
  if (points.length > MOST_DOTS) return drawn;
  const dots = points.map(({ n, x, y, value }) => {
    const hint = `${whose}, ${unit} ${count(n)}: ${shareOr(value, share)}`;
    return `<circle class="${className}" cx="${x}" cy="${y}" r="3.5"><title>${escapeHtml(hint)}</title></circle>`;
  });
  return [...drawn, ...dots];
}

const classOf = ({ color, dashed }: Stroke) => `series${color}${dashed ? ' dashed' : ''}`;

/** Returns the meaning of colours and dashes; groups, whose names are long, have a line each above the others. */
function legend(series: readonly Series[]): { entries: string[]; height: number } {
  const { groups, names } = groupsOf(series);
  const height = groups.length * LEGEND_LINE;
  const entry = (className: string, x: number, y: number, name: string) => [
    svgLine(className, [x, y], [x + 24, y]),
    text(x + 32, y + 4, name, 'start'),
  ];
  const byName = (name: string, i: number) => {
    const stroke = groups.length > 0 ? `any${i > 0 ? ' dashed' : ''}` : classOf({ color: i, dashed: i > 0 });
    return entry(stroke, LEFT + i * 120, 16, name);
  };
  const byGroup = (name: string, i: number) => entry(`series${i}`, LEFT, 16 - height + i * LEGEND_LINE, name);
  return { entries: [...groups.flatMap(byGroup), ...names.flatMap(byName)], height };
}
