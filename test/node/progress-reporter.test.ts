import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { scratchFolder } from './scratch-folder.js';

const FILE = `
test('fails', () => expect(1).toBe(2));
let tries = 0;
test('passes in the end', { retry: 1 }, () => expect(++tries).toBe(2));
test('has no end', () => new Promise(() => {}), 0);
`;

const root = await scratchFolder();

test('an error is printed while other tests of its file still run, and so is that of a first try', async ({
  onTestFinished,
}) => {
  writeFileSync(`${root}/some.test.js`, FILE);
  const reporter = `--reporter=${resolve('test/progress-reporter.ts')}`;
  const args = ['run', '--root', root, '--globals', '--pool=threads', reporter]; // threads end with their process
  const run = spawn(process.execPath, [resolve('node_modules/vitest/vitest.mjs'), ...args]);
  onTestFinished(() => void run.kill());
  let printed = '';
  for (const stream of [run.stdout, run.stderr])
    stream.on('data', (text) => (printed += stripVTControlCharacters(`${text}`)));
  await expect.poll(() => printed, { timeout: 60_000 }).toContain('some.test.js:2:');
  expect(printed).toContain('FAIL  some.test.js in ');
  expect(printed).toContain('expected 1 to be 2');
  await expect
    .poll(() => printed)
    .toMatch(/PASSED AT THE SECOND TRY {2}some.test.js in .* {2}passes in the end\n.*expected 1 to be 2/);
});
