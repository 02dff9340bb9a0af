import { stripVTControlCharacters } from 'node:util';
import { afterEach, expect, test, vi } from 'vitest';
import { shadeAt } from '../../src/cli/charts/map.js';
import { terminalChart } from '../../src/cli/charts/terminal-chart.js';
import { SearchProgress } from '../../src/cli/tune/search-progress.js';
import { searchCharts, searchLines, showSearch, spaceLines } from '../../src/cli/tune/show-search.js';
import { terminalTable } from '../../src/cli/tune/trial-table.js';
import { rankTrials, scoreOf, shadesOf, trialText, valueText } from '../../src/cli/tune/trials.js';
import { recorder } from './recorder.js';
import { SEARCHES, searchOf, trialOf } from './search-results.js';

const { empty, folds, grid, halving, lost, perLayer, population, started, underWay } = SEARCHES;

afterEach(() => vi.useRealTimers());

/** A text as it is seen. */
const plain = stripVTControlCharacters;

test('what is still in the search leads, then what was dropped, then what diverged', () => {
  expect(rankTrials(grid.trials)[0].id).toBe(grid.best);
  const ranked = rankTrials(halving.trials);
  const epochs = ranked.map((trial) => trial.epochs);
  expect(epochs.slice(0, -1)).toEqual(epochs.slice(0, -1).toSorted((a, b) => b - a));
  expect(ranked.map(({ status }) => status).filter((status, i, all) => status !== all[i - 1])).toEqual([
    'finished',
    'dropped',
    'diverged',
  ]);
  const dropped = (id: number, epochs: number, score: number) => ({
    ...trialOf(id, { l2: 0 }, { epochs, status: 'dropped' }),
    score,
  });
  expect(rankTrials([dropped(0, 1, 0.1), dropped(1, 3, 0.9), dropped(2, 3, 0.8)]).map(({ id }) => id)).toEqual([
    2, 1, 0,
  ]);
  expect(rankTrials(started.trials).map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5]);
});

test('the table has what fits, and what is least needed goes first', () => {
  const heads = (width: number) => terminalTable(grid, { width, most: 3, color: false })[0].trim().split(/ {2,}/);
  expect(heads(120)).toEqual('#,trial,l2,dropout,epochs,train loss,val loss,val acc,gap,status'.split(','));
  expect(heads(80)).toEqual('#,l2,dropout,epochs,train loss,val loss,val acc,gap,status'.split(','));
  expect(heads(60)).toEqual('#,l2,dropout,train loss,val acc,gap,status'.split(','));
  expect(heads(20)).toEqual('#,l2,val acc'.split(','));
  expect(terminalTable(grid, { width: 60, most: 3, color: false })).toEqual([
    '#    l2  dropout  train loss  val acc       gap  status',
    '1  1e-4      0.5      0.3625  92.03 %   −0.1133  finished',
    '2  1e-4      0.4      0.3325  92.00 %  −0.08251  finished',
    '3  1e-4      0.3      0.3025  91.89 %  −0.04891  finished',
    '… 33 more',
  ]);
});

test.each([
  ['folds', folds, ['l2', '±']],
  ['perLayer', perLayer, ['dropout', 'hidden', 'val acc']],
  ['population', population, ['from', 'l2', 'dropout']],
] as const)('the table of %s has its own columns, and no empty ones', (_, result, heads) => {
  const lines = terminalTable(result, { width: 200, most: 50, color: false });
  for (const head of heads) expect(lines[0]).toContain(head);
  expect(lines[0].includes('val acc')).toBe(result.metric === 'accuracy');
  expect(lines[0]).not.toContain('activation');
  expect(lines).toHaveLength(1 + result.trials.length);
});

