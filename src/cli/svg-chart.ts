import { type Chart, niceStep, type Scale, type Series, scaleOf } from './chart-scale.js';
import { escapeHtml } from './escape-html.js';
import { count, percent, short } from './numbers.js';

const WIDTH = 480;
const HEIGHT = 250;
const LEFT = 52;
const RIGHT = 18;
const TOP = 36;
const BOTTOM = 44;
/** More points than this are drawn as a line alone: nobody can point at one of them. */
const MOST_DOTS = 60;

/**
 * Returns a chart as an SVG element. Colours come from the page: `.series0` and `.series1` for the lines (`.dense` with
 * many points), `.grid` and `text`. Where there are few points each says its value when pointed at.
 */
export function svgChart(chart: Chart): string {
  const { title, series, unit } = chart;
  const scale = scaleOf(chart, 5);
  const last = Math.max(...series.map(({ values }) => values.length));
  const parts = [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(title)}">`,
    ...grid(scale),
    ...xTicks(last).map((n) => text(xOf(n, last), HEIGHT - BOTTOM + 18, count(n), 'middle')),
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, unit, 'middle'),
    ...(scale.logarithmic ? [text(WIDTH - RIGHT, 20, 'logarithmic', 'end')] : []),
    ...series.flatMap((one, index) => [...line(chart, one, index, scale, last), ...legend(one, index)]),
    '</svg>',
  ];
  return parts.join('\n');
}

const xOf = (n: number, last: number) =>
  last === 1 ? (LEFT + WIDTH - RIGHT) / 2 : LEFT + ((n - 1) / (last - 1)) * (WIDTH - LEFT - RIGHT);

const yOf = (value: number, scale: Scale) => HEIGHT - BOTTOM - scale.place(value) * (HEIGHT - TOP - BOTTOM);

const place = (value: number) => String(Number(value.toFixed(2)));

function text(x: number, y: number, content: string, anchor: string): string {
  return `<text x="${place(x)}" y="${place(y)}" text-anchor="${anchor}">${escapeHtml(content)}</text>`;
}

function grid(scale: Scale): string[] {
  return scale.ticks.flatMap(({ value, label }) => {
    const y = yOf(value, scale);
    return [
      `<line class="grid" x1="${LEFT}" y1="${place(y)}" x2="${WIDTH - RIGHT}" y2="${place(y)}"/>`,
      text(LEFT - 8, y + 4, label, 'end'),
    ];
  });
}

/** 1, multiples of a round number, and `last`. */
function xTicks(last: number): number[] {
  const step = Math.max(1, niceStep(last / 6, [1, 2, 5]));
  const multiples = Array.from({ length: Math.floor(last / step) }, (_, i) => (i + 1) * step);
  return [...new Set([1, ...multiples.filter((n) => n - 1 >= step / 2 && last - n >= step / 2), last])];
}

function line({ unit, share }: Chart, { name, values }: Series, index: number, scale: Scale, last: number): string[] {
  const points = values.flatMap((value, i) => {
    if (!Number.isFinite(value)) return [];
    return [{ n: i + 1, x: place(xOf(i + 1, last)), y: place(yOf(value, scale)), value }];
  });
  const path = points.map(({ x, y }) => `${x},${y}`).join(' ');
  const dense = points.length > MOST_DOTS ? ' dense' : '';
  const drawn = points.length > 1 ? [`<polyline class="series${index}${dense}" points="${path}"/>`] : [];
  if (points.length > MOST_DOTS) return drawn;
  const dots = points.map(({ n, x, y, value }) => {
    const hint = `${name}, ${unit} ${count(n)}: ${share ? percent(value) : short(value)}`;
    return `<circle class="series${index}" cx="${x}" cy="${y}" r="3.5"><title>${escapeHtml(hint)}</title></circle>`;
  });
  return [...drawn, ...dots];
}

function legend({ name }: Series, index: number): string[] {
  const x = LEFT + index * 120;
  return [`<line class="series${index}" x1="${x}" y1="16" x2="${x + 24}" y2="16"/>`, text(x + 32, 20, name, 'start')];
}
