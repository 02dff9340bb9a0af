import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { binCells, gridCells, type MapPoint, placeOn } from '../../src/cli/charts/map.js';
import { svgMap } from '../../src/cli/charts/svg-map.js';
import { terminalMap } from '../../src/cli/charts/terminal-map.js';
import { readTuneConfig } from '../../src/cli/tune/config.js';
import { searchHtml } from '../../src/cli/tune/search-html.js';
import { mapOf } from '../../src/cli/tune/search-map.js';
import type { SearchResult } from '../../src/tune.js';
import { SEARCHES, searchOf, trialOf } from './search-results.js';

const { empty, folds, grid, halving, lost, perLayer, population, started, underWay } = SEARCHES;

/** The map of a search that has one. */
function mapped(result: SearchResult) {
  const map = mapOf(result);
  if (!map) throw new Error('no map');
  return map;
}

test.each<[string, SearchResult, unknown]>([
  ['grid', grid, ['l2', 'dropout', true]],
  ['underWay', underWay, ['l2', 'dropout', true]],
  ['halving', halving, ['l2', 'dropout', false]],
  ['folds', folds, ['l2', undefined, true]],
  ['perLayer', perLayer, ['dropout[0]', 'dropout[1]', true]],
  ['population', population, ['l2', 'dropout', false]],
  ['started', started, ['l2', undefined, true]],
  ['empty', empty, undefined],
])('the axes of %s', (_, result, axes) => {
  const map = mapOf(result);
  expect(map && [map.x.name, map.y?.name, map.onGrid]).toEqual(axes);
});

test('λ and p come first, other numbers in the order of the space, words never', () => {
  const config = (i: number) => ({
    activation: ['relu', 'tanh'][i],
    momentum: 0.8 + i / 10,
    dropout: 0.1 * i,
    learningRate: 10 ** -(i + 2),
    l2: 1e-3,
  });
  const trials = [0, 1].map((id) => trialOf(id, config(id), { epochs: 1 }));
  const space = Object.fromEntries(Object.keys(config(0)).map((name) => [name, { kind: 'choice', values: [] }]));
  const map = mapOf(searchOf(trials, { space }));
  expect([map?.x.name, map?.y?.name]).toEqual(['dropout', 'momentum']);
});

test('a grid is one from its first row on, strewn trials never are', () => {
  const first = (n: number, result: SearchResult) => mapOf({ ...result, trials: result.trials.slice(0, n) });
  for (let n = 7; n <= 36; n++) expect(first(n, grid)?.onGrid).toBe(true);
  for (let n = 2; n <= 27; n++) expect(first(n, halving)?.onGrid).toBe(false);
});

const idOf = ({ hint }: MapPoint) => Number(/^trial (\d+):/.exec(hint)?.[1]);

test('every trial is in one cell, of a grid and of bins, and the best one leads its cell', () => {
  for (const result of Object.values(SEARCHES)) {
    const map = mapOf(result);
    if (!map) continue;
    for (const { cells, rows, columns } of [...(map.onGrid ? [gridCells(map)] : []), binCells(map, 3, 4)]) {
      expect(cells).toHaveLength(rows.length);
      for (const row of cells) expect(row).toHaveLength(columns.length);
      const found = cells.flat(2).map(idOf);
      expect(found.toSorted((a, b) => a - b)).toEqual(result.trials.map(({ id }) => id));
      const home = cells.flat().find((cell) => cell.some((point) => idOf(point) === result.best));
      if (result.best !== null) expect(home?.[0].mark).toBe('best');
    }
  }
});

test('an axis is logarithmic where the space is, from end to end', () => {
  const map = mapped(halving);
  expect([1e-6, 1e-3, 0.1].map((value) => Number(placeOn(map.x, value).toFixed(6)))).toEqual([0, 0.6, 1]);
  expect([0, 0.1, 0.5].map((value) => placeOn(map.y as never, value))).toEqual([0, 0.2, 1]);
});