test("a score of one's own has a column, and so do losses", () => {
  const [head] = terminalTable({ ...grid, metric: 'f1' }, { width: 120, most: 1, color: false });
  expect(head).toMatch(/ val loss +val acc +score +gap /);
  expect(terminalTable({ ...grid, metric: 'f1' }, { width: 20, most: 1, color: false })[0]).toMatch(/^# +l2 +score$/);
});

test('colours are escape codes around whole lines: the best, what was dropped, what diverged', () => {
  const lines = terminalTable(halving, { width: 100, most: 27, color: true });
  const codes = lines.map((line) => (line.startsWith('\x1b') ? line.slice(0, 5) : undefined));
  expect([1, 2, 4, 27].map((i) => codes[i])).toEqual(['\x1b[36m', undefined, '\x1b[90m', '\x1b[31m']);
  expect([1, 2, 4, 27].map((i) => plain(lines[i]).split(' ').at(-1))).toEqual([
    'finished',
    'finished',
    'dropped',
    'diverged',
  ]);
  expect(lines.filter((line) => line.includes('\x1b') && !line.endsWith('\x1b[39m'))).toEqual([]);
});

test.each(Object.entries(SEARCHES))('%s is shown in lines that fit, with colours and without', (_, result) => {
  for (const columns of [60, 80, 120, 200]) {
    for (const color of [false, true]) {
      const { written, terminal } = recorder({ columns, color });
      showSearch(terminal, result, { winner: null, test: [], command: 'again', written: ['a.json'] });
      const shown = written.join('');
      expect(shown.includes('\x1b')).toBe(color && result.trials.length > 0);
      expect(
        plain(shown)
          .split('\n')
          .filter((line) => line.length > columns),
      ).toEqual([]);
      expect(shown).not.toMatch(/NaN|undefined|Infinity/);
      expect(shown).toMatch(/^Again +again$/m);
    }
  }
});

test('a line an epoch where nobody watches', () => {
  const { written, terminal } = recorder();
  const progress = new SearchProgress(terminal, { members: 6, epochs: 8 });
  progress.show(empty);
  progress.show(started);
  progress.show(underWay);
  progress.show(underWay);
  progress.show(lost);
  progress.clear();
  expect(written).toEqual([
    'epoch 3/8  best validation accuracy 86.80 % (trial 14: l2 1e-4, dropout 0.2)  26 running, 9 dropped, 1 diverged  20.0 s\n',
    'epoch 0/8  36 diverged  1 min 02 s\n',
  ]);
});

test('a view that is rewritten in place where someone watches', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const { written, terminal } = recorder({ live: true, rows: 7 });
  const progress = new SearchProgress(terminal, { members: 6, epochs: 8 });
  progress.show(started);
  vi.advanceTimersByTime(50);
  progress.show(started); // too soon to be drawn
  vi.advanceTimersByTime(10_000);
  const half = started.trials.map(({ id, config }) => trialOf(id, config, { epochs: 4, status: 'running' }));
  progress.show({ ...started, trials: half });
  progress.clear();
  progress.clear();
  expect(written).toEqual([
    `\r#  trial    l2  epochs  status\x1b[K
1      0  1e-6       0  running\x1b[K
2      1  1e-5       0  running\x1b[K
3      2  1e-4       0  running\x1b[K
… 3 more\x1b[K
${'─'.repeat(24)} 0/48 epochs of 6 trials  6 running\x1b[K\x1b[J`,
    expect.stringContaining('\r\x1b[5A#'),
    '\r\x1b[5A\x1b[J',
  ]);
  expect(written[1].split('\n').at(-1)).toBe(
    `${'━'.repeat(12)}${'─'.repeat(12)} 24/48 epochs of 6 trials  10.1 s left  6 running\x1b[K\x1b[J`,
  );
});

test('what is left is what running trials and those to come may need', () => {
  const shown = (result: typeof grid, members: number) => {
    const { written, terminal } = recorder({ live: true, columns: 120 });
    new SearchProgress(terminal, { members, epochs: result.epochs }).show(result);
    return /([\d,]+\/[\d,]+) epochs/.exec(written[0])?.[1];
  };
  expect(shown(grid, 36)).toBe('282/282');
  expect(shown(underWay, 36)).toBe('107/237');
  expect(shown({ ...underWay, trials: underWay.trials.slice(0, 2) }, 3)).toBe('6/24');
  expect(shown(population, 4)).toBe('32/32'); // copies count what they were trained for themselves
});

test('curves of the best five, training and validation of each', () => {
  const [loss, accuracy] = searchCharts(grid);
  expect([loss.title, accuracy.title, accuracy.share]).toEqual(['Loss of the best', 'Accuracy of the best', true]);
  expect(loss.series).toHaveLength(10);
  expect(loss.series.slice(0, 2).map(({ name, group }) => [name, group])).toEqual([
    ['training', 'trial 17: l2 1e-4, dropout 0.5'],
    ['validation', 'trial 17: l2 1e-4, dropout 0.5'],
  ]);
  expect(loss.series[1].values).toEqual(grid.trials[17].rungs.map(({ validationLoss }) => validationLoss));
  expect(searchCharts(halving)[0].series).toHaveLength(6);
  for (const none of [empty, started, lost]) expect(searchCharts(none)).toEqual([]);
});

test('the curve of a copy begins with what it was copied from', () => {
  const series = searchCharts(population)[0].series.find(
    ({ group, name }) => group?.startsWith('trial 4') && name === 'validation',
  );
  const losses = (id: number) => population.trials[id].rungs.map(({ validationLoss }) => validationLoss);
  expect(series?.values).toEqual([...losses(0).slice(0, 4), ...losses(4)]);
});

test('where the lines of one group meet, validation is seen', () => {
  const series = ['training', 'validation'].map((name) => ({ name, group: 'one', values: [1, 1] }));
  expect(terminalChart({ title: 'Loss', unit: 'epoch', series }, 30, false).join('\n')).toContain('┤AAAA');
});

