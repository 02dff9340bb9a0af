import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { runNode } from '../wgrad.js';
import { codeBlocks, PAGES, textOf } from './markdown.js';

beforeAll(() => {
  if (!existsSync('dist/cli.js')) throw new Error('docs/commands.test: run npm run build first');
});

test('the options that the documentation names exist', async () => {
  const helps = await Promise.all(
    ['train', 'tune', 'work', 'predict', 'export', 'verify'].map((command) => runNode(`dist/cli.js ${command} --help`)),
  );
  const known = new Set(helps.flatMap(({ stdout }) => stdout.match(/--[a-z0-9-]+/g) ?? []));
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

describe('a short npm run train', () => {
  let stdout: string;
  let stderr: string;
  beforeAll(async () => {
    ({ stdout, stderr } = await runNode('dist/cli.js train --examples 640 --epochs 1 --debug 1'));
  });

  test('prints what the README shows', () => {
    const [sample] = codeBlocks('README.md', 'text');
    const printed = new Set(beginnings(stdout));
    const shown = [...new Set(beginnings(sample.code))];
    expect(shown.length).toBeGreaterThan(6);
    expect(shown.filter((beginning) => !printed.has(beginning))).toEqual([]);
  });

  test('plans the dispatches that docs/design.md lists, with the ops that ride on them', () => {
    const plan = stderr.match(/wgrad plan: 5 dispatches.*\n((?:\d .*\n)*)/)?.[1] ?? '';
    const dispatches = [...plan.matchAll(/^\d ([\w-]+) \w+(?: \+ ([\w ]+))? \|/gm)];
    const rows = [...textOf('docs/design.md').matchAll(/^\| `([\w-]+)` \| (.*?) \|/gm)].slice(0, 5);
    expect(rows.map(([, kernel]) => kernel)).toEqual(dispatches.map(([, kernel]) => kernel));
    const named = rows.map(([, , ops]) => [...ops.matchAll(/`(\w+)`/g)].map(([, op]) => op));
    const riding = dispatches.map(([, , ops = '']) => ops.split(' '));
    expect(named.map((ops, i) => ops.filter((op) => !riding[i].includes(op)))).toEqual(named.map(() => []));
  });
});