test('a map for a terminal without colours', () => {
  expect(terminalMap(mapped(grid), 60, false)).toEqual([
    'Validation accuracy in %: l2 across, dropout up',
    '0.5 ┤█ 91.41  █ 91.80  █[92.03] █ 91.56  ░ 87.46  · 77.10',
    '0.4 ┤▓ 91.09  █ 91.66  █ 92.00  █ 91.60  ░ 87.55  · 77.20',
    '0.3 ┤▓ 90.53  █ 91.38  █ 91.89  █ 91.60  ░ 87.60  · 77.28',
    '0.2 ┤▒ 89.63  ▓ 90.89  █ 91.65  █ 91.51  ░ 87.61  · 77.33',
    '0.1 ┤░ 88.24  ▓ 90.09  ▓ 91.22  █ 91.31  ░ 87.55  · 77.35',
    '  0 ┤· 86.75  ▒ 88.83  ▓ 90.51  ▓ 90.94  ░ 87.39      ×',
    `    └${'─'.repeat(54)}`,
    '       1e-6     1e-5     1e-4     0.001    0.01      0.1',
    '≤ 86.04 % ··░░▒▒▓▓██ 92.03 %',
    '[best]   × diverged',
  ]);
  expect(terminalMap(mapped(folds), 60, false)).toEqual([
    'Validation loss: l2 across',
    ' ┤▓ 0.328  ▓ 0.287  █[0.261] █ 0.266  ░ 0.397  · 0.771',
    ` └${'─'.repeat(54)}`,
    '    1e-6     1e-5     1e-4     0.001    0.01      0.1',
    '≥ 0.4457 ··░░▒▒▓▓██ 0.2614',
    '[best]',
  ]);
});

test('what was dropped stands in parentheses; what is shared says so', () => {
  const dropped = terminalMap(mapped(underWay), 80, false);
  expect(dropped.join('\n')).toContain('█(86.58)');
  expect(dropped.at(-1)).toBe('[best]   (dropped)   × diverged');
  expect(terminalMap(mapped(perLayer), 100, false)[0]).toMatch(
    /: dropout\[0\] across, dropout\[1\] up, the best of each cell$/,
  );
});

test('digits are given up before cells are', () => {
  const numbers = (width: number) => terminalMap(mapped(grid), width, false)[1].match(/[\d.]+/g)?.[1];
  expect([60, 54, 48, 40].map(numbers)).toEqual(['91.41', '91.4', '91', undefined]);
  const many = Array.from({ length: 900 }, (_, id) => {
    return trialOf(id, { l2: 10 ** -(id % 30), dropout: Math.floor(id / 30) / 30 }, { epochs: 1 });
  });
  const search = searchOf(many, { space: { l2: { kind: 'logUniform' }, dropout: { kind: 'uniform' } } });
  const lines = terminalMap(mapped(search), 60, false);
  expect(lines.length).toBeLessThan(20);
  expect(lines.join(' ')).toContain('the best of each cell');
});

test('colours say the same as the shades, on backgrounds that text is read on', () => {
  for (const result of Object.values(SEARCHES)) {
    const map = mapOf(result);
    if (!map) continue;
    const lines = terminalMap(map, 80, true);
    const seen = lines.map(stripVTControlCharacters);
    for (const line of seen) expect(line.length).toBeLessThanOrEqual(80);
    for (const line of lines) expect(line.split('\x1b[48;5;').length).toBe(line.split('\x1b[0m').length);
  }
  const best = terminalMap(mapped(grid), 80, true)[1];
  expect(best).toContain('\x1b[48;5;220m\x1b[38;5;16m[92.03]\x1b[0m');
  expect(best).toContain('\x1b[48;5;17m\x1b[38;5;231m 77.10 \x1b[0m');
});

