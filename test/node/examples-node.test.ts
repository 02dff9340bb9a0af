import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { scratchFolder } from './scratch-folder.js';
import { runNode } from './wgrad.js';

const folder = await scratchFolder();

beforeAll(() => {
  if (!existsSync('dist/index.js')) throw new Error('examples-node.test: run npm run build first');
});

test('twelve lines learn a table', async () => {
  const { code, stdout, stderr } = await runNode('examples/table/main.js');
  expect([code, stderr]).toEqual([0, '']);
  expect(Number(/accuracy: ([\d.]+)/.exec(stdout)?.[1])).toBeGreaterThan(0.8);
  expect(stdout).toContain("[ 'poppy' ]");
});

test('a script trains, saves, loads and predicts', async () => {
  const path = join(folder, 'sine.safetensors');
  const { code, stdout, stderr } = await runNode(`examples/node/main.js ${path}`);
  expect([code, stderr, existsSync(path)]).toEqual([0, '', true]);
  const sine = Number(/sin\(1\.5\) is about (.*)$/m.exec(stdout)?.[1]);
  expect(Math.abs(sine - Math.sin(1.5))).toBeLessThan(0.1);
});

test('the script may be stopped, and saves what it has', async () => {
  const path = join(folder, 'stopped.safetensors');
  const { code, stdout } = await runNode(`examples/node/main.js ${path}`, '10 ');
  expect([code, existsSync(path)]).toEqual([0, true]);
  expect(stdout).toMatch(/stopped\nsin\(1\.5\) is about/);
});
