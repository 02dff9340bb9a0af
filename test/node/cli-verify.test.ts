import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyHelp } from '../../src/cli/verify/options.js';
import { scratchFolder } from './scratch-folder.js';
import { readJson, wgrad } from './wgrad.js';

const scratch = await scratchFolder();

test('a kernel alone: the report on the terminal and in the file, exit code 0', async () => {
  const json = join(scratch, 'report.json');
  const shape = '--kernel matmul-tn --variant tiled --shape m=33,n=34,k=35';
  const { code, stdout } = await wgrad(`verify ${shape} --seed 7 --json ${json}`);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^wgrad \d+\.\d+\.\d+ verify\n\nEnvironment\n {2}adapter {5}\S/);
  expect(stdout).toMatch(/^ {2}host {8}Node \d+\.\d+\.\d+, Dawn /m);
  expect(stdout).toMatch(/^ {2}ok {3}matmul-tn tiled +\d/m);
  expect(stdout).toMatch(/^seed 7, [\d.]+ s\nholds: 1 check, /m);
  const checks = [{ section: 'kernels', name: 'matmul-tn tiled', passed: true }];
  expect(await readJson(json)).toMatchObject({ passed: true, seed: 7, checks });
});

test('a model and a saved one: gradients and steps of it', async () => {
  const saved = join(scratch, 'line.safetensors');
  expect((await wgrad(`train --preset ridge --epochs 5 --save ${saved}`)).code).toBe(0);
  const sections = '--quick --seed 1 --sections gradients,steps';
  const loaded = await wgrad(`verify --load ${saved} ${sections}`);
  expect(loaded.stdout).toMatch(/^ {2}ok {3}dense0\.w +\d/m);
  expect(loaded.code).toBe(0);
  const model = '--model 6-5-3 --batch 9 --activation tanh --dropout 0.3 --l2 0 --optimizer adamw';
  const made = await wgrad(`verify ${model} ${sections}`);
  expect(made.stdout).toMatch(/^ {2}ok {3}dense1\.b +\d/m);
  expect(made.stdout).toMatch(/^ {2}ok {3}step 0 \(9 of 9 rows\) +\d/m);
  expect(made.code).toBe(0);
});

test('what is left out for want of time is no success', async () => {
  const { code, stdout } = await wgrad('verify --seconds 0.000001');
  expect(code).toBe(1);
  expect(stdout).toMatch(/^nothing was checked; not checked: Philox4x32-10, /m);
});

test.each([
  ['--kernel matmul-xn', /^--kernel must be one of matmul-nn, .*, got "matmul-xn", did you mean 'matmul-nn'\?$/],
  [
    '--variant fast',
    /^--variant must be one of 'direct', 'broadcast', 'thin', 'tiled-16', 'tiled', 'tiled-64', 'tiled-128', got "fast"$/,
  ],
  ['--shape m=1', /^--shape needs --kernel$/],
  ['--kernel sum-all --shape m1', /^--shape must be sizes such as m=33,n=34,k=35, got "m1"$/],
  ['--kernel sum-all --shape m=1', /^--shape\.n must be an integer in \[1, 4096\], got undefined$/],
  ['--seed -1', /^--seed must be an integer in \[0, 4294967295\], got -1$/],
  ['--seconds 0', /^--seconds must be a number > 0, got 0$/],
  ['--steps 1.5', /^--steps must be a positive integer, got 1\.5$/],
  ['--sections step', /^--sections\[0\] must be one of 'randomness', /],
  ['--model 784', /^--model must be at least two positive integers such as 784-512-10, got "784"$/],
  ['--model 7-0-1', /^--model must be at least two positive integers/],
  ['--dropout 0.5', /^--dropout is for --model$/],
  ['--model 4-2 --dropout 1', /^--dropout must be a number in \[0, 1\), got 1$/],
  ['--model 4-2 --optimizer lbfgs', /^--optimizer must be one of 'sgd', /],
  ['--kernel head --load x', /^--kernel checks a kernel alone; leave --load out$/],
  ['--model 4-2 --load x', /^--model and --load both name a model$/],
  ['--load /nowhere/x', /^--load: \/nowhere\/x cannot be read \(ENOENT\)$/],
  ['--json /nowhere/x', /^--json: there is no directory \/nowhere$/],
  ['--adapter voodoo', /^--adapter: no adapter's name contains 'voodoo'; there is /],
  ['--quik', /^unknown option '--quik', did you mean '--quick'\?$/],
])('wgrad verify %s is refused', async (line, message) => {
  const { code, stderr } = await wgrad(`verify ${line}`);
  expect(stderr.match(/^wgrad verify: (.*)/)?.[1]).toMatch(message);
  expect(code).toBe(2);
});

test('the help fits its width and names every exit code', () => {
  const lines = verifyHelp(80).split('\n');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(verifyHelp(80)).toMatch(
    /^Exit codes:\n {2}0 {4}everything was checked and holds\n {2}1 {4}something does not hold/m,
  );
});
