import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { wrap } from '../../src/cli/terminal/lines.js';
import { duration, median, short } from '../../src/cli/terminal/numbers.js';
import { variance } from '../../src/cli/train/baseline.js';
import { reportHtml } from '../../src/cli/train/report-html.js';
import { hashWeights, medianStep } from '../../src/cli/train/run-result.js';
import { chartsOf, resultLines } from '../../src/cli/train/show-run.js';
import { classified, fitted } from './cli-result.js';

test('what came out, in lines', () => {
  expect(resultLines(classified)).toEqual([
    ['Test', 'accuracy 90.00 %, loss 0.6000'],
    ['Step', '2.00 ms, 3 dispatches'],
    ['Weights', 'sha256 abc'],
  ]);
  expect(resultLines(fitted)).toEqual([
    ['Test', 'loss 0.6000; targets have variance 6.000: 90.00 % explained'],
    ['Trained', 'w = 2.0000000, b = 1.0000000'],
    ['Closed form', 'w = 2.0000100, b = 1.0000000'],
    ['Difference', '1.0e-5 at most'],
    ['Step', '2.00 ms on the CPU'],
    ['Weights', 'sha256 abc'],
  ]);
});

test('charts: loss, and accuracy where there is one', () => {
  expect(chartsOf(classified)).toEqual([
    {
      title: 'Loss',
      unit: 'epoch',
      series: [
        { name: 'training', values: [1.1, 0.7] },
        { name: 'validation', values: [1, 0.6] },
      ],
    },
    {
      title: 'Accuracy',
      unit: 'epoch',
      share: true,
      series: [
        { name: 'training', values: [0.3, 0.8] },
        { name: 'validation', values: [0.4, 0.9] },
      ],
    },
  ]);
  expect(chartsOf(fitted).map(({ title, unit }) => [title, unit])).toEqual([['Loss', 'step']]);
  expect(chartsOf({ ...classified, epochs: [] })).toEqual([]);
});

test('the report is one page that loads nothing, with every text escaped', () => {
  const page = reportHtml(classified);
  expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
  expect(page).not.toMatch(/<script|<link|src=|url\(|<b>/);
  expect(page).toContain('<code>wgrad train --data &#39;&lt;b&gt;&#39; --seed 0</code>');
  expect(page).toContain('<tr><th>Adapter</th><td>Voodoo &amp; Co</td></tr>');
  expect(page).toContain('<tr><th>seed</th><td>18446744073709551615</td></tr>');
  expect(page).toContain('<tr><th>hidden</th><td>none</td></tr>');
  expect(page).toContain('<tr><th>dense0.w</th><td>4 x 3</td></tr>');
  expect(page).toContain('prefers-color-scheme: dark');
  expect(page.match(/<svg/g)).toHaveLength(2);
  const cells = ['1', '1.100', '2.000e-5', '30.00 %', '1.000', '40.00 %', '1 min 01 s', '9.00'];
  expect(page).toContain(`<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`);
});

test('the report of numbers has no accuracy, and a long one shows some of its rows', () => {
  expect(reportHtml(fitted)).not.toMatch(/accuracy/i);
  const epochs = Array.from({ length: 1000 }, (_, i) => ({ ...fitted.epochs[0], epoch: i + 1 }));
  const page = reportHtml({ ...fitted, epochs });
  expect(page).toContain('One in 20 is shown.');
  expect(page.match(/<tr><td>/g)).toHaveLength(50);
  expect(page).toContain('<tr><td>1,000</td>');
});

test('the hash is that of the bytes, little-endian, in order', () => {
  const all = new Float32Array([9, 1, -2, 0.5]);
  const bytes = Buffer.alloc(12);
  for (const [i, value] of [1, -2, 0.5].entries()) bytes.writeFloatLE(value, 4 * i);
  const expected = createHash('sha256').update(bytes).digest('hex');
  expect(hashWeights([{ data: all.subarray(1, 3) }, { data: all.subarray(3) }])).toBe(expected);
});

test('numbers for people', () => {
  const values = [0, 1, 12.346, 999999, 1e6, 0.00012346, 0.000012346, -0.5, Number.NaN];
  expect(values.map(short)).toEqual([
    '0',
    '1.000',
    '12.35',
    '999999',
    '1.000e+6',
    '0.0001235',
    '1.235e-5',
    '-0.5000',
    'NaN',
  ]);
  expect([0.004, 9.99, 10.01, 59.94, 60, 3599.6].map(duration)).toEqual([
    '0.00 s',
    '9.99 s',
    '10.0 s',
    '59.9 s',
    '1 min 00 s',
    '60 min 00 s',
  ]);
  expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
  expect(variance([1, 2, 3, 6])).toBe(3.5);
});

test('the time of a step leaves out the first epoch, if there are more', () => {
  const epochs = (...times: number[]) => times.map((stepMilliseconds) => ({ stepMilliseconds }));
  expect([[], [9], [9, 2], [9, 2, 4]].map((times) => medianStep(epochs(...times)))).toEqual([null, 9, 2, 3]);
});

test('text is broken at spaces', () => {
  expect(wrap('aa bb cc dddddd e', 5)).toEqual(['aa bb', 'cc', 'dddddd', 'e']);
});
