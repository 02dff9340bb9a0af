import { type Chart, type Scale, type Series, scaleOf } from './chart-scale.js';
import { escapeHtml } from './escape-html.js';
import { count, percent, short } from './numbers.js';

const WIDTH = 640;
const HEIGHT = 280;
const LEFT = 64;
const RIGHT = 16;
const TOP = 36;
const BOTTOM = 44;
/** More points than this are drawn as a line alone: nobody can point at one of them. */
const MOST_DOTS = 60;

/**
 * Returns a chart as an SVG element. Colours come from the page: `.series0` and `.series1` for the lines, `.grid`, and
 * `text`; every point says its value when pointed at.
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
    ...series.flatMap((one, index) => [...line(chart, one, index, scale, last), ...legend(one, index)]),
    '</svg>',
  ];
  return parts.join('\n');
}

const xOf = (n: number, last: number) =>
  last === 1 ? (LEFT + WIDTH - RIGHT) / 2 : LEFT + ((n - 1) / (last - 1)) * (WIDTH - LEFT - RIGHT);

const yOf = (value: number, { ticks }: Scale) =>
  HEIGHT - BOTTOM - ((value - ticks[0]) / (ticks[ticks.length - 1] - ticks[0])) * (HEIGHT - TOP - BOTTOM);

const place = (value: number) => String(Number(value.toFixed(2)));

function text(x: number, y: number, content: string, anchor: string): string {
  return `<text x="${place(x)}" y="${place(y)}" text-anchor="${anchor}">${escapeHtml(content)}</text>`;
}

function grid(scale: Scale): string[] {
  return scale.ticks.flatMap((tick, i) => {
    const y = place(yOf(tick, scale));
    return [
      `<line class="grid" x1="${LEFT}" y1="${y}" x2="${WIDTH - RIGHT}" y2="${y}"/>`,
      text(LEFT - 8, yOf(tick, scale) + 4, scale.labels[i], 'end'),
    ];
  });
}

/** At most seven whole numbers from 1 to `last`. */
function xTicks(last: number): number[] {
  if (last <= 7) return Array.from({ length: last }, (_, i) => i + 1);
  return Array.from({ length: 6 }, (_, i) => Math.round(1 + (i * (last - 1)) / 5));
}

function line({ unit, share }: Chart, { name, values }: Series, index: number, scale: Scale, last: number): string[] {
  const points = values.flatMap((value, i) => {
    if (!Number.isFinite(value)) return [];
    return [{ n: i + 1, x: place(xOf(i + 1, last)), y: place(yOf(value, scale)), value }];
  });
  const path = points.map(({ x, y }) => `${x},${y}`).join(' ');
  const drawn = points.length > 1 ? [`<polyline class="series${index}" points="${path}"/>`] : [];
  if (points.length > MOST_DOTS) return drawn;
  const dots = points.map(({ n, x, y, value }) => {
    const hint = `${name}, ${unit} ${count(n)}: ${share ? percent(value) : short(value)}`;
    return `<circle class="series${index}" cx="${x}" cy="${y}" r="3.5"><title>${escapeHtml(hint)}</title></circle>`;
  });
  return [...drawn, ...dots];
}

function legend({ name }: Series, index: number): string[] {
  const x = LEFT + index * 130;
  return [
    `<line class="series${index}" x1="${x}" y1="16" x2="${x + 24}" y2="16"/>`,
    text(x + 32, 20, name, 'start'),
  ];
}
