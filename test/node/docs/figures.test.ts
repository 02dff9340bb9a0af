import { expect, test } from 'vitest';
import { codeBlocks, PAGES, textOf } from './markdown.js';

const output = textOf('docs/bench/results.md').split('\n');

test('the tables of docs/performance.md are the output of the benchmark', () => {
  const [, section] = textOf('docs/performance.md').match(/^## Beside other engines\n([\s\S]*)/m) ?? [];
  const rows = section.match(/^\|.*$/gm) ?? [];
  expect(rows.length).toBeGreaterThan(20);
  expect(rows.filter((row) => !output.includes(row))).toEqual([]);
});

test('every ratio and time in the README is in the output of the benchmark', () => {
  const [, section] = textOf('README.md').match(/^## What it does better\n([\s\S]*?)^## /m) ?? [];
  const figures = section.match(/\b\d+\.\d+x|\b\d+\.\d+ ms/g) ?? [];
  expect(figures.length).toBeGreaterThan(8);
  const cells = output.join(' ');
  expect(figures.filter((figure) => !cells.includes(` ${figure.replace(' ms', '')} `))).toEqual([]);
});

test('no line of code is longer than a page is wide', () => {
  const lines = PAGES.flatMap((page) => codeBlocks(page, 'ts')).flatMap(({ code }) => code.split('\n'));
  expect(lines.filter((line) => line.length > 106)).toEqual([]);
});