test('a map for a page: a cell a crossing, each with all its numbers', () => {
  const svg = svgMap(mapped(grid));
  expect(svg).toMatch(/^<svg viewBox="0 0 480 \d+" role="img" aria-label="validation accuracy over l2 and dropout">/);
  expect(svg.match(/<title>/g)).toHaveLength(36);
  expect(svg).toContain('<title>trial 17: l2 1e-4, dropout 0.5; training loss 0.3625, accuracy 88.62 %; validation');
  expect(svg.match(/<rect class="best"/g)).toHaveLength(2); // the cell and the legend
  expect(svg.match(/<rect class="none"/g)).toHaveLength(1);
  expect(svg).toMatch(/style="fill:#000">92\.03<.*\n?.*<rect class="best"/);
  expect(svg).toMatch(/style="fill:#fff">77\.10</);
  for (const label of ['1e-6', '0.1', '0.5', 'l2', 'dropout', '≤ 86.04 %', '92.03 %', 'diverged']) {
    expect(svg).toContain(`>${label}</text>`);
  }
  // The largest rate is at the top, and its cells stand beside its name.
  const nameAt = (name: string) => Number(new RegExp(`y="([\\d.]+)" text-anchor="end">${name}<`).exec(svg)?.[1]);
  const cellAt = (id: number) => Number(new RegExp(`trial ${id}:.*?<rect [^>]* y="([\\d.]+)"`).exec(svg)?.[1]);
  expect(nameAt('0.5')).toBeLessThan(nameAt('0'));
  expect(nameAt('0.5') - cellAt(23)).toBeCloseTo(nameAt('0') - cellAt(18), 1);
  expect(svgMap(mapped(perLayer))).toContain('the best of 2 trials with these values</title>');
});

test('a map for a page: a dot a trial where they are strewn, smaller where it was dropped', () => {
  const svg = svgMap(mapped(halving));
  expect(svg.match(/<title>/g)).toHaveLength(27);
  expect(svg.match(/<circle class="cell" [^>]* r="7"/g)).toHaveLength(3);
  expect(svg.match(/<circle class="cell" [^>]* r="4"/g)).toHaveLength(23);
  expect(svg.match(/<circle class="best"/g)).toHaveLength(1);
  const heights = halving.trials.map(({ id, config }) => {
    const [, y] = new RegExp(`trial ${id}:.*?<circle [^>]* cy="([\\d.]+)"`).exec(svg) ?? [];
    return { rate: Number(config.dropout), y: Number(y) };
  });
  const rising = heights.toSorted((a, b) => b.y - a.y).map(({ rate }) => rate);
  expect(rising).toEqual(rising.toSorted((a, b) => a - b));
  const labels = [...svg.matchAll(/text-anchor="middle">([^<]*)</g)].map(([, label]) => label);
  expect(labels).toEqual(expect.arrayContaining(['1e-6', '1e-5', '1e-4', '0.001', '0.01', '0.1', '×']));
});

test.each(Object.entries(SEARCHES))('the page of %s loads nothing, and every trial is in it', async (_, result) => {
  const page = searchHtml({
    version: '1.2.3',
    command: "wgrad tune --data '<b>' --seed 0",
    winner: result.best === null ? null : 'wgrad train --l2 1e-4',
    test: result.best === null ? [] : [['Test', 'accuracy 90 %']],
    data: 'data & words',
    model: '784 - dense 10',
    config: await readTuneConfig({}),
    result,
  });
  expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
  expect(page).not.toMatch(/<script|<link|src=|url\(|<b>|NaN|undefined|Infinity/);
  expect(page).toContain('<code>wgrad tune --data &#39;&lt;b&gt;&#39; --seed 0</code>');
  expect(page.includes('<code>wgrad train --l2 1e-4</code>')).toBe(result.best !== null);
  expect(page).toContain('<tr><th>Adapter</th><td>Voodoo &amp; Co</td></tr>');
  expect(page.match(/<tr><td>\d+<\/td><td>\d+<\/td>/g) ?? []).toHaveLength(result.trials.length);
  expect(page).not.toContain('<tr><th>l2</th><td>1e-5</td></tr>'); // the preset's, over which was searched
});

test('the page of a search in which all diverged says where', () => {
  expect(svgMap(mapped(lost))).toContain('>No trial has been measured.</text>');
  expect(svgMap(mapped(lost)).match(/>×</g)).toHaveLength(36);
});
