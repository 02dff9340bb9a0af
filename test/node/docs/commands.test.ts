import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { codeBlocks, PAGES, textOf } from './markdown.js';

const run = promisify(execFile);

/** Returns what a command of `wgrad` prints. */
async function wgrad(...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, ['dist/cli.js', ...args]);
  return stdout;
}

beforeAll(() => {
  if (!existsSync('dist/cli.js')) throw new Error('docs/commands.test: run npm run build first');
});

test('the options that the documentation names exist', async () => {
  const helps = await Promise.all(['train', 'tune', 'verify'].map((command) => wgrad(command, '--help')));
  const known = new Set(helps.flatMap((help) => help.match(/--[a-z0-9-]+/g) ?? []));
  const pages = PAGES.filter((page) => page === 'README.md' || page.startsWith('docs/guides/'));
  const named = pages.flatMap((page) =>
    [...textOf(page).matchAll(/[ `](--[a-z0-9-]+)/g)].map(([, option]) => `${page}: ${option}`),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((each) => !known.has(each.split(': ')[1]) && !each.endsWith(' --help'))).toEqual([]);
});

/** Returns the words that the lines of a report begin with, without numbers; continued lines begin with none. */
const beginnings = (report: string) =>
  report
    .split('\n')
    .filter((line) => /^\w/.test(line))
    .map((line) =>
      line
        .match(/^[^\d]+/)?.[0]
        .split(/ {2,}/)[0]
        .trim(),
    );

test('the README shows what npm run train prints', { timeout: 120_000 }, async () => {
  const [sample] = codeBlocks('README.md', 'text');
  const printed = new Set(beginnings(await wgrad('train', '--examples', '640', '--epochs', '1')));
  const shown = [...new Set(beginnings(sample.code))];
  expect(shown.length).toBeGreaterThan(6);
  expect(shown.filter((beginning) => !printed.has(beginning))).toEqual([]);
});
