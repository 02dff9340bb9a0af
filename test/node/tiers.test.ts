import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FAST_SUITE } from '../mutation/fast-suite.js';
import { handMade } from '../mutation/hand-made.js';
import { CHROMIUM, PAGE, SLOW_IN_NODE } from '../tiers.js';

test.each([...SLOW_IN_NODE, ...PAGE, ...CHROMIUM])('%s exists', (file) => {
  expect(existsSync(file)).toBe(true);
});

test('npm test runs what planted bugs are held against', () => {
  for (const file of ['test/mutation/planted-bugs.test.ts', ...Object.keys(FAST_SUITE)]) {
    expect(existsSync(file), file).toBe(true);
    expect(SLOW_IN_NODE).not.toContain(file);
  }
});

test('every bug that is planted in a file changes that file', () => {
  expect(handMade().length).toBeGreaterThan(100); // throws for one that does not
});