test('a gap in a curve is left out, and lines of one group differ by their letters', () => {
  const series = [
    { name: 'training', group: 'first', values: [4, 2, 0] },
    { name: 'validation', group: 'first', values: [Number.NaN, 1] },
    { name: 'training', group: 'second', values: [4, 4, 4] },
  ];
  const lines = terminalChart({ title: 'Loss', unit: 'epoch', series }, 30, false);
  expect(lines[0]).toBe('Loss   a training   A validation');
  expect(lines.slice(-2)).toEqual(['A first', 'b second']);
  expect(lines[1]).toBe(`4 ┤a${'b'.repeat(26)}`);
  expect(lines.join('').split('A').length - 1).toBe(3); // two legends and one point
});

test('what came out, in lines', () => {
  expect(searchLines(grid)).toEqual([
    ['Best', 'trial 17: l2 1e-4, dropout 0.5'],
    ['Validation', 'accuracy 92.03 %, loss 0.2492 after 8 epochs'],
    ['Widen', 'dropout is best at the end of its range, 0.5: a better one may lie beyond it'],
    ['Matters', 'l2 94 %, dropout 3 % of how much the score varies over the space'],
    ['Trials', '36: 1 stopped early, 34 finished, 1 diverged'],
    ['Time', '1 min 02 s'],
  ]);
  expect(searchLines(folds).slice(0, 3)).toEqual([
    ['Best', 'trial 2: l2 1e-4'],
    ['Validation', 'loss 0.2614, standard error 0.02000 after 8 epochs, mean of 5 folds'],
    ['Simpler', 'trial 3: l2 0.001; the largest λ within one standard error of the best'],
  ]);
  expect(searchLines(empty)).toEqual([
    ['Trials', '0'],
    ['Time', '0.00 s, stopped before its end'],
  ]);
  expect(spaceLines(perLayer)).toEqual([
    ['dropout[0]', 'from 0 to 0.5'],
    ['dropout[1]', 'from 0 to 0.5'],
    ['hidden', 'one of 128,64; 256,32'],
    ['activation', 'always "relu"'],
  ]);
  expect(spaceLines({ space: { a: { kind: 'logUniform', low: 1e-6, high: 0.1 }, b: { kind: 'new' } } })).toEqual([
    ['a', 'from 1e-6 to 0.1, evenly in the logarithm'],
    ['b', '{"kind":"new"}'],
  ]);
});

test('a trial in one line, and values as people read them', () => {
  expect(trialText(grid.trials[30])).toBe(
    'trial 30: l2 0.1, dropout 0; training loss 1.090, accuracy 69.54 %; validation loss 1.095, accuracy 69.42 %; ' +
      'gap +0.004832; 2 epochs; diverged: loss at step 41',
  );
  expect(trialText(population.trials[4])).toMatch(/; 8 epochs; copied from trial 0; finished$/);
  expect(trialText(folds.trials[0])).toContain('; standard error 0.02000; ');
  expect(
    [1e-6, 0.30000000000000004, 0.001, 12345.678, 12345, 0, [0.5, [1, 2]], [], 'relu', true].map(valueText),
  ).toEqual(['1e-6', '0.3', '0.001', '12350', '12345', '0', '0.5,1,2', 'none', 'relu', 'true']);
});

test('a network that was stopped early is shown as it was at its best', () => {
  const trial = { ...trialOf(0, { l2: 1e-6, dropout: 0 }, { epochs: 30, status: 'stopped early' }) };
  const best = trial.rungs.findIndex(({ score }) => score === trial.score);
  expect(best).toBeLessThan(29);
  expect(trialText(trial)).toContain(`validation loss ${trial.score?.toFixed(4)}`);
});

test('shades: the best is lightest, and networks that learned nothing do not hide what the others differ by', () => {
  const scores = [0.1, 0.12, 0.14, 0.16, 90];
  const trials = scores.map((score, id) => ({ ...trialOf(id, { l2: id }, { epochs: 1 }), score }));
  const shades = shadesOf(trials);
  expect(shades).toMatchObject({ best: 0.1, clipped: true });
  expect(shades?.worst).toBeCloseTo(0.1 + 4 * 0.04);
  const places = scores.map((score) => shades?.place(score) ?? Number.NaN);
  expect(places).toEqual(places.toSorted((a, b) => b - a));
  expect([places[0], places[4]]).toEqual([1, 0]);
  expect([shadeAt(0), shadeAt(1)]).toEqual([
    [68, 1, 84],
    [253, 231, 37],
  ]);
  const lightness = Array.from({ length: 65 }, (_, i) => shadeAt(i / 64)).map(([r, g, b]) => 3 * r + 10 * g + b);
  expect(lightness).toEqual(lightness.toSorted((a, b) => a - b));
  expect(shadesOf(lost.trials)).toBeUndefined();
  expect(shadesOf([trials[0]])?.place(0.1)).toBe(1);
  expect(scoreOf({ ...trials[0], status: 'diverged' })).toBeUndefined();
  expect(searchOf([], {}).best).toBeNull();
});
