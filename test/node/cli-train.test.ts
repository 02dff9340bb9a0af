import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageVersion } from '../../src/cli/environment.js';
import { mainHelp } from '../../src/cli/help.js';
import type { RunResult } from '../../src/cli/train/run-result.js';
import { readSafetensors } from '../../src/data/safetensors.js';
import { scratchFolder } from './scratch-folder.js';
import { readJson, runNode, succeed, wgrad } from './wgrad.js';

const scratch = await scratchFolder();

/** Trains, expects success, and returns what was printed and the JSON. */
const trained = (name: string, line: string) => succeed<RunResult>(scratch, name, `train ${line}`);

test.each([
  ['trian', "wgrad: unknown command 'trian', did you mean 'train'?"],
  ['--hlep', "wgrad: unknown option '--hlep', did you mean '--help'?"],
  ['train --reference --adapter x', 'wgrad train: --adapter names a GPU, and --reference uses none'],
  ['train --reference --debug 1', 'wgrad train: --debug is for a GPU, and --reference uses none'],
  ['train --debug 5', 'wgrad train: --debug must be an integer in [0, 4], got 5'],
])('wgrad %s is refused', async (line, message) => {
  const hint = line.startsWith('train')
    ? '"wgrad train --help" explains the options.'
    : '"wgrad --help" lists the commands.';
  expect(await wgrad(line)).toEqual({ code: 2, stdout: '', stderr: `${message}\n${hint}\n` });
});

