import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { verifyHelp } from '../../src/cli/verify/options.js';
import { wgrad } from './wgrad.js';

const scratch = await mkdtemp(join(tmpdir(), 'wgrad-verify-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

test('a kernel alone: the report on the terminal and in the file, exit code 0', async () => {
  const json = join(scratch, 'report.json');
  const shape = ['--kernel', 'matmul-tn', '--variant', 'tiled', '--shape', 'm=33,n=34,k=35'];
  const { code, stdout } = await wgrad(['verify', ...shape, '--seed', '7', '--json', json]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^wgrad \d+\.\d+\.\d+ verify\n\nEnvironment\n {2}adapter {5}\S/);
  expect(stdout).toMatch(/^ {2}host {8}Node \d+\.\d+\.\d+, Dawn /m);
  expect(stdout).toMatch(/^ {2}ok {3}matmul-tn tiled +\d/m);
  expect(stdout).toMatch(/^seed 7, [\d.]+ s\nholds: 1 check, /m);
  const report = JSON.parse(await readFile(json, 'utf8'));
  expect(report).toMatchObject({
    passed: true,
    seed: 7,
    checks: [{ section: 'kernels', name: 'matmul-tn tiled', passed: true }],
  });
});

test('a model and a saved one: gradients and steps of it', async () => {
  const saved = join(scratch, 'line.safetensors');
  const preset = ['--preset', 'ridge', '--epochs', '5'];
  expect((await wgrad(['train', ...preset, '--save', saved])).code).toBe(0);
  const started = ['--quick', '--seed', '1', '--sections', 'gradients,steps'];
  const loaded = await wgrad(['verify', '--load', saved, ...started]);
  expect(loaded.stdout).toMatch(/^ {2}ok {3}dense0\.w +\d/m);
  expect(loaded.code).toBe(0);
  const options = ['--batch', '9', '--activation', 'tanh', '--dropout', '0.3', '--l2', '0', '--optimizer', 'adamw'];
  const made = await wgrad(['verify', '--model', '6-5-3', ...options, ...started]);
  expect(made.stdout).toMatch(/^ {2}ok {3}dense1\.b +\d/m);
  expect(made.stdout).toMatch(/^ {2}ok {3}step 0 \(9 of 9 rows\) +\d/m);
  expect(made.code).toBe(0);
}, 120_000);

test('what is left out for want of time is no success', async () => {
  const { code, stdout } = await wgrad(['verify', '--seconds', '0.000001']);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^nothing was checked; not checked: Philox4x32-10, /m);
});

describe('a mistake in the options ends with exit code 2 and says which', () => {
  test.each([
    [
      ['--kernel', 'matmul-xn'],
      /^wgrad verify: --kernel must be one of matmul-nn, .*, got "matmul-xn", did you mean 'matmul-nn'\?$/m,
    ],
    [
      ['--variant', 'fast'],
      /^wgrad verify: --variant must be one of 'direct', 'broadcast', 'tiled', 'tiled-64', 'thin', got "fast"$/m,
    ],
    [['--shape', 'm=1'], /^wgrad verify: --shape needs --kernel$/m],
    [
      ['--kernel', 'sum-all', '--shape', 'm1'],
      /^wgrad verify: --shape must be sizes such as m=33,n=34,k=35, got "m1"$/m,
    ],
    [
      ['--kernel', 'sum-all', '--shape', 'm=1'],
      /^wgrad verify: --shape\.n must be an integer in \[1, 4096\], got undefined$/m,
    ],
    [['--seed', '-1'], /^wgrad verify: --seed must be an integer in \[0, 4294967295\], got -1$/m],
    [['--seconds', '0'], /^wgrad verify: --seconds must be a number > 0, got 0$/m],
    [['--steps', '1.5'], /^wgrad verify: --steps must be a positive integer, got 1\.5$/m],
    [['--sections', 'step'], /^wgrad verify: --sections\[0\] must be one of 'randomness', /m],
    [
      ['--model', '784'],
      /^wgrad verify: --model must be at least two positive integers such as 784-512-10, got "784"$/m,
    ],
    [['--model', '7-0-1'], /^wgrad verify: --model must be at least two positive integers/m],
    [['--dropout', '0.5'], /^wgrad verify: --dropout is for --model$/m],
    [['--model', '4-2', '--dropout', '1'], /^wgrad verify: --dropout must be a number in \[0, 1\), got 1$/m],
    [['--model', '4-2', '--optimizer', 'lbfgs'], /^wgrad verify: --optimizer must be one of 'sgd', /m],
    [['--kernel', 'head', '--load', 'x'], /^wgrad verify: --kernel checks a kernel alone; leave --load out$/m],
    [['--model', '4-2', '--load', 'x'], /^wgrad verify: --model and --load both name a model$/m],
    [['--load', '/nowhere/x'], /^wgrad verify: --load: \/nowhere\/x cannot be read \(ENOENT\)$/m],
    [['--json', '/nowhere/x'], /^wgrad verify: --json: there is no directory \/nowhere$/m],
    [['--adapter', 'voodoo'], /^wgrad verify: --adapter: no adapter's name contains 'voodoo'; there is /m],
    [['--quik'], /^wgrad verify: unknown option '--quik', did you mean '--quick'\?$/m],
  ])('%j', async (args, message) => {
    const { code, stderr } = await wgrad(['verify', ...args]);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});

test('the help fits its width and names every exit code', () => {
  const lines = verifyHelp(80).split('\n');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(verifyHelp(80)).toMatch(
    /^Exit codes:\n {2}0 {4}everything was checked and holds\n {2}1 {4}something does not hold/m,
  );
});
