import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UsageError } from '../../src/cli/parse-options.js';
import { REPRODUCE_OPTIONS, readPlan } from '../witness/reproduce/plan.js';
import { reproduce, reproduceHelp } from '../witness/reproduce/reproduce.js';
import { differenceOf, type ReproduceResult, reproduceResult } from '../witness/reproduce/result.js';
import { ROWS } from '../witness/reproduce/srivastava-2014.js';
import { resultText, rowLine } from '../witness/reproduce/text.js';
import { momentumAt, type RowRun } from '../witness/reproduce/train-row.js';
import { recorder } from './recorder.js';
import { scratchFolder } from './scratch-folder.js';
import { readJson, runNode } from './wgrad.js';

const scratch = await scratchFolder();

test('a tiny run tells what it is, and prints and writes the tables', async () => {
  const json = join(scratch, 'tiny.json');
  const { terminal, written } = recorder({ columns: 100 });
  const args = ['--scale', '0.04', '--seeds', '3', '--seed', '5', '--json', json];
  expect(await reproduce(args, terminal)).toBe(0);
  const result = await readJson<ReproduceResult>(json);
  const { units, images, updates, seeds } = readPlan({ scale: '0.04', seeds: '3', seed: '5' });
  expect(result).toMatchObject({
    status: 'complete',
    command: `npm run reproduce -- --scale 0.04 --seeds 3 --seed 5 --json ${json}`,
    plan: { scale: 0.04, units, images, updates, seeds: [5, 6, 7] },
    paper: { finalMomentum: 0.95 },
    testImages: 10_000,
    level: 0.95,
  });
  expect(seeds).toEqual([5, 6, 7]);
  expect(result.rows.map(({ row }) => [row.name, row.error])).toEqual([
    ['L2', 1.62],
    ['L2 + L1 at the end', 1.6],
    ['L2 + KL-sparsity', 1.55],
    ['max-norm', 1.35],
    ['dropout + L2', 1.25],
    ['dropout + max-norm', 1.05],
    ['dropout', 1.25],
  ]);
  for (const { errors, mean, diverged } of result.rows) {
    expect(new Set(errors).size).toBeGreaterThan(1);
    for (const error of errors)
      expect(Math.abs(100 * Number(error) - Math.round(100 * Number(error)))).toBeLessThan(1e-6);
    expect(mean).toBeGreaterThan(0);
    expect(mean).toBeLessThan(95);
    expect(diverged).toEqual([null, null, null]);
  }
  expect(result.differences.map(({ first, second }) => [first, second])).toEqual([
    ['L2', 'L2 + L1 at the end'],
    ['L2', 'L2 + KL-sparsity'],
    ['L2', 'max-norm'],
    ['L2', 'dropout + L2'],
    ['L2', 'dropout + max-norm'],
    ['L2', 'dropout'],
  ]);
  const stdout = written.join('');
  const flat = stdout.replaceAll(/\s+/g, ' ');
  expect(flat).toContain(`Scaled to 0.04, so not the paper's experiment: ${units} units where it has 1,024`);
  expect(flat).toContain("their mean ± 4.303 standard errors (Student's t, 95 %, 3 seeds)");
  expect(flat.indexOf('Fixed now')).toBeLessThan(flat.indexOf('errors in % by seed'));
  expect(stdout).toMatch(/^L2 +9 +784-[\d-]+-10 +1\.62 +\d+\.\d\d ± \d+\.\d\d +\d+\.\d\d \.\. \d+\.\d\d$/m);
  expect(stdout).toMatch(
    /^L2 − \(dropout \+ L2\) +\+0\.37 +[+−]\d+\.\d\d +\[[+−][\d.]+, [+−][\d.]+\] +(not )?resolved/m,
  );
  expect(stdout).not.toContain('\x1b');
});

