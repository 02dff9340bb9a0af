import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Chart, scaleOf } from '../../src/cli/charts/chart.js';
import { svgChart } from '../../src/cli/charts/svg-chart.js';
import { terminalChart } from '../../src/cli/charts/terminal-chart.js';

const chart = (training: number[], validation: number[], more: Partial<Chart> = {}): Chart => ({
  title: 'Loss',
  unit: 'epoch',
  series: [
    { name: 'training', values: training },
    { name: 'validation', values: validation },
  ],
  ...more,
});

test.each([
  [[1, 3], false, ['1.0', '1.5', '2.0', '2.5', '3.0']],
  [[0.11, 0.34], false, ['0.1', '0.2', '0.3', '0.4']],
  [[0.9, 0.98], true, ['90 %', '92 %', '94 %', '96 %', '98 %']],
  [[2, 2], false, ['2.0', '2.5']],
  [[0, 0], false, ['0.00', '0.25']],
  [[5e-324], false, ['0.00', '0.25']],
  [[0.2, 27], false, ['1', '10']],
  [[1, 25], false, ['1', '3', '10']],
])('the scale of %j', (values, share, labels) => {
  expect(scaleOf(chart(values, [], { share }), 4).ticks.map(({ label }) => label)).toEqual(labels);
});

test('every value lies on the axis, and ticks rise', () => {
  const value = fc.float({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), (values) => {
      const { ticks, place, logarithmic } = scaleOf(chart(values, []), 5);
      const places = ticks.map((tick) => place(tick.value));
      if (!logarithmic) {
        expect(places[0]).toBeCloseTo(0, 6);
        expect(places.at(-1)).toBeCloseTo(1, 6);
      }
      expect(places.length).toBeGreaterThan(0);
      expect(places).toEqual(places.toSorted((a, b) => a - b));
      for (const each of [...values, ...ticks.map(({ value }) => value)])
        expect(Math.abs(place(each) - 0.5)).toBeLessThan(0.5 + 1e-6);
    }),
  );
});

test('a chart for the terminal', () => {
  expect(terminalChart(chart([4, 2, 0], [1, 1, 1]), 30, false)).toEqual([
    'Loss   • training   ◦ validation   ◎ both',
    '4 ┤••',
    '  │  •••',
    '3 ┤     ••••',
    '  │         •••',
    '2 ┤            •••',
    '  │               •••',
    '1 ┤◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◎◎◎◎◦◦◦◦◦',
    '  │                      •••',
    '0 ┤                         ••',
    '  └───────────────────────────',
    '   1          epoch          3',
  ]);
});

test('one epoch is one point, and colours are escape codes around marks', () => {
  const lines = terminalChart(chart([0.5], [0.25]), 40, true);
  expect(lines[0]).toBe('Loss   \x1b[36m•\x1b[39m training   \x1b[33m◦\x1b[39m validation');
  expect(lines.join('\n').split('•').length - 1).toBe(2); // the legend's and the point
  expect(lines.at(-1)).toBe('     1 epoch');
});

test('a chart for the terminal keeps to its width, whatever is in it', () => {
  const values = fc.array(fc.oneof(fc.double(), fc.constant(Number.NaN)), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(values, values, fc.integer({ min: 40, max: 120 }), fc.boolean(), (a, b, width, share) => {
      const lines = terminalChart(chart(a, b, { share }), width, false);
      const longest = Math.max(...lines.slice(1).map((line) => line.length));
      const labels = lines[1].search(/[┤│]/);
      expect(longest).toBeLessThanOrEqual(Math.max(width, labels + 12));
      expect(lines).toHaveLength(12);
    }),
  );
});

test('a chart for a page', () => {
  const svg = svgChart(chart([0.9, 0.95], [0.92, 0.98], { share: true, title: 'a < b', unit: 'c & d' }));
  expect(svg).toMatch(/^<svg viewBox="0 0 480 250" role="img" aria-label="a &lt; b">/);
  expect(svg).toContain('>c &amp; d</text>');
  expect(svg.match(/<polyline/g)).toHaveLength(2);
  expect(svg.match(/<title>[^<]*/g)).toEqual([
    '<title>training, c &amp; d 1: 90.00 %',
    '<title>training, c &amp; d 2: 95.00 %',
    '<title>validation, c &amp; d 1: 92.00 %',
    '<title>validation, c &amp; d 2: 98.00 %',
  ]);
  const x = /<polyline class="series0" points="52,\d+(\.\d+)? 462,\d+(\.\d+)?"\/>/;
  expect(svg).toMatch(x);
});

test('a chart for a page draws many points as a line, and what is no number not at all', () => {
  const many = Array.from({ length: 1000 }, (_, i) => i + 1);
  const svg = svgChart(chart(many, [Number.NaN]));
  expect(svg).toContain('class="series0 dense"');
  expect(svg).not.toContain('<circle');
  expect(svg).not.toContain('NaN');
  expect(svg.match(/>(1|200|400|600|800|1,000)<\/text>/g)).toHaveLength(7); // 1 is on both axes
});

test('lines of groups: a colour a group, a dash a name, and the first group on top', () => {
  const group = (name: string, values: number[]) => [
    { name: 'training', group: name, values },
    { name: 'validation', group: name, values: values.toReversed() },
  ];
  const series = [...group('a < b', [1, 2, 3]), ...group('second', [2, 3])];
  const svg = svgChart({ title: 'Loss', unit: 'epoch', series });
  const lines = [...svg.matchAll(/<polyline class="([^"]*)" points="([^"]*)"/g)];
  expect(lines.map(([, className]) => className)).toEqual(['series1 dashed', 'series1', 'series0 dashed', 'series0']);
  expect(lines.map(([, , points]) => points.split(' ').at(-1)?.split(',')[0])).toEqual(['257', '257', '462', '462']);
  expect(svg).toContain('viewBox="0 -36 480 286"');
  expect([...svg.matchAll(/<line class="(series|any)[^>]*>\n<text[^>]*>([^<]*)/g)].map(([, , name]) => name)).toEqual([
    'a &lt; b',
    'second',
    'training',
    'validation',
  ]);
  expect(svg).toContain('<title>a &lt; b: validation, epoch 1: 3.000</title>');
});