test('an unknown adapter is refused with the names there are', async () => {
  const { code, stderr } = await wgrad('train --preset ridge --adapter voodoo');
  expect(code).toBe(2);
  expect(stderr).toMatch(/^wgrad train: --adapter: no adapter's name contains 'voodoo'; there is '.+'$/m);
});

test.each([
  ['a,b\n1,2\n3\n', '1 of 2 lines does not have 2 values: line 3 has 1'],
  ['a,b\n1,2\nNaN,3\n', 'at least 5 rows are needed, got 2'],
  ['a,b\n1,2\nNaN,3\n1,4\n1,5\n1,6\n', "no column is left to learn 'b' from; left out: a (it has one value only)"],
])('faults in the data are named', async (text, message) => {
  const path = join(scratch, 'fault.csv');
  await writeFile(path, text);
  const stderr = `wgrad: ${path}: ${message}\n`;
  expect(await wgrad(`train --data ${path}`)).toEqual({ code: 2, stdout: '', stderr });
});

test('help and version', async () => {
  const version = `${(await readJson<{ version: string }>('package.json')).version}\n`;
  expect(await wgrad('--version')).toEqual({ code: 0, stdout: version, stderr: '' });
  expect(await wgrad('train --version')).toEqual({ code: 0, stdout: version, stderr: '' });
  expect((await wgrad('--help')).stdout).toMatch(/^wgrad .*\n\nUsage: wgrad COMMAND/);
  expect((await wgrad('train -h')).stdout).toMatch(/^Usage: wgrad train/);
});

test('as built: help on stdout, a mistake on stderr with its exit code', async () => {
  if (!existsSync('dist/cli.js')) throw new Error('cli-train.test: run npm run build first');
  const { code, stdout } = await runNode('dist/cli.js --help');
  expect([code, stdout]).toEqual([0, mainHelp(packageVersion())]);
  const stderr = 'wgrad: a command is missing\n"wgrad --help" lists the commands.\n';
  expect(await runNode('dist/cli.js')).toEqual({ code: 2, stdout: '', stderr });
});

// Without a GPU: with one, test/train/presets.test.ts trains the same, and a software GPU takes half a minute.
test('the preset ridge finds the closed form', async () => {
  const { stdout, result } = await trained('ridge', '--preset ridge --reference');
  expect(result.closedForm?.difference).toBeLessThanOrEqual(1e-4);
  expect(stdout).toMatch(/^Closed form {2}w = 1\.\d{7}, b = 0\.\d{7}$/m);
  expect(stdout.match(/^step +[\d,]+\/1,000 /gm)).toHaveLength(10);
  expect(stdout).not.toContain('\x1b');
  expect(result.dispatchesPerStep).toBe(0);
});

test('the preset both learns: its loss is well below the variance', async () => {
  const { stdout, result } = await trained('both', '--preset both --reference');
  const { testLoss, targetVariance } = result;
  expect(testLoss).toBeLessThan((targetVariance ?? 0) / 4);
  expect(stdout).toMatch(/^Test +loss [\d.]+; targets have variance [\d.]+: \d\d\.\d\d % explained$/m);
});

test('the same seed gives the same weights whatever is told on stderr, and the JSON holds what was promised', async () => {
  const line = '--preset both --epochs 5';
  const { result: first, stderr: silent } = await trained('first', line);
  const { result: again, stderr: told } = await trained('again', `${line} --debug 4`);
  expect(silent).toBe('');
  expect(told).toMatch(/^wgrad plan: 6 dispatches, /m);
  expect(first.weightsSha256).toMatch(/^[0-9a-f]{64}$/);
  expect(again.weightsSha256).toBe(first.weightsSha256);
  expect(first).toMatchObject({
    status: 'complete',
    backend: 'webgpu',
    adapter: expect.stringMatching(/./),
    command: `wgrad train ${line} --json ${join(scratch, 'first.json')} --seed 0`,
    config: { preset: 'both', l2: 0.01, l2Convention: 'sum', dropout: [0.5], seed: 0, parameters: 121 },
    testAccuracy: null,
    steps: 5,
    dispatchesPerStep: expect.any(Number),
    stepMilliseconds: expect.any(Number),
    weights: [
      { name: 'dense0.w', shape: [10, 10] },
      { name: 'dense0.b', shape: [1, 10] },
      { name: 'dense1.w', shape: [10, 1] },
      { name: 'dense1.b', shape: [1, 1] },
    ],
  });
  expect(first.epochs).toHaveLength(5);
  expect(Object.keys(first.epochs[0]).join(' ')).toBe(
    'epoch trainLoss trainPenalty trainAccuracy validationLoss validationAccuracy seconds stepMilliseconds',
  );
  expect(await readFile(join(scratch, 'first.html'), 'utf8')).toMatch(/^<!doctype html>/);
});

test('another seed gives other weights', async () => {
  const line = '--preset both --epochs 5 --reference';
  const { result: first } = await trained('seed-0', line);
  const { result: other } = await trained('seed-most', `${line} --seed 18446744073709551615`);
  expect(other.weightsSha256).not.toBe(first.weightsSha256);
  expect(other.config.seed).toBe('18446744073709551615');
});

test('a CSV file of classes is learned, and the state is saved', async () => {
  const angles = Array.from({ length: 200 }, (_, i) => i);
  const rows = angles.map((i) => `${Math.cos(i)},${Math.sin(i)},${Math.cos(i) > 0 ? 'right' : 'left'}`);
  const [data, save] = [join(scratch, 'side.csv'), join(scratch, 'side.safetensors')];
  await writeFile(data, `x,y,side\n${rows.join('\n')}\n`);
  const { result } = await trained(
    'side',
    `--reference --data ${data} --hidden 8 --epochs 40 --batch 16 --save ${save}`,
  );
  expect(result.testAccuracy).toBeGreaterThan(0.9);
  const { tensors } = readSafetensors(await readFile(save));
  expect([...tensors.values()].some(({ shape }) => String(shape) === '2,8')).toBe(true);
});

test('Ctrl-C stops cleanly, says where it stands and writes what was asked for', async () => {
  const [json, save] = [join(scratch, 'stopped.json'), join(scratch, 'stopped.safetensors')];
  const line = `dist/cli.js train --preset ridge --batch 1 --epochs 20 --json ${json} --save ${save}`;
  const { code, stdout } = await runNode(line, 'epoch  2/20');
  expect(code).toBe(130);
  expect(stdout).toContain('\nStopping; Ctrl-C again ends at once.\n');
  expect(stdout).toMatch(/^Stopped in epoch \d+ of 20, after [\d,]+ of 2,000 steps; last loss [\d.e-]+\.$/m);
  const result = await readJson<RunResult>(json);
  expect(result).toMatchObject({ status: 'aborted', testLoss: null, closedForm: null });
  expect(result.epochs.length).toBeGreaterThanOrEqual(2);
  expect((await stat(save)).size).toBeGreaterThan(0);
});

test('divergence stops, is named, and ends with 4', async () => {
  const json = join(scratch, 'diverged.json');
  const { code, stderr } = await wgrad(`train --reference --preset ridge --learning-rate 1000 --json ${json}`);
  expect(code).toBe(4);
  expect(stderr).toMatch(/^wgrad: training: .+ is not finite after step \d+/m);
  expect(await readJson(json)).toMatchObject({ status: 'diverged', testLoss: null });
});

test('part of an epoch of MNIST', async () => {
  const { stdout, result } = await trained('mnist', '--epochs 1 --examples 6400');
  expect(result.testAccuracy).toBeGreaterThanOrEqual(0.85);
  expect(result.epochs[0].trainAccuracy).toBeGreaterThan(0.7);
  expect(result.config).toMatchObject({ trainExamples: 6400, validationExamples: 10_000, parameters: 101_770 });
  expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
    / MNIST: the first 6,400 of 60,000 images .* validation on the 10,000 test images/,
  );
});
