import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { measureBudgets } from '../budgets/budgets.js';
import { circlesOf } from '../budgets/circles.js';

const budgets = await measureBudgets('.');
const [, section] = readFileSync('CHANGELOG.md', 'utf8').match(/### Budgets\n([\s\S]*?)(?=\n##)/) ?? [];

test.each(budgets)('$name: $now of $allowed', ({ name, now, allowed, files = [] }) => {
  const advice = 'Make it less, or raise the budget in test/budgets/budgets.ts with its line in CHANGELOG.md.';
  expect(now, `${name}: ${now}, allowed are ${allowed}. ${advice}\n${files.join('\n')}`).toBeLessThanOrEqual(allowed);
});

test('the changelog has a line for every budget', () => {
  const lines = budgets.map(({ name, allowed }) => `- ${name}: ${allowed.toLocaleString('en')}`);
  expect(section?.trim().split('\n').slice(-lines.length)).toEqual(lines);
});

test('finds circles of imports, of types and dynamic ones too', () => {
  const files = new Map([
    ['src/a.ts', "import { b } from './deep/b.js';"],
    ['src/deep/b.ts', "export type { C } from '../c.js';\nimport fs from 'node:fs';"],
    ['src/c.ts', "const a = () => import('./a.js');\nimport './d.js';"],
    ['src/d.ts', "import type {\n  E,\n} from './e.js';"],
    ['src/e.ts', "type F = import('./d.js').D;"],
    ['src/f.ts', "import './a.js';"],
  ]);
  expect(circlesOf(files)).toEqual([
    ['src/d.ts', 'src/e.ts'],
    ['src/a.ts', 'src/c.ts', 'src/deep/b.ts'],
  ]);
});
