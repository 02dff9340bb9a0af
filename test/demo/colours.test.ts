import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('the style sheet has every colour that is drawn with', () => {
  const style = readFileSync('demo/page/base.css', 'utf8');
  const known = new Set([...style.matchAll(/--([\w-]+): \d+ \d+ \d+;/g)].map(([, name]) => name));
  const drawn = readdirSync('demo/views', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [...readFileSync(`demo/views/${name}`, 'utf8').matchAll(/\b(?:ink|triple)\('([\w-]+)'/g)])
    .map(([, name]) => name);
  expect(drawn).toContain('ground');
  expect(drawn.filter((name) => !known.has(name))).toEqual([]);
});
