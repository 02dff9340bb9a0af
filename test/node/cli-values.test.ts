import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TRAIN_OPTIONS } from '../../src/cli/train/options.js';
import { TUNE_OPTIONS } from '../../src/cli/tune/options.js';
import { VERIFY_OPTIONS } from '../../src/cli/verify/options.js';
import { scratchFolder } from './scratch-folder.js';
import { wgrad } from './wgrad.js';

const scratch = await scratchFolder();
const hint = (command: string) => `\n"wgrad ${command} --help" explains the options.\n`;

/** Values that a mistake may put anywhere; none makes a run long. */
const VALUES = ['0', '-1', '1.5', '1e999', '1e300', 'NaN', 'null', '[]', 'x', ',', '1,,2', '=', '99999999999999999999'];
const FILES = ['.', '/none/x', '/dev/null', 'package.json/x', `/tmp/${'x'.repeat(300)}`];

/** Options that take a value, with the lines of a command that try them. */
const lines = (command: string, options: object, fixed: string) =>
  Object.entries(options)
    .filter(([, option]) => 'value' in option)
    .map(([name, { value }]): [string, string[]] => {
      const values = /FILE|PATH/.test(value) ? FILES : VALUES;
      const rest = fixed.replace(new RegExp(`--${name} \\S+`), '');
      return [name, values.map((each) => `${command} --${name} ${each} ${rest}`)];
    });

const SMALL = '--reference --preset both --epochs 1';

describe.each([
  ['train', lines('train', TRAIN_OPTIONS, SMALL)],
  ['tune', lines('tune', TUNE_OPTIONS, `${SMALL} --members 1`)],
])('wgrad %s answers a mistake with a sentence', (command, table) => {
  test.each(table)('--%s', async (_, all) => {
    for (const line of all) {
      const { code, stdout, stderr } = await wgrad(line);
      expect([line, stderr]).not.toEqual([line, expect.stringMatching(/unexpected|\n +at |(Type|Range)Error/)]);
      if (code === 2) {
        expect([line, stdout]).toEqual([line, '']);
        expect(stderr).toMatch(new RegExp(`^wgrad( ${command})?: .*\n(".*\n)?$`));
      } else expect([line, code]).toEqual([line, expect.toBeOneOf([0, 4])]); // it meant something, or diverged
    }
  });
});

test.each(lines('verify', VERIFY_OPTIONS, '--shape m=1').filter(([name]) => name !== 'kernel' && name !== 'shape'))(
  'wgrad verify answers a mistake with a sentence: --%s',
  async (_, all) => {
    for (const line of all) expect(await wgrad(line)).toMatchObject({ code: 2, stdout: '' });
  },
);

test.each([
  ['--members 1000000', '--members must be an integer in [1, 65535], got 1000000'],
  ['--members 65535 --folds 2', '--members times --folds must be at most 65535, got 65535 times 2'],
  [
    '--hidden 100000000',
    '--hidden 100000000 makes a network of 1,200,000,001; it may have at most 268,435,456 parameters',
  ],
])('wgrad tune %s is refused', async (line, message) => {
  const stderr = `wgrad tune: ${message}${hint('tune')}`;
  expect(await wgrad(`tune --reference --preset both ${line}`)).toEqual({ code: 2, stdout: '', stderr });
});

test.each([
  [
    '--hidden 99999,99999',
    '--hidden 99999,99999 makes a network of 10,001,099,989; it may have at most 268,435,456 parameters',
  ],
  ['--batch 1 --epochs 99999999', '--epochs must be at most 42949672 with 100 steps an epoch, got 99999999'],
])('wgrad train %s is refused', async (line, message) => {
  const stderr = `wgrad train: ${message}${hint('train')}`;
  expect(await wgrad(`train --reference --preset both ${line}`)).toEqual({ code: 2, stdout: '', stderr });
});

const UNITS = 'hidden must be positive integers, such as 64 or [128, 64]';
const ACTIVATIONS = 'activation must be elu, gelu, leaky-relu, relu, selu, sigmoid, silu, softplus, softsign or tanh';

test.each([
  ['{"hidden": "x"}', `${UNITS}, got "x"`],
  ['{"hidden": 0}', `${UNITS}, got 0`],
  ['{"hidden": null}', `${UNITS}, got null`],
  ['{"hidden": {"kind": "choice", "values": [[4], [4, 1.5]]}}', `${UNITS}, got [4,1.5]`],
  ['{"hidden": {"kind": "fixed", "value": [-1]}}', `${UNITS}, got [-1]`],
  ['{"hidden": {"kind": "integer", "low": 0, "high": 4}}', `${UNITS}, got 0`],
  ['{"hidden": {"kind": "uniform", "low": 1, "high": 4}}', `${UNITS}, and uniform draws others`],
  ['{"activation": "nope"}', `${ACTIVATIONS}, got "nope"`],
  ['{"activation": {"kind": "choice", "values": ["tanh", 3]}}', `${ACTIVATIONS}, got 3`],
  ['{"activation": {"kind": "logUniform", "low": 1, "high": 4}}', `${ACTIVATIONS}, and logUniform draws others`],
  ['{"l2": {"kind": "uniform", "low": "a", "high": 1}}', 'l2: uniform: low must be a finite number, got "a"'],
  [
    '{"dropout": {"kind": "uniform", "low": 0, "high": 1}}',
    'dropout must be a number in [0, 1), but uniform(0, 1) reaches 1',
  ],
  ['{"hidden": {"kind": "choice", "values": [[4], [999999999]]}}', undefined],
])('a space of %s is refused', async (text, message) => {
  const path = join(scratch, 'space.json');
  await writeFile(path, text);
  const { code, stdout, stderr } = await wgrad(`tune --reference --preset both --epochs 1 --space ${path}`);
  expect([code, stdout]).toEqual([2, '']);
  if (message === undefined) expect(stderr).toContain('--hidden 999999999 makes a network of 11,999,999,989;');
  else expect(stderr).toBe(`wgrad tune: --space: ${message}${hint('tune')}`);
});

test('the share that is explained is a number, or is not told', async () => {
  const path = join(scratch, 'one.csv');
  await writeFile(path, `a,b\n${Array.from({ length: 5 }, (_, i) => `${i},${i / 8}\n`).join('')}`);
  const { code, stdout } = await wgrad(`train --reference --data ${path} --hidden 2 --epochs 1`);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^Test +error of b \S+ \(root mean square\), \S+ \(mean\), all targets are equal, on 1 row\s+never used to/m,
  );
});
