import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { FAST_SUITE } from '../mutation/fast-suite.js';
import { handMade } from '../mutation/hand-made.js';
import { CHROMIUM, NODE_ALONE, PAGE, SLOW_IN_NODE } from '../tiers.js';

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

/** Imports of a text that are there when it runs. */
const IMPORT = /^(?:import|export)(?! type)(?:[^;]*? from)? '([^'?]+)/gm;

/** Returns true for a file that imports a module of Node, also by way of others. */
function needsNode(file: string, seen = new Set<string>()): boolean {
  if (seen.has(file)) return false;
  seen.add(file);
  return [...readFileSync(file, 'utf8').matchAll(IMPORT)].some(([, name]) => {
    if (name.startsWith('node:')) return true;
    if (!/^\..*\.js$/.test(name)) return false;
    const module = posix.join(posix.dirname(file), name);
    const source = [module.replace(/js$/, 'ts'), module].find((path) => existsSync(path));
    return source !== undefined && needsNode(source, seen);
  });
}

test('what Chromium does not run are the files that need Node', () => {
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && !/^(node|plugin|crash)\//.test(file))
    .map((file) => `test/${file}`);
  expect(files.length).toBeGreaterThan(150);
  expect(files.filter((file) => needsNode(file)).sort()).toEqual([...NODE_ALONE].sort());
});