test.each([
  [['--scale', '0'], '--scale must be a number in (0, 1], got 0'],
  [['--scale', 'half'], '--scale must be a number in (0, 1], got "half"'],
  [['--seeds', '1'], '--seeds must be an integer in [2, 1000], got 1'],
  [['--seed', '-1'], '--seed must be an integer in [0, 4294967295], got -1'],
  [['--json', 'no/where.json'], '--json: there is no directory no'],
  [['--sead', '1'], "unknown option '--sead', did you mean '--seed'?"],
])('%j is refused', async (args, message) => {
  const { terminal, written } = recorder();
  const hint = '"npm run reproduce -- --help" explains the options.';
  await expect(reproduce(args, terminal)).rejects.toEqual(new UsageError(`npm run reproduce --: ${message}`, hint));
  expect(written).toEqual([]);
});

test('as npm runs it: Ctrl-C stops cleanly and writes what there is', async () => {
  const json = join(scratch, 'stopped.json');
  const line = `test/witness/reproduce/reproduce.mjs --seeds 2 --json ${json}`;
  const { code, stdout } = await runNode(line, 'Fixed now');
  expect(code).toBe(130);
  expect(stdout).toMatch(/^Stopped in L2 after [\d,]+ of [\d,]+ updates\.$/m);
  expect(await readJson(json)).toMatchObject({ status: 'aborted', rows: [], differences: [] });
});

test('the help explains every option, in lines that fit', () => {
  const help = reproduceHelp(80);
  for (const name of Object.keys(REPRODUCE_OPTIONS)) expect(help).toMatch(new RegExp(`^  (-h, )?--${name}[ \n]`, 'm'));
  expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test('full scale is the paper, and the momentum ends where it says', () => {
  expect(readPlan({ scale: '1' })).toMatchObject({ units: 1024, images: 60_000, updates: 1_000_000 });
  expect([0, 50, 100, 1000].map((step) => momentumAt(step, 1000))).toEqual([0.5, 0.725, 0.95, 0.95]);
});

const DROPOUT = ROWS.find(({ name }) => name === 'dropout + L2') ?? ROWS[0];

const run = (row: RowRun['row'], errors: (number | null)[]): RowRun => ({
  row,
  hidden: [8, 8, 16],
  errors,
  diverged: errors.map((error) => (error === null ? { step: 41, what: 'loss' } : null)),
  seconds: 1,
});
const parts = (runs: RowRun[]) => ({
  version: '0',
  command: 'npm run reproduce --',
  info: { backend: 'webgpu' as const, adapter: 'test', vendor: '', architecture: '', software: false },
  plan: readPlan({ seeds: '3' }),
  testImages: 10_000,
  runs,
  aborted: false,
  seconds: 3,
});

test.each([
  [[5, 6, 7], [3, 4.5, 5], true, "resolved: dropout + L2 errs less, the paper's sign"],
  [[3, 4.5, 5], [5, 6, 7], true, "resolved: L2 errs less, not the paper's sign"],
  [[5, 6, 7], [3, 6, 8], false, 'not resolved'],
])('the sign of %j - %j', (first, second, resolved, text) => {
  const runs = [run(ROWS[0], first), run(DROPOUT, second)];
  expect(differenceOf(runs[0], runs[1]).resolved).toBe(resolved);
  expect(resultText(reproduceResult(parts(runs)), 100).join('\n')).toMatch(
    new RegExp(`\\] +${text.replace('+', '\\+')}$`, 'm'),
  );
});

test('a network that diverged is named, and not averaged away', () => {
  const runs = [run(ROWS[0], [5, 6, 7]), run(DROPOUT, [3, null, 5])];
  const result = reproduceResult(parts(runs));
  expect(result.status).toBe('diverged');
  expect(result.rows[1]).toMatchObject({ errors: [3, null, 5], mean: null, deviation: null });
  expect(result.differences[0]).toMatchObject({ mean: null, interval: null, resolved: null });
  const text = resultText(result, 100).join('\n');
  expect(text).toMatch(/^dropout \+ L2 .* 1 of 3 diverged$/m);
  expect(text).toMatch(/ not judged: a network diverged$/m);
  expect(rowLine(runs[1], result.plan)).toContain('3.00  diverged (seed 1, update 42)  5.00');
});
